"""What happened at Lumen & Vale: two recalls, told by calling the same actions as the screens."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from django.conf import settings
from django.db import transaction

from holdfast.decision.recalls.actions import close_recall, open_recall
from holdfast.decision.recalls.models import Recall
from holdfast.doors.cli.sample import company
from holdfast.doors.cli.sample.abroad import hear_of_others
from holdfast.doors.cli.sample.answering import (
    choose,
    let_people_answer,
    no_longer_has_it,
    people_in_scope,
    settle_claims,
)
from holdfast.doors.cli.sample.company import Days
from holdfast.doors.cli.sample.deciding import decide_and_sign, open_from, stop_places
from holdfast.doors.cli.sample.goods import count_stock, hear_partners
from holdfast.doors.cli.sample.hearing import hear
from holdfast.doors.cli.sample.reporting import report_to_authorities
from holdfast.doors.cli.sample.street import tell_street
from holdfast.doors.cli.sample.teller import ORDERS, SEED, Teller
from holdfast.doors.cli.sample.telling import tell
from holdfast.ground.access.actions import change_settings
from holdfast.kit.actors import PUBLIC, Actor
from holdfast.kit.trace.criteria import Criteria
from holdfast.response.remedies.actions import report_injury, set_remedies
from holdfast.response.remedies.rules import reference_from
from holdfast.supply.imports.actions import bring_in, simulate_history
from holdfast.supply.imports.reading import Wishes


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


def _lamp_recall(teller: Teller) -> None:
    """The small one from last winter: everybody told, everything settled, closed."""
    days, by = teller.days, teller.by
    start = days.ago(110)
    recall = open_from(
        teller, company.LAMP_LETTER, start, title="Desk lamp DL-2, lot 0442",
        products=("DL-2",), lots=("0442",), mechanism="cable clamp comes loose",
        outcome="electric_shock",
    )  # fmt: skip
    scope = Criteria(products=("DL-2",), lots=("0442",), sites=("Gdansk",))
    decide_and_sign(teller, recall, scope, start + timedelta(hours=2), probability="1/1000")
    set_remedies(
        recall=recall, options=["refund", "replacement"], replacement="DL-3",
        by=by, now=start + timedelta(hours=3),
    )  # fmt: skip
    stop_places(teller, recall, start + timedelta(hours=3), leave=0)
    reminders = tell(
        recall, by=by, at=start + timedelta(hours=5), chance=teller.chance, key=settings.LINK_KEY
    )
    people = people_in_scope(recall)
    for number, person in enumerate(people):
        at = start + timedelta(days=1 + 40 * number / max(len(people), 1))
        reminders.send_until(at)
        if number % 9 == 8:
            no_longer_has_it(teller, recall, person, at)
        else:
            choose(teller, recall, person, at, "replacement" if number % 3 == 2 else "refund")
    settle_claims(teller, recall, start + timedelta(days=46), everyone=True)
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
    recall = open_from(
        teller, company.LETTER, told - timedelta(hours=6), title="Power bank VL-10K, lot B17",
        products=("VL-10K",), lots=("B17",), mechanism="overheats", outcome="fire",
    )  # fmt: skip
    criteria = Criteria(products=("VL-10K",), lots=("B17",))
    decide_and_sign(teller, recall, criteria, told - timedelta(hours=4), probability="1/500")
    set_remedies(
        recall=recall,
        options=["refund", "replacement"],
        within_days={"refund": 4, "replacement": 9},
        replacement=company.NEW_MODEL,
        by=by,
        now=told - timedelta(hours=3),
    )
    stop_places(teller, recall, told - timedelta(hours=3), leave=1)
    reminders = tell(recall, by=by, at=told, chance=teller.chance, key=settings.LINK_KEY)
    count_stock(teller, recall, told)
    hear_partners(teller, recall, told)
    let_people_answer(teller, recall, reminders)
    report_injury(
        recall=recall,
        words="It became hot in my bag and burned a hole. My hand is blistered.",
        contact="by phone, number in the order",
        reference=reference_from(teller.chance.randbytes(8), "H"),
        source="public",
        by=PUBLIC,
        now=days.ago(6, 19),
    )
    report_to_authorities(teller, recall)
    recall.refresh_from_db()
    return recall


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
    decide_and_sign(teller, recall, criteria, told - timedelta(hours=4), probability="1/500")
    set_remedies(
        recall=recall, options=["refund", "replacement"], by=by, now=told - timedelta(hours=3)
    )
    reminders = tell(recall, by=by, at=told, chance=teller.chance, key=settings.LINK_KEY)
    let_people_answer(teller, recall, reminders)
    recall.refresh_from_db()
    return recall
