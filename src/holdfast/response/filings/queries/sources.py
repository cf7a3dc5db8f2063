"""Facts that other rooms hold already: recall, decision, notices, telling, remedies, firm."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Min

from holdfast.decision.recalls.models import Recall
from holdfast.decision.recalls.queries import profile_of, timeline
from holdfast.decision.recalls.queries.recorded import lots_to_name
from holdfast.decision.recalls.rules import MEASURES, OUTCOMES
from holdfast.ground.access.queries import organisation
from holdfast.ground.outbox.models import Message, Wave
from holdfast.kit.filings.factbase import FactValue
from holdfast.kit.filings.values import plain_text
from holdfast.kit.regimes.law import ROLES
from holdfast.kit.trace.criteria import Criteria
from holdfast.response.filings.models import Filing
from holdfast.response.filings.queries.amounts import scope_at
from holdfast.response.holds.rules import SETTLED
from holdfast.response.notices.models import NoticeApproval
from holdfast.response.remedies.models import RemedyPolicy
from holdfast.supply.catalog.models import Product

DayOf = Callable[[datetime], str]
MOST_STEPS = 60
#: Steps of the timeline an authority is told of; the rest is our own housekeeping.
TOLD_STEPS = (
    "Known",
    "RecallOpened",
    "HazardEvaluated",
    "ScopeConfirmed",
    "DecisionSigned",
    "TellingBegan",
    "HoldStopped",
    "ClockStartRecorded",
)


def organisation_values(recall: Recall, at: datetime) -> Iterator[FactValue]:
    """Who files: name, address, contact, and the roles the law sees."""
    org = organisation()
    told = {
        "filer_name": org.name,
        "filer_address": org.postal_address,
        "contact_email": org.contact_email,
        "contact_phone": org.contact_phone,
        "public_contact": " · ".join(filter(None, (org.contact_email, org.contact_phone))),
    }
    for key, said in told.items():
        if said:
            yield FactValue(key, "", said, "settings of the organisation", "organisation", at)
    profile = profile_of(recall)
    for country, names in profile.roles.items() if profile else ():
        words = [ROLES.get(name, name) for name in names]
        yield FactValue("filer_role", country, words, "legal profile", "organisation", at)


def recall_values(recall: Recall, at: datetime, day_of: DayOf) -> Iterator[FactValue]:
    """What it is, what is wrong, when it was known, opened and told."""

    def value(key: str, said: Any, place: str = "", source: str = "recall") -> FactValue:
        return FactValue(key, place, said, source, "recall", at)

    version = scope_at(recall, at)
    criteria = Criteria.from_json(version.criteria) if version else Criteria()
    codes = list(dict.fromkeys([*criteria.products, recall.product_code]))
    products = [p for p in (_product(code) for code in codes if code) if p]
    yield value(
        "product_name", products[0].title if products and products[0].title else recall.title
    )
    for key, name in (
        ("brand", "brand"),
        ("models", "model"),
        ("gtins", "gtin"),
        ("product_codes", "code"),
    ):
        found = sorted({getattr(product, name) for product in products} - {""})
        if found:
            yield value(key, found[0] if key == "brand" else found, source="catalogue")
    lots = list(lots_to_name(criteria)) if version else [recall.lot] if recall.lot else []
    if lots:
        yield value(
            "lots", sorted(lots), source=f"scope v{version.number}" if version else "recall"
        )
    if products and products[0].price is not None:
        price = {"amount": plain_text(products[0].price), "currency": products[0].currency}
        yield value("price", price, source="catalogue")
    words = recall.outcome_words or OUTCOMES.get(recall.outcome, recall.outcome)
    yield value("hazard", words)
    if recall.mechanism:
        yield value("defect", recall.mechanism)
    yield value("first_information_on", day_of(recall.known_at))
    if recall.told_at and recall.told_at <= at:
        yield value("started_on", day_of(recall.told_at))
    yield value("chronology", _chronology(recall, at, day_of), source="journal")
    channels = sorted(set(recall.holds.filter(kind="channel").values_list("name", flat=True)))
    if channels:
        yield value("marketplaces", channels, source="stop of sale")


def _product(code: str) -> Product | None:
    return Product.objects.filter(code_key=code.casefold()).first()


def _chronology(recall: Recall, at: datetime, day_of: DayOf) -> str:
    steps = []
    for step in timeline(recall):
        when = datetime.fromisoformat(str(step["happened_at"]))
        if step["kind"] in TOLD_STEPS and when <= at:
            steps.append(f"{day_of(when)}: {step['words']}")
    return "\n".join(dict.fromkeys(steps[:MOST_STEPS]))


def decision_values(recall: Recall, at: datetime, day_of: DayOf) -> Iterator[FactValue]:
    """The judgement of the risk and the signed decision."""
    risk = recall.evaluations.filter(made_at__lte=at).order_by("-pk").first()
    if risk:
        source = f"evaluation of {day_of(risk.made_at)}"
        grounds = f"severity {risk.severity}, probability {risk.probability}"
        words = f"{risk.level} ({risk.method}{f'; {grounds}' if risk.severity else ''})"
        yield FactValue("risk_level", "", words, source, "decision", at)
        if risk.scenario:
            yield FactValue("risk_reasoning", "", risk.scenario, source, "decision", at)
    decision = recall.decisions.filter(signed_at__lte=at).order_by("-number").first()
    if decision is None or decision.signed_at is None:
        return
    source = f"decision no. {decision.number}"
    named = [str(one) for one in decision.content.get("measures", [])]
    told = [MEASURES.get(one, one) for one in named]
    day = day_of(decision.signed_at)
    facts: dict[str, Any] = {
        "decided_on": day,
        "measures": told,
        "measures_account": f"Decided on {day}: {', '.join(told)}. "
        f"{decision.content.get('reason', '')}".strip(),
    }
    if "recall" in named or "consignee_return" in named:
        facts["depth"] = "consumer" if "recall" in named else "retail"
    for key, said in facts.items():
        yield FactValue(key, "", said, source, "decision", at)
    if decision.content.get("remedies") and not RemedyPolicy.objects.filter(recall=recall).exists():
        yield FactValue("remedies", "", decision.content["remedies"], source, "remedies", at)


def notice_values(recall: Recall, at: datetime) -> Iterator[FactValue]:
    """The approved words of each language, the photo, the page."""
    approvals = NoticeApproval.objects.filter(text__notice__recall=recall, at__lte=at)
    newest: dict[str, NoticeApproval] = {}
    for one in approvals.select_related("text__notice").order_by("at", "pk"):
        newest[one.text.language] = one
    for language, one in newest.items():
        words = one.content.get("words", {})
        source = f"notice v{one.text.notice.version}, {language}, approved"
        yield FactValue("notice_text", language, _text(words), source, "notices", at)
    for language in ("en", *sorted(newest)):
        if language in newest:
            one = newest[language]
            actions = one.content.get("words", {}).get("actions", [])
            said = "\n".join(actions) if isinstance(actions, list) else str(actions)
            yield FactValue("instructions", "", said, f"notice, {language}", "notices", at)
            yield FactValue(
                "notice_text",
                "",
                _text(one.content.get("words", {})),
                f"notice, {language}",
                "notices",
                at,
            )
            url = one.text.notice.facts.get("url")
            if url:
                yield FactValue("notice_url", "", url, f"notice, {language}", "notices", at)
            break
    photo = recall.photos.filter(made_at__lte=at).order_by("-pk").first()
    if photo:
        yield FactValue("photos", "", [photo.sha256], "photo of the notice", "notices", at)


def _text(words: dict[str, Any]) -> str:
    lines: list[str] = []
    for said in words.values():
        lines += [str(one) for one in said] if isinstance(said, list) else [str(said)]
    return "\n".join(line for line in lines if line)


def telling_values(
    recall: Recall, at: datetime, begin: datetime | None, day_of: DayOf
) -> Iterator[FactValue]:
    """Who was told, over which channel, from when on; what came back."""

    def value(key: str, said: Any, place: str = "", by: str = "outreach") -> FactValue:
        return FactValue(key, place, said, "outbox" if by == "outreach" else by, by, at)

    sent = Message.objects.filter(recall=recall.ref, state="accepted", last_attempt_at__lte=at)
    span = sent.aggregate(
        people=Count("recipient", distinct=True),
        first=Min("first_attempt_at"),
        last=Max("last_attempt_at"),
    )
    if span["people"]:
        yield value("people_told", str(span["people"]))
        yield value("notified_from", day_of(span["first"]))
        yield value("notified_until", day_of(span["last"]))
    waves = Wave.objects.filter(recall=recall.ref, launched_at__lte=at).order_by("number")
    told = [
        f"wave {w.number} by {w.channel} from {day_of(w.launched_at)}"
        for w in waves
        if w.launched_at
    ]
    if told:
        yield value("communications", "Direct notice: " + "; ".join(told) + ".")
    if begin is None:
        return
    rows = sent.filter(last_attempt_at__gte=begin).values_list("channel")
    for channel, people in rows.annotate(n=Count("recipient", distinct=True)).order_by("channel"):
        yield value("people_told_in_period", str(people), channel)
    if span["people"] and not rows.exists():
        yield value("people_told_in_period", "0", "email")
    claims = recall.claims.filter(made_at__gte=begin, made_at__lte=at).values_list("source")
    for source, people in claims.annotate(n=Count("pk")).order_by("source"):
        yield value("contacts_in_period", str(people), source, "remedies")
    if not claims.exists():
        yield value("contacts_in_period", "0", "link", "remedies")


def answer_values(recall: Recall, at: datetime, day_of: DayOf) -> Iterator[FactValue]:
    """Where the sale stopped, what is offered, which harm was reported on our own pages."""
    holds = list(recall.holds.filter(asked_at__lte=at))
    if holds:
        done = [hold for hold in holds if hold.state in SETTLED]
        first = min(
            (h.stopped_at for h in holds if h.stopped_at and h.stopped_at <= at), default=None
        )
        since = f", the first on {day_of(first)}" if first else ""
        words = f"{len(done)} of {len(holds)} places stopped{since}."
        yield FactValue("stop_sale", "", words, "stop of sale", "holds", at)
    policy = RemedyPolicy.objects.filter(recall=recall).first()
    if policy and policy.options:
        yield FactValue("remedies", "", list(policy.options), "remedies offered", "remedies", at)
    reports = recall.injuries.filter(told_at__lte=at).count()
    yield FactValue("injury_reports", "", str(reports), "our own pages", "injuries", at)


def case_values(recall: Recall, at: datetime) -> Iterator[FactValue]:
    """The number each authority gave the matter: the reference of the first filing that has one."""
    filed = Filing.objects.filter(recall=recall, filed_at__lte=at).exclude(reference="")
    for regime, reference in filed.order_by("-filed_at", "-pk").values_list("regime", "reference"):
        yield FactValue("case_number", regime, reference, "reference of the filing", "filings", at)
