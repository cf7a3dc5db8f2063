"""The remedy page in words: what is offered, for what, by which day; and what happens next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from holdfast.decision.recalls.models import Recall
from holdfast.doors.portal.frame import Visit
from holdfast.doors.portal.telling import is_battery
from holdfast.response.remedies.lifecycle import FULFILLED
from holdfast.response.remedies.models import Claim
from holdfast.response.remedies.queries import Owned, terms_of
from holdfast.response.remedies.rules import PAID_IN_MONEY, promise_for


def offers(visit: Visit, recall: Recall, owned: Sequence[Owned]) -> list[dict[str, object]]:
    """Each remedy with its sum or thing, where it goes, and the day; none is chosen for anybody."""
    terms, replacement = terms_of(recall)
    say, total = visit.speech.say, _total(visit, owned)
    found: list[dict[str, object]] = []
    for remedy in terms.remedies:
        promise = promise_for(remedy, now=visit.now, within_days=terms.within_days[remedy])
        if remedy in PAID_IN_MONEY:
            title = say(remedy, amount=total) if total else say(f"{remedy}_plain")
        elif remedy == "replacement" and replacement:
            title = say("replacement_named", name=replacement)
        else:
            title = say(remedy)
        found.append(
            {
                "name": remedy,
                "title": title,
                "how": say(f"{remedy}_how", date=visit.speech.day(promise.by)),
            }
        )
    return found


def change_until(visit: Visit, recall: Recall) -> str:
    """The last day on which any choice can still be changed."""
    terms, _replacement = terms_of(recall)
    days = [
        promise_for(r, now=visit.now, within_days=terms.within_days[r]).change_until
        for r in terms.remedies
    ]
    return visit.speech.day(min(days))


def items(visit: Visit, recall: Recall, owned: Sequence[Owned]) -> list[object]:
    """ "For 2 × Power bank, order LV-1", one line per order line."""
    if not owned:
        return [visit.speech.say("for_product", product=recall.title)]
    return [item_words(visit, item) for item in owned]


def item_words(visit: Visit, item: Owned) -> object:
    """How many of what, in which order."""
    return visit.speech.say(
        "for_items",
        n=visit.speech.number(item.units),
        product=item.line.product.title or item.line.product.code,
        order=item.line.order_number,
    )


def proof(visit: Visit, recall: Recall) -> object:
    """What we ask as proof; a declaration means nothing to send back."""
    terms, _replacement = terms_of(recall)
    keys = {"photo": "proof_photo", "return": "proof_return"}
    return visit.speech.say(keys.get(terms.proof, "nothing_back"))


def sure(visit: Visit, recall: Recall) -> object:
    return visit.speech.say("stopped_battery" if is_battery(recall) else "stopped")


def disposal(visit: Visit, recall: Recall) -> list[str]:
    """How to get rid of it; cells never into a bin, a parcel or a plane."""
    return visit.speech.lines("dispose_battery" if is_battery(recall) else "dispose_other")


def done_title(visit: Visit, claims: Sequence[Claim], *, is_public: bool) -> object:
    """What was chosen, in one sentence. Public pages say the same whether an order matched."""
    say, remedy = visit.speech.say, claims[0].remedy
    if is_public:
        return say("done_public")
    if remedy in PAID_IN_MONEY:
        sums = {(c.payout.currency): Decimal(0) for c in claims if hasattr(c, "payout")}
        for claim in claims:
            if hasattr(claim, "payout"):
                sums[claim.payout.currency] += claim.payout.amount
        if len(sums) == 1:
            (currency, amount) = next(iter(sums.items()))
            if amount:
                return say(f"done_{remedy}", amount=visit.speech.money(amount, currency))
        return say(f"done_{remedy}_plain" if remedy == "refund" else "done_public")
    return say(f"done_{remedy}")


def steps(visit: Visit, claims: Sequence[Claim], *, is_public: bool) -> list[dict[str, object]]:
    """What happened, what is next and by which day; a status never stands without a date."""
    say, day = visit.speech.say, visit.speech.day
    claim = claims[0]
    made = claim.made_at.astimezone(visit.now.tzinfo)
    first = say("today") if made.date() == visit.now.date() else day(made.date())
    rows: list[dict[str, object]] = [
        {"day": first, "words": say("have_answer"), "at": visit.speech.moment(made)}
    ]
    if claim.state == FULFILLED and claim.settled_at is not None and not is_public:
        settled = claim.settled_at.astimezone(visit.now.tzinfo)
        return [*rows, {"day": day(settled.date()), "words": say("fulfilled"), "at": ""}]
    if is_public:
        if claim.promised_on:
            rows.append({"day": day(claim.promised_on), "words": say("by_public"), "at": ""})
        return rows
    kind = "refund" if claim.remedy in PAID_IN_MONEY else "goods"
    if claim.send_on and claim.send_on != claim.promised_on:
        rows.append({"day": day(claim.send_on), "words": say(f"send_{kind}"), "at": ""})
    if claim.promised_on:
        rows.append({"day": day(claim.promised_on), "words": say(f"by_{kind}"), "at": ""})
    return rows


def may_change(claims: Sequence[Claim], today: date) -> bool:
    """Whether the choice can still be changed: nothing has left, and the day has not come."""
    for claim in claims:
        payout = getattr(claim, "payout", None)
        if claim.state == FULFILLED or (payout and payout.state not in ("due", "cancelled")):
            return False
    return all(claim.send_on is None or today < claim.send_on for claim in claims)


def _total(visit: Visit, owned: Sequence[Owned]) -> str:
    amounts = [item.amount for item in owned]
    currencies = {item.currency for item in owned}
    if not amounts or None in amounts or len(currencies) != 1:
        return ""
    total = sum((amount for amount in amounts if amount is not None), Decimal(0))
    return visit.speech.money(total, currencies.pop())
