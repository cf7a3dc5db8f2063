"""Reads about remedies: what a link may see, what is promised, what is late, what is owed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Max, QuerySet, Sum

from holdfast.decision.recalls.models import Recall, ScopeLine
from holdfast.ground.access.queries import organisation
from holdfast.kit.refusals import NotFound
from holdfast.kit.wording.readers import languages_read
from holdfast.response.remedies.lifecycle import ANSWERED, CHOSEN, FULFILLED, REVIEW, WITHDRAWN
from holdfast.response.remedies.models import (
    Claim,
    ClaimPhoto,
    InjuryReport,
    Payout,
    PersonalLink,
    RemedyPolicy,
)
from holdfast.response.remedies.rules import (
    REFUND,
    REPLACEMENT,
    Terms,
    late_alternative,
    token_hash,
)
from holdfast.response.units.queries import CERTAINTIES, confirmed_scope
from holdfast.supply.orders.models import Customer, OrderLine
from holdfast.supply.orders.queries import sources

GONE_PART = 2
DEFAULT_DAYS = {"refund": 4, "replacement": 9, "repair": 21, "credit": 4, "disposal": 14}


@dataclass(frozen=True)
class Owned:
    """One affected order line of one person, or the units of it that they still have."""

    line: OrderLine
    units: Decimal
    certainty: str
    is_part: bool = False

    @property
    def unit_price(self) -> Decimal | None:
        if self.line.unit_price is not None:
            return self.line.unit_price
        price: Decimal | None = self.line.product.price
        return price

    @property
    def amount(self) -> Decimal | None:
        price = self.unit_price
        return None if price is None else (price * self.units).quantize(Decimal("0.01"))

    @property
    def currency(self) -> str:
        return self.line.currency or self.line.product.currency or organisation().currency


def terms_of(recall: Recall) -> tuple[Terms, str]:
    """The terms in force and what a replacement is; before any are set, refund or replacement."""
    policy = RemedyPolicy.objects.filter(recall=recall).first()
    if policy is None:
        options = (REFUND, REPLACEMENT)
        return Terms(options, {o: DEFAULT_DAYS[o] for o in options}), ""
    return (
        Terms(
            tuple(policy.options),
            {o: int(policy.within_days.get(o, DEFAULT_DAYS[o])) for o in policy.options},
            policy.proof,
            policy.exception_reason,
            policy.effort_reason,
        ),
        policy.replacement,
    )


def link_for(token: str, *, now: datetime) -> PersonalLink | None:
    """The live link behind a token. Unknown, foreign, revoked and expired look the same: None."""
    link = (
        PersonalLink.objects.select_related("recall", "customer")
        .filter(token_sha256=token_hash(token))
        .first()
    )
    if link is None or link.revoked_at is not None:
        return None
    if link.expires_at is not None and link.expires_at <= now:
        return None
    return link


def language_of(link: PersonalLink) -> tuple[str, tuple[str, ...], str]:
    """What a person said they read, by account or order; the languages of their country; and it."""
    person = link.customer
    owned = owned_by(link.recall, person.pk)
    line = min((one.line for one in owned), key=lambda one: one.pk, default=None)
    said = languages_read(person.language, line.language if line else "", "")
    land = person.country or (line.market if line else "")
    return "".join(said), languages_read("", "", land), land


def claims_for_token(token: str) -> list[Claim]:
    """Claims made without a personal link, found again by the link on their done page."""
    return list(
        Claim.objects.select_related("recall")
        .filter(token_sha256=token_hash(token))
        .exclude(state=WITHDRAWN)
        .order_by("pk")
    )


def owned_by(recall: Recall, customer_id: int) -> list[Owned]:
    """The affected lines of one person, newest first."""
    # The person's lines first: asked from the scope's side, a million lines would be walked.
    lines = OrderLine.objects.filter(customer_id=customer_id, kind="sale")
    return _affected(recall, list(lines.values_list("pk", flat=True)))


def still_owned(owned: Sequence[Owned], claims: Sequence[Claim]) -> list[Owned]:
    """What is left of these lines after the units that are gone.

    Where all of it was said to be gone, all of it is given: whoever goes on then, has it.
    """
    gone: dict[int | None, Decimal] = {}
    for claim in claims:
        if claim.answer == "gone":
            gone[claim.line_id] = gone.get(claim.line_id, Decimal(0)) + claim.quantity
    found = []
    for item in owned:
        units = item.units - gone.get(item.line.pk, Decimal(0))
        if item.line.pk not in gone:
            found.append(item)
        elif units > 0:
            found.append(replace(item, units=units, is_part=True))
    return found or list(owned)


def link_numbers(recall: Recall) -> dict[str, int]:
    """The number of each link that is not its person's first, by recipient."""
    live = PersonalLink.objects.filter(recall=recall, revoked_at__isnull=True, number__gt=1)
    return {f"customer:{person}": n for person, n in live.values_list("customer_id", "number")}


def photos_of(claims: Sequence[Claim]) -> QuerySet[ClaimPhoto]:
    """The photos of these claims without their pixels, in the order they came."""
    found = ClaimPhoto.objects.filter(claim__in=claims).defer("content")
    return found.select_related("claim").order_by("claim_id", "number")


def claims_with_photos(recall: Recall, most: int = 30) -> QuerySet[Claim]:
    """Claims that a photo came for, the newest photo first."""
    found = Claim.objects.filter(recall=recall, photos__isnull=False)
    found = found.annotate(shown_at=Max("photos__made_at")).select_related("line")
    return found.order_by("-shown_at", "-pk")[:most]


def people_named(recall: Recall, words: str, most: int = 20) -> list[Customer]:
    """People of the recall by an order number, an e-mail address or a claim's reference."""
    typed = words.strip()
    if not typed:
        return []
    wanted = set(
        Claim.objects.filter(
            recall=recall, reference__iexact=typed, customer__isnull=False
        ).values_list("customer_id", flat=True)
    )
    lines = OrderLine.objects.filter(
        source__in=sources(), order_number__in=_spellings(typed), kind="sale"
    ).exclude(customer=None)
    wanted |= set(lines.values_list("customer_id", flat=True)[:200])
    mails = {typed, typed.lower()}
    wanted |= set(Customer.objects.filter(email__in=mails).values_list("pk", flat=True)[:200])
    people = Customer.objects.filter(pk__in=wanted).order_by("pk")
    return [one for one in people if owned_by(recall, one.pk)][:most]


def photo_named(recall: Recall, reference: str, number: int) -> ClaimPhoto:
    """One photo of one claim; refused where there is none."""
    found = ClaimPhoto.objects.filter(
        claim__recall=recall, claim__reference=reference, number=number
    ).first()
    if found is None:
        raise NotFound("no_photo", "There is no such photo.")
    return found


def _affected(recall: Recall, line_ids: list[int]) -> list[Owned]:
    version = confirmed_scope(recall)
    if version is None or not line_ids:
        return []
    rows = (
        ScopeLine.objects.filter(
            line_id__in=line_ids, version=version, certainty__in=CERTAINTIES, units__gt=0
        )
        .select_related("line__product", "line__customer")
        .order_by("-line__moved_at", "line_id")
    )
    return [Owned(row.line, row.units, row.certainty) for row in rows]


def matching_lines(recall: Recall, *, order: str, email: str, postcode: str) -> list[Owned]:
    """Affected lines of one order whose buyer has this e-mail address or postal code."""
    typed = "".join(order.split()).lstrip("#")
    if not typed:
        return []
    lines = OrderLine.objects.filter(
        source__in=sources(),
        order_number__in=_spellings(typed),
        kind="sale",
        customer__isnull=False,
    )
    found = _affected(recall, list(lines.values_list("pk", flat=True)[:200]))
    return [item for item in found if _is_theirs(item, email, postcode)]


def _spellings(typed: str) -> set[str]:
    """An order number as shops write it."""
    bare = typed.lstrip("#")
    return {sign + word for word in (bare, bare.upper(), bare.lower()) for sign in ("", "#")}


def _is_theirs(item: Owned, email: str, postcode: str) -> bool:
    buyer = item.line.customer
    if buyer is None:
        return False
    by_mail = email.strip() and email.strip().casefold() == buyer.email.casefold()
    by_code = _squeezed(postcode) and _squeezed(postcode) == _squeezed(buyer.postcode)
    return bool(by_mail or by_code)


def _squeezed(text: str) -> str:
    return "".join(text.split()).lstrip("#").casefold()


def claims_of(recall: Recall, customer_id: int) -> list[Claim]:
    """The living claims of one person."""
    return list(
        Claim.objects.filter(recall=recall, customer_id=customer_id)
        .exclude(state=WITHDRAWN)
        .select_related("line__product", "payout")
        .order_by("pk")
    )


def is_late(claim: Claim, today: date) -> bool:
    """The day we promised has passed and the person has nothing yet."""
    return (
        claim.state in (CHOSEN, REVIEW)
        and claim.promised_on is not None
        and claim.promised_on < today
    )


def alternative_for(claims: Sequence[Claim], today: date, offered: Sequence[str]) -> str | None:
    """What a person whose promise has passed may switch to."""
    late = [claim for claim in claims if is_late(claim, today)]
    return late_alternative(late[0].remedy, offered) if late else None


def late_claims(today: date, recall: Recall | None = None) -> QuerySet[Claim]:
    """Claims whose promise has passed, the longest wait first."""
    found = Claim.objects.filter(state__in=(CHOSEN, REVIEW), promised_on__lt=today)
    if recall is not None:
        found = found.filter(recall=recall)
    return found.order_by("promised_on", "pk")


def claim_counts(recall: Recall, today: date) -> dict[str, Any]:
    """Claims by state, what is owed and what was paid, per currency; late and injured people."""
    claims = Claim.objects.filter(recall=recall).exclude(state=WITHDRAWN)
    by_state = dict(claims.values_list("state").annotate(n=Count("pk")))
    by_remedy = dict(
        claims.exclude(remedy="").values_list("remedy").annotate(n=Count("pk")).order_by("remedy")
    )
    money: dict[str, dict[str, str]] = {}
    owed = Payout.objects.filter(claim__recall=recall).exclude(state="cancelled")
    for currency, state, total in owed.values_list("currency", "state").annotate(t=Sum("amount")):
        money.setdefault(currency, {})[state] = f"{total:.2f}"
    return {
        "claims": sum(by_state.values()),
        "by_state": {
            state: by_state.get(state, 0) for state in (ANSWERED, REVIEW, CHOSEN, FULFILLED)
        },
        "by_remedy": by_remedy,
        "payouts": money,
        "late": late_claims(today, recall).count(),
        "injury_reports": InjuryReport.objects.filter(recall=recall).count(),
        "injury_reports_unread": InjuryReport.objects.filter(
            recall=recall, seen_at__isnull=True
        ).count(),
    }


def payouts_of_export(recall: Recall, export: str) -> Iterable[Payout]:
    """The payouts of one export, in the order they were claimed."""
    return (
        Payout.objects.filter(claim__recall=recall, export=export)
        .select_related("claim__line")
        .order_by("claim_id")
    )


PAYOUT_HEADER = ("claim", "order", "remedy", "amount", "currency", "due_on", "export")


def payout_rows(payouts: Iterable[Payout]) -> Iterable[tuple[object, ...]]:
    """One row per payout; the order number leads the shop to the way it was paid."""
    for payout in payouts:
        claim = payout.claim
        yield (
            claim.reference,
            claim.line.order_number if claim.line else claim.contact.get("order", ""),
            claim.remedy,
            f"{payout.amount:.2f}",
            payout.currency,
            payout.due_on.isoformat() if payout.due_on else "",
            payout.export,
        )


def claim_named(recall: Recall, reference: str) -> Claim:
    """A claim by the reference the person was given; refused where there is none."""
    found = Claim.objects.filter(recall=recall, reference__iexact=reference.strip()).first()
    if found is None:
        raise NotFound("unknown_claim", f"There is no claim {reference} in {recall.ref}.")
    return found
