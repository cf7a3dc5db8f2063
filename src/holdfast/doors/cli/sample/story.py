"""What happened at Lumen & Vale: two recalls, told by calling the same actions as the screens."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from email.utils import format_datetime
from fractions import Fraction
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from django.conf import settings
from django.db import transaction

from holdfast.decision.intake.actions import record_signal
from holdfast.decision.intake.queries import read_message
from holdfast.decision.recalls.actions import (
    catch_up_clock_starts,
    close_recall,
    confirm_scope,
    evaluate_hazard,
    open_recall,
    propose_decision,
    propose_scope,
    record_clock_start,
    set_legal_profile,
    sign_decision,
)
from holdfast.decision.recalls.models import Recall
from holdfast.doors.cli.sample import company
from holdfast.doors.cli.sample.abroad import hear_of_others
from holdfast.doors.cli.sample.company import Days
from holdfast.doors.cli.sample.hearing import hear
from holdfast.doors.cli.sample.street import tell_street
from holdfast.doors.cli.sample.telling import Reminders, tell
from holdfast.ground.access.actions import change_settings
from holdfast.kit.actors import PUBLIC, Actor
from holdfast.kit.risk.probability import parse_probability
from holdfast.kit.risk.scenario import Scenario, Step
from holdfast.kit.trace.criteria import Criteria
from holdfast.response.duties.actions import rework_clocks, settle_duty
from holdfast.response.duties.models import DutyClock
from holdfast.response.duties.queries import clocks_of
from holdfast.response.filings.actions import draft_filing, state_fact
from holdfast.response.holds.actions import list_places, stop_hold
from holdfast.response.holds.models import Hold
from holdfast.response.remedies.actions import (
    answer_gone,
    answer_have,
    choose_remedy,
    claim_publicly,
    export_payouts,
    fulfil_claims,
    pay_export,
    report_injury,
    set_remedies,
)
from holdfast.response.remedies.models import Claim, PersonalLink
from holdfast.response.remedies.queries import owned_by
from holdfast.response.remedies.rules import reference_from, token_hash
from holdfast.response.units.actions import enter_units, move_units, rebalance_units
from holdfast.response.units.models import UnitGroup
from holdfast.response.units.queries import confirmed_scope
from holdfast.supply.imports.actions import bring_in, simulate_history
from holdfast.supply.imports.reading import Wishes

ORDERS = 3_000
SEED = 17


@dataclass
class Teller:
    """Who tells the story, when it is now, and the one source of chance."""

    by: Actor
    days: Days
    chance: Random
    folder: Path

    def reference(self) -> str:
        return reference_from(self.chance.randbytes(8), "LV")


@transaction.atomic
def tell_sample(*, by: Actor, now: datetime, orders: str = "", seed: int = SEED) -> Recall:
    """Build the sample in one transaction; gives the live recall.

    With `orders`, a real order file stands where the invented orders would be, and everything on
    top of it is simulated and says so.
    """
    with TemporaryDirectory(dir=settings.HOME, prefix=".sample-") as folder:
        teller = Teller(by, Days(now), Random(seed), Path(folder))  # noqa: S311  (invented people)
        _found(teller, orders)
        if orders:
            return _on_real_orders(teller, orders, seed)
        _bring_in_everything(teller)
        _lamp_recall(teller)
        hear(by=teller.by, days=teller.days)
        hear_of_others(by=teller.by, days=teller.days, folder=teller.folder)
        recall = _live_recall(teller)
        tell_street(recall, by=by, at=now - timedelta(hours=2))
        return recall


def _found(teller: Teller, orders: str) -> None:
    note = (
        f"Orders from {Path(orders).name} are real; lots, receipts, addresses and all "
        "answers on top of them are simulated."
        if orders
        else ""
    )
    changes = {**company.SETTINGS, "simulated_note": note}
    change_settings(changes=changes, by=teller.by, now=teller.days.ago(280))


def _bring_in_everything(teller: Teller) -> None:
    days, when = teller.days, teller.days.ago(30)
    _import(teller, "products", when, [
        {"product": code, "title": title, "price": price, "currency": "EUR", "model": code,
         "gtin": company.CABLE_GTIN if code == "UC-3" else ""}
        for code, title, price, _weight in company.PRODUCTS
    ])  # fmt: skip
    _import(teller, "suppliers", when, [
        {"supplier": code, "name": name, "country": country,
         "email": f"{code.lower()}@example.org"}
        for code, name, country in company.SUPPLIERS
    ])  # fmt: skip
    _import(teller, "consignees", when, [
        {"consignee": code, "name": name, "level": level, "country": country,
         "email": f"{code.lower()}@example.org"}
        for code, name, level, country in company.CONSIGNEES
    ])  # fmt: skip
    _import(teller, "receipts", when, company.receipts(days))
    _import(teller, "orders", when, company.orders(days, teller.chance, ORDERS))
    _import(teller, "stock", when, [
        {"product": "VL-10K", "site": "Gdansk", "lot": "B17", "quantity": 240,
         "counted_at": company.day(when)},
        {"product": "VL-10K", "site": "Lyon", "lot": "", "quantity": 160,
         "counted_at": company.day(when)},
        {"product": "VL-10K", "site": "Gdansk", "lot": "B18", "quantity": 410,
         "counted_at": company.day(when)},
    ])  # fmt: skip


def _import(teller: Teller, kind: str, now: datetime, rows: Sequence[dict[str, object]]) -> None:
    path = teller.folder / f"{kind}.csv"
    with path.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.DictWriter(handle, fieldnames=list(rows[0]), restval="")
        writer.writeheader()
        writer.writerows(rows)
    maps = {name: name for name in rows[0]}
    wishes = Wishes(maps=maps, format="csv", source="sample", separator=",")
    outcome = bring_in(path=str(path), kind=kind, wishes=wishes, by=teller.by, now=now)
    if outcome.rejected:
        raise AssertionError(f"sample {kind}: {outcome.rejects[:3]}")


def _open(teller: Teller, letter: bytes, at: datetime, **about: object) -> Recall:
    raw = letter % format_datetime(at).encode()
    opened, reading = read_message(raw, now=at)
    signal = record_signal(letter=opened, reading=reading, by=teller.by, now=at)
    return open_recall(signal=signal, by=teller.by, now=at, **about)  # type: ignore[arg-type]


def _unwatched(probability: str) -> Scenario:
    """The course that decides; its steps multiply to the probability given."""
    last = parse_probability(probability) / (Fraction(1, 10) * Fraction(1, 5))
    return Scenario(
        "The product fails in a home while nobody watches it.",
        severity=4,
        hazard="heat and current where nobody expects them",
        user="people of any age, asleep or in the next room",
        use="left plugged in overnight",
        consumer="vulnerable",
        steps=(
            Step("It fails in the life of the unit", Fraction(1, 10), "2 of 20 retained samples"),
            Step("Somebody is near or asleep", Fraction(1, 5), "judged"),
            Step("The harm threatens a life", last, "judged"),
        ),
    )


def _touched() -> Scenario:
    return Scenario(
        "Somebody touches it, feels it and lets go.",
        severity=1,
        hazard="heat and current where nobody expects them",
        user="an adult who is awake",
        use="in the hand",
        steps=(
            Step("It fails in the life of the unit", Fraction(1, 10), "2 of 20 retained samples"),
            Step("It is touched while it does", Fraction(1, 2), "judged"),
            Step("The touch hurts", Fraction(1, 5), "judged"),
        ),
    )


def _decide(
    teller: Teller, recall: Recall, criteria: Criteria, at: datetime, *, probability: str
) -> None:
    """Scope, judgement and signature, an hour or so after each other."""
    version = propose_scope(
        recall=recall,
        criteria=criteria,
        rationale="The lot named in the supplier's e-mail.",
        by=teller.by,
        now=at,
    )
    confirm_scope(version=version, digest=version.digest, by=teller.by, now=at)
    rebalance_units(recall=recall, version=version, by=teller.by, now=at)
    list_places(recall=recall, by=teller.by, now=at)
    evaluate_hazard(
        recall=recall, scenarios=[_unwatched(probability), _touched()], by=teller.by, now=at
    )
    decision = propose_decision(
        recall=recall,
        measures=["stop_sale", "stop_use", "recall"],
        remedies=["refund", "replacement"],
        reason="Two of twenty retained samples failed.",
        by=teller.by,
        now=at,
    )
    sign_decision(decision=decision, sha256=decision.sha256, by=teller.by, now=at)
    recall.refresh_from_db()


def _stop_places(teller: Teller, recall: Recall, at: datetime, *, leave: int) -> None:
    holds = list(Hold.objects.filter(recall=recall, state="open").order_by("pk"))
    for number, hold in enumerate(holds[: len(holds) - leave]):
        stop_hold(
            hold=hold,
            proof="Listing is off, checked from outside.",
            by=teller.by,
            now=at + timedelta(minutes=7 * number),
        )


def _lamp_recall(teller: Teller) -> None:
    """The small one from last winter: everybody told, everything settled, closed."""
    days, by = teller.days, teller.by
    start = days.ago(110)
    recall = _open(
        teller, company.LAMP_LETTER, start, title="Desk lamp DL-2, lot 0442",
        products=("DL-2",), lots=("0442",), mechanism="cable clamp comes loose",
        outcome="electric_shock",
    )  # fmt: skip
    scope = Criteria(products=("DL-2",), lots=("0442",), sites=("Gdansk",))
    _decide(teller, recall, scope, start + timedelta(hours=2), probability="1/1000")
    set_remedies(
        recall=recall, options=["refund", "replacement"], replacement="DL-3",
        by=by, now=start + timedelta(hours=3),
    )  # fmt: skip
    _stop_places(teller, recall, start + timedelta(hours=3), leave=0)
    reminders = tell(
        recall, by=by, at=start + timedelta(hours=5), chance=teller.chance, key=settings.LINK_KEY
    )
    people = _people(recall)
    for number, person in enumerate(people):
        at = start + timedelta(days=1 + 40 * number / max(len(people), 1))
        reminders.send_until(at)
        if number % 9 == 8:
            _gone(teller, recall, person, at)
        else:
            _choose(teller, recall, person, at, "replacement" if number % 3 == 2 else "refund")
    _settle(teller, recall, start + timedelta(days=46), everyone=True)
    reminders.send_until(start + timedelta(days=74))
    close_recall(
        recall=recall,
        facts={"holds_settled": True, "everyone_told": True, "claims_settled": True},
        left_open={"units": "people who never answered, told five times"},
        reason="Nobody has answered for four weeks; all reminders were sent.",
        by=by,
        now=start + timedelta(days=75),
    )


def _live_recall(teller: Teller) -> Recall:
    """The big one: told nineteen days ago, answers still come in."""
    days, by, told = teller.days, teller.by, teller.days.told
    recall = _open(
        teller, company.LETTER, told - timedelta(hours=6), title="Power bank VL-10K, lot B17",
        products=("VL-10K",), lots=("B17",), mechanism="overheats", outcome="fire",
    )  # fmt: skip
    criteria = Criteria(products=("VL-10K",), lots=("B17",))
    _decide(teller, recall, criteria, told - timedelta(hours=4), probability="1/500")
    set_remedies(
        recall=recall,
        options=["refund", "replacement"],
        within_days={"refund": 4, "replacement": 9},
        replacement=company.NEW_MODEL,
        by=by,
        now=told - timedelta(hours=3),
    )
    _stop_places(teller, recall, told - timedelta(hours=3), leave=1)
    reminders = tell(recall, by=by, at=told, chance=teller.chance, key=settings.LINK_KEY)
    _stock(teller, recall, told)
    _partners(teller, recall, told)
    _answers(teller, recall, reminders)
    report_injury(
        recall=recall,
        words="It became hot in my bag and burned a hole. My hand is blistered.",
        contact="by phone, number in the order",
        reference=reference_from(teller.chance.randbytes(8), "H"),
        source="public",
        by=PUBLIC,
        now=days.ago(6, 19),
    )
    _report(teller, recall)
    recall.refresh_from_db()
    return recall


def _report(teller: Teller, recall: Recall) -> None:
    """Asked what the law wants, and every duty that is past its end was done in time."""
    by, now = teller.by, teller.days.now - timedelta(minutes=20)
    set_legal_profile(
        recall=recall,
        categories=["electrical_consumer"],
        roles={"": ["importer"]},
        by=by,
        now=now,
    )
    catch_up_clock_starts(recall=recall, by=by, now=now)
    record_clock_start(
        recall=recall,
        fact="determination",
        at=teller.days.told - timedelta(hours=4),
        zone=str(company.SETTINGS["zone"]),
        known_by="quality",
        source="two of twenty retained samples failed",
        by=by,
        now=now,
    )
    sent: dict[tuple[str, str, str], str] = {}  # one report reaches every country of one law
    while True:
        rework_clocks(recall=recall, because="the facts of the recall were told", by=by, now=now)
        over = [clock for clock in clocks_of(recall) if _is_over(clock, now)]
        if not over:
            break
        for clock in over:
            about = (clock.regime, clock.obligation, clock.occurrence)
            reference = sent.setdefault(about, f"LV-2026-{len(sent) + 1:03d}")
            end, start = clock.acts_by or now, clock.started_at or clock.opened_at
            settle_duty(
                clock=clock,
                state="met",
                reference=reference,
                at=max(start, end - (end - start) / 4),
                is_told=True,
                by=by,
                now=now,
            )
    record_clock_start(
        recall=recall,
        fact="incident_known",
        at=now - timedelta(hours=2),
        zone=str(company.SETTINGS["zone"]),
        country="DE",
        occurrence="scorched table",
        known_by="support",
        source="a call; nobody was hurt",
        by=by,
        now=now,
    )
    rework_clocks(recall=recall, because="the firm knew of a scorched table", by=by, now=now)
    _prepare_filing(recall, by, now)


def _prepare_filing(recall: Recall, by: Actor, now: datetime) -> None:
    """The report of the scorched table, begun: its clock runs, and the page says what lacks."""
    draft_filing(
        recall=recall,
        form="eu_safety_gateway.accident_report",
        country="DE",
        occurrence="scorched table",
        by=by,
        now=now,
    )
    known = {
        "incident_account@DE": "On charge overnight it became hot and scorched a wooden table.",
        "incident_on@DE": f"{now - timedelta(days=1):%Y-%m-%d}",
        "became_aware_on@DE": f"{now:%Y-%m-%d}",
        "deaths@DE": "0",
        "injuries@DE": "0",
        "injury_nature": "Nobody was hurt; a table was damaged.",
        "maker": company.SUPPLIERS[0][1],
    }
    for name, value in known.items():
        state_fact(
            recall=recall, name=name, value=value, as_of=now, source="call of the owner",
            by=by, now=now,
        )  # fmt: skip


def _is_over(clock: DutyClock, now: datetime) -> bool:
    return clock.state == "running" and clock.acts_by is not None and clock.acts_by <= now


def _answers(teller: Teller, recall: Recall, reminders: Reminders) -> None:
    """Most answers come in the first days; the curve bends, and a third never answers."""
    days, chance = teller.days, teller.chance
    events: list[tuple[datetime, int, str]] = []
    for person in _people(recall):
        if chance.random() > 0.58:
            continue
        age = min(chance.expovariate(1 / 5.5), 18.6)
        at = days.told + timedelta(days=age, hours=chance.uniform(0.2, 8))
        what = chance.choices(
            ("refund", "replacement", "given_away", "discarded", "never", "have"),
            (46, 30, 5, 8, 2, 9),
        )[0]
        events.append((min(at, days.now - timedelta(minutes=20)), person, what))
    events.sort()
    half = days.told + timedelta(days=9)
    paid = False
    for at, person, what in events:
        reminders.send_until(at)
        if not paid and at > half:
            _settle(teller, recall, half, everyone=True)
            paid = True
        if what in ("refund", "replacement"):
            _choose(teller, recall, person, at, what)
        elif what == "have":
            _have(teller, recall, person, at)
        else:
            _gone(teller, recall, person, at, what)
    reminders.send_until(days.now - timedelta(minutes=20))
    _settle(teller, recall, days.ago(2, 16), everyone=False)
    for order, mail in (("LV-90012", "till.receipt@example.org"), ("", "flea.market@example.org")):
        claim_publicly(
            recall=recall,
            order=order,
            contact={"email": mail},
            remedy="refund",
            stopped=True,
            reference=teller.reference(),
            token_sha256=token_hash(chance.randbytes(16).hex()),
            language="en",
            by=PUBLIC,
            now=days.ago(3, 18),
        )


def _settle(teller: Teller, recall: Recall, at: datetime, *, everyone: bool) -> None:
    """Money is exported and paid; parcels are delivered. The newest wait their turn."""
    export = f"P-{at:%Y%m%d}"
    if export_payouts(recall=recall, export=export, by=teller.by, now=at):
        pay_export(
            recall=recall, export=export, evidence=f"bank list {at:%d.%m.}", by=teller.by,
            now=at + timedelta(hours=3),
        )  # fmt: skip
    open_ones = Claim.objects.filter(recall=recall, state="chosen", remedy="replacement")
    if not everyone:
        open_ones = open_ones.filter(made_at__lt=at - timedelta(days=5))
    fulfil_claims(
        recall=recall,
        references=list(open_ones.values_list("reference", flat=True)),
        kind="delivery",
        evidence="carrier's list of delivered parcels",
        by=teller.by,
        now=at + timedelta(hours=4),
    )


def _stock(teller: Teller, recall: Recall, told: datetime) -> None:
    """Own warehouses: all of it held within hours, part of it destroyed with a certificate."""
    for group in UnitGroup.objects.filter(recall=recall, level="manufacturer").order_by("pk"):
        _move(teller, recall, group, "held", group.quantity, "count", "rack list", told)
    for group in UnitGroup.objects.filter(recall=recall, place="site:Gdansk", state="held"):
        half = Decimal(int(group.quantity / 2))
        _move(
            teller, recall, group, "destroyed", half, "certificate", "certificate 0071",
            teller.days.ago(5),
        )  # fmt: skip


def _partners(teller: Teller, recall: Recall, told: datetime) -> None:
    """Deliveries to partners; one has not answered."""
    for number, (code, _name, level, _country) in enumerate(company.CONSIGNEES):
        place, quantity = f"consignee:{code}", Decimal(24 + 12 * number)
        enter_units(
            recall=recall, level=level, place=place, quantity=quantity, lot="B17",
            evidence=f"delivery note {7700 + number}", by=teller.by, now=told,
        )  # fmt: skip
        if number == 2:
            continue
        group = UnitGroup.objects.get(recall=recall, level=level, place=place)
        _move(
            teller, recall, group, "held", quantity, "statement", "answer of the partner",
            told + timedelta(days=1 + number),
        )  # fmt: skip
        if number == 0:
            group = UnitGroup.objects.get(recall=recall, level=level, place=place)
            _move(
                teller, recall, group, "returned", quantity, "receipt", "receipt scan Gdansk",
                teller.days.ago(4),
            )  # fmt: skip


def _move(
    teller: Teller,
    recall: Recall,
    group: UnitGroup,
    target: str,
    quantity: Decimal,
    kind: str,
    evidence: str,
    now: datetime,
) -> None:
    move_units(
        recall=recall, level=group.level, place=group.place, lot=group.lot, source=group.state,
        target=target, quantity=quantity, kind=kind, evidence=evidence, by=teller.by, now=now,
    )  # fmt: skip


def _people(recall: Recall) -> list[int]:
    """Everybody with a known name in the scope, in a fixed order."""
    version = confirmed_scope(recall)
    if version is None:
        return []
    found = version.lines.filter(line__customer__isnull=False, units__gt=0)
    return sorted(set(found.values_list("line__customer_id", flat=True)))


def _shared(teller: Teller, recall: Recall, person: int, at: datetime) -> dict[str, object]:
    return {
        "recall": recall,
        "owned": owned_by(recall, person),
        "reference": teller.reference(),
        "link": PersonalLink.objects.filter(recall=recall, customer_id=person).first(),
        "source": "link",
        "by": PUBLIC,
        "now": at,
    }


def _have(teller: Teller, recall: Recall, person: int, at: datetime) -> None:
    answer_have(**_shared(teller, recall, person, at))  # type: ignore[arg-type]


def _choose(teller: Teller, recall: Recall, person: int, at: datetime, remedy: str) -> None:
    shared = _shared(teller, recall, person, at)
    choose_remedy(remedy=remedy, stopped=True, **shared)  # type: ignore[arg-type]


def _gone(
    teller: Teller, recall: Recall, person: int, at: datetime, outcome: str = "discarded"
) -> None:
    answer_gone(outcome=outcome, **_shared(teller, recall, person, at))  # type: ignore[arg-type]


def _on_real_orders(teller: Teller, orders: str, seed: int) -> Recall:
    """A real order file; one lot of its best-selling product is recalled, all of it simulated."""
    from holdfast.doors.cli.sample.real import pick_lot

    days, by = teller.days, teller.by
    bring_in(path=orders, kind="orders", wishes=Wishes(), by=by, now=days.ago(30))
    simulate_history(seed=seed, by=by, now=days.ago(30))
    sku, title, lot = pick_lot()
    told = days.told
    recall = open_recall(
        title=f"{title}, lot {lot}",
        products=(sku,),
        lots=(lot,),
        mechanism="simulated",
        outcome="fire",
        by=by,
        now=told - timedelta(hours=6),
    )
    criteria = Criteria(products=(sku,), lots=(lot,))
    _decide(teller, recall, criteria, told - timedelta(hours=4), probability="1/500")
    set_remedies(
        recall=recall, options=["refund", "replacement"], by=by, now=told - timedelta(hours=3)
    )
    reminders = tell(recall, by=by, at=told, chance=teller.chance, key=settings.LINK_KEY)
    _answers(teller, recall, reminders)
    recall.refresh_from_db()
    return recall
