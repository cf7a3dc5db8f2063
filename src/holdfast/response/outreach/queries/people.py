"""Reads of outreach: whom to tell in which language, who cannot be reached, what each wave did."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Count, Sum

from holdfast.decision.recalls.models import Recall, ScopeLine
from holdfast.decision.recalls.queries import confirmed_scope
from holdfast.ground.access.queries import organisation
from holdfast.ground.outbox.models import Message, Skeleton, Wave
from holdfast.ground.outbox.queries import counts, failed_recipients
from holdfast.kit.quantities import plain
from holdfast.kit.wording.laws import law_followed, text_name
from holdfast.kit.wording.readers import languages_read
from holdfast.response.notices.queries import Coverage, Reader, approved_texts, covered, text_laws
from holdfast.response.outreach.rules import EMAIL
from holdfast.response.remedies.models import Claim

CERTAINTIES = ("confirmed", "probable", "cannot_rule_out")
LOOKS_REACHABLE = re.compile(r"[^\s@]+@[^\s@]+")


@dataclass(frozen=True, slots=True)
class Owner:
    """One person to tell, with what they bought."""

    id: int
    name: str
    email: str
    country: str
    reads: tuple[str, ...]
    items: str
    orders: tuple[str, ...]
    units: Decimal

    @property
    def recipient(self) -> str:
        return f"customer:{self.id}"

    @property
    def is_reachable(self) -> bool:
        return bool(LOOKS_REACHABLE.fullmatch(self.email.strip()))


def owners(recall: Recall) -> Iterator[Owner]:
    """Everybody known who bought a unit that is not excluded, in one pass over the scope."""
    scope = confirmed_scope(recall)
    if scope is None:
        return
    rows = (
        ScopeLine.objects.filter(
            version=scope,
            certainty__in=CERTAINTIES,
            units__gt=0,
            line__customer__isnull=False,
        )
        .order_by("line__customer_id", "line_id")
        .values_list(
            "line__customer_id",
            "line__customer__name",
            "line__customer__email",
            "line__customer__language",
            "line__customer__country",
            "line__language",
            "line__market",
            "line__order_number",
            "line__product__title",
            "line__product__code",
            "units",
        )
    )
    person: tuple[Any, ...] = ()
    bought: list[tuple[str, str, Decimal]] = []
    for row in rows.iterator(chunk_size=5000):
        if person and person[0] != row[0]:
            yield _owner(person, bought)
            bought = []
        # The first order says what the person reads, for a mail as for a letter.
        person = person if bought else row[:7]
        bought.append((row[7], row[8] or row[9], row[10]))
    if person:
        yield _owner(person, bought)


def _owner(person: tuple[Any, ...], bought: list[tuple[str, str, Decimal]]) -> Owner:
    lines: dict[tuple[str, str], Decimal] = {}
    for order, title, units in bought:
        lines[title, order] = lines.get((title, order), Decimal(0)) + units
    # A person with hundreds of orders reads the first ones; the page behind the link has all.
    items = [f"{plain(units)} × {title} ({order})" for (title, order), units in lines.items()]
    more = f"\n+ {len(items) - 12}" if len(items) > 12 else ""
    return Owner(
        id=person[0],
        name=person[1],
        email=person[2].strip(),
        country=(person[4] or person[6]).strip(),
        reads=languages_read(person[3], person[5], person[4] or person[6]),
        items="\n".join(items[:12]) + more,
        orders=tuple(dict.fromkeys(order for order, _, _ in bought))[:12],
        units=sum(lines.values(), Decimal(0)),
    )


def released_texts(recall: Recall, channel: str = EMAIL) -> dict[str, Skeleton]:
    """The approved text of each language and law by its name, as it would be sent now."""
    rows = Skeleton.objects.filter(recall=recall.ref, channel=channel, is_released=True)
    return {text_name(row.language, row.law): row for row in rows.order_by("pk")}


def speakers(recall: Recall) -> list[str]:
    """Who speaks in the approved texts; the organisation, where none says it."""
    named = (str(text.notice.facts.get("shop", "")) for text in approved_texts(recall).values())
    return list(dict.fromkeys(named)) or [organisation().name]


def sent_by_law(texts: Iterable[Skeleton]) -> dict[str, dict[str, Skeleton]]:
    """Released texts by their law, then by language; the recall's own law is the empty one."""
    found: dict[str, dict[str, Skeleton]] = {}
    for text in texts:
        found.setdefault(text.law, {})[text.language] = text
    return found


def answered(recall: Recall) -> set[int]:
    """People who have answered for something; nobody reminds them."""
    found = Claim.objects.filter(recall=recall, customer_id__isnull=False)
    return set(found.exclude(state="withdrawn").values_list("customer_id", flat=True))


@dataclass(slots=True)
class Reach:
    """Whom a wave would tell, counted without writing anything."""

    people: int = 0
    reachable: int = 0
    answered: int = 0
    readers: Counter[Reader] = field(default_factory=Counter)
    coverage: Coverage = field(default_factory=Coverage)


def reach(recall: Recall) -> Reach:
    """Counts over all owners: reachable, answered, which languages they get, and who gets none."""
    found, done, laws = Reach(), answered(recall), text_laws(recall)
    for owner in owners(recall):
        found.people += 1
        if not owner.is_reachable:
            continue
        found.reachable += 1
        found.answered += owner.id in done
        found.readers[law_followed(owner.country, laws.own), owner.reads] += 1
    found.coverage = covered(found.readers, sent_by_law(released_texts(recall).values()), laws)
    return found


@dataclass(frozen=True, slots=True)
class Unreached:
    """One reason why people were not reached, in people or orders, and in units."""

    reason: str
    people: int
    orders: int
    units: Decimal


def unreachable(recall: Recall) -> list[Unreached]:
    """Orders without a customer, people without an address, and those whose messages failed."""
    scope = confirmed_scope(recall)
    if scope is None:
        return []
    lines = ScopeLine.objects.filter(version=scope, certainty__in=CERTAINTIES, units__gt=0)
    failed = failed_recipients(recall.ref, "customer")
    return [
        _unreached("no_customer", lines.filter(line__customer__isnull=True)),
        _unreached("no_contact", lines.filter(line__customer__isnull=False, **_NO_ADDRESS)),
        _unreached("failed", lines.filter(line__customer_id__in=failed)),
    ]


_NO_ADDRESS = {"line__customer__email": ""}


def _unreached(reason: str, lines: Any) -> Unreached:
    found = lines.aggregate(
        people=Count("line__customer_id", distinct=True),
        orders=Count("line__order_number", distinct=True),
        units=Sum("units"),
    )
    return Unreached(reason, found["people"], found["orders"], found["units"] or Decimal(0))


UNREACHED_COLUMNS = (
    "reason",
    "order",
    "customer",
    "sku",
    "quantity",
    "name",
    "street",
    "postcode",
    "city",
    "country",
    "phone",
    "reply",
)


def unreachable_rows(recall: Recall) -> Iterator[list[str]]:
    """One row for each line whose owner was not reached, with what is known to try another way."""
    scope = confirmed_scope(recall)
    if scope is None:
        return
    failed = set(failed_recipients(recall.ref, "customer"))
    replies = dict(
        Message.objects.filter(recall=recall.ref, state="failed").values_list(
            "recipient", "provider_reply"
        )
    )
    lines = (
        ScopeLine.objects.filter(version=scope, certainty__in=CERTAINTIES, units__gt=0)
        .select_related("line__customer")
        .order_by("line_id")
    )
    for row in lines.iterator(chunk_size=2000):
        person = row.line.customer
        if person is None:
            reason = "no_customer"
        elif not LOOKS_REACHABLE.fullmatch(person.email.strip()):
            reason = "no_contact"
        elif person.pk in failed:
            reason = "failed"
        else:
            continue
        yield [
            reason,
            row.line.order_number,
            person.key if person else "",
            row.line.sku,
            str(plain(row.units)),
            *(
                [
                    getattr(person, name)
                    for name in ("name", "street", "postcode", "city", "country", "phone")
                ]
                if person
                else [""] * 6
            ),
            replies.get(f"customer:{person.pk}", "") if person else "",
        ]


def waves(recall: Recall) -> list[Wave]:
    """All waves of a recall, the first telling first."""
    return list(Wave.objects.filter(recall=recall.ref).order_by("number", "channel"))


@dataclass(frozen=True, slots=True)
class WaveResult:
    """What one wave did, in people."""

    wave: Wave
    counts: dict[str, int]
    answered: int

    @property
    def contacts(self) -> int:
        return self.counts["planned"] - self.counts["suppressed"]

    @property
    def per_thousand(self) -> int | None:
        told = self.counts["accepted"]
        return round(1000 * self.answered / told) if told else None


def wave_results(recall: Recall) -> list[WaveResult]:
    """Each wave with its counts and the people whose first answer came while it was the last."""
    found = waves(recall)
    answers = (
        Claim.objects.filter(recall=recall, customer_id__isnull=False)
        .exclude(state="withdrawn")
        .order_by("made_at")
        .values_list("customer_id", "made_at")
    )
    first: dict[int, Any] = {}
    for customer, made_at in answers:
        first.setdefault(customer, made_at)
    results = []
    launched = sorted(wave.launched_at for wave in found if wave.launched_at)
    for wave in found:
        until = next((at for at in launched if wave.launched_at and at > wave.launched_at), None)
        count = sum(
            1
            for at in first.values()
            if wave.launched_at and at >= wave.launched_at and (until is None or at < until)
        )
        numbers = counts(recall.ref, wave=wave.number, channel=wave.channel)
        results.append(WaveResult(wave, numbers, count))
    return results
