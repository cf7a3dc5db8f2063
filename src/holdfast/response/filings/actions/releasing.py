"""Freezing a filing, releasing it by a second person, writing its files, filing it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from holdfast.decision.recalls.actions import record_clock_start
from holdfast.decision.recalls.models import Recall
from holdfast.ground.access.queries import organisation
from holdfast.ground.evidence.actions import attach_file
from holdfast.ground.evidence.models import EvidenceFile
from holdfast.ground.journal.actions import record
from holdfast.kit.actors import Actor
from holdfast.kit.filings.contradictions import Contradiction
from holdfast.kit.filings.rendering import file_name
from holdfast.kit.refusals import Forbidden, NotFound, Unreadable
from holdfast.response.duties.actions import meet_duty
from holdfast.response.filings.events import (
    FilingAcknowledged,
    FilingExported,
    FilingFiled,
    FilingProposed,
    FilingReleased,
)
from holdfast.response.filings.lifecycle import FILING, SENT
from holdfast.response.filings.models import Filing
from holdfast.response.filings.policies import may_file, may_release, may_work_on_filings
from holdfast.response.filings.queries import Desk, duties_of
from holdfast.response.filings.rules import (
    ask_other_person,
    ask_past,
    ask_words,
    blocked_words,
    late_words,
)

#: Purposes whose filing tells the authority for the first time, from which other clocks count.
TELLING = ("initial", "full", "accident", "strategy", "letter")


@transaction.atomic
def propose_filing(*, filing: Filing, by: Actor, now: datetime) -> Filing:
    """Freeze a complete draft that contradicts nothing; what is missing is named otherwise."""
    may_work_on_filings(by)
    filing = _locked(filing)
    if filing.state == "ready":
        return filing
    desk = Desk(filing.recall, now)
    filled, blocking = desk.filled(filing), desk.blocking(filing)
    FILING.after(filing.state, "propose", {"is_complete": True, "agrees": True})
    if filled.missing:
        names = [one.field.label for one in filled.missing]
        raise Forbidden(
            "is_complete",
            f"{filing.label} lacks {len(names)} of {filled.needed} fields: "
            f"{', '.join(names[:8])}{' …' if len(names) > 8 else ''}.",
            hint="State the facts, or say that they are not known and why.",
            extra={"missing": [list(one.wants) for one in filled.missing]},
        )
    _ask_agreement(filing, blocking)
    frozen, filing.cut_off = desk.frozen(filing), desk.cut_off(filing)
    filing.state = FILING.after(filing.state, "propose", blocked_words(0, 0))
    filing.content, filing.personal = frozen.content, frozen.personal
    filing.sha256 = frozen.sha256
    filing.proposed_by, filing.proposed_at = by.key, now
    filing.save()
    told = FilingProposed(filing=filing.label, sha256=filing.sha256)
    record(told, by=by, now=now, subject=filing.recall.ref)
    return filing


def _ask_agreement(filing: Filing, blocking: list[Contradiction]) -> None:
    if blocking:
        first = blocking[0].words()
        more = f" And {len(blocking) - 1} more." if len(blocking) > 1 else ""
        raise Forbidden(
            "agrees",
            f"{filing.label} waits: {first}{more}",
            hint="Correct the number that is wrong, or explain why both may stand.",
            extra={"contradictions": [one.words() for one in blocking]},
        )


@transaction.atomic
def release_filing(*, filing: Filing, sha256: str, by: Actor, now: datetime) -> Filing:
    """Release exactly what was read; nobody releases what they proposed, unless they are alone."""
    may_release(by)
    filing = _locked(filing)
    if filing.state == "released" and filing.sha256 == sha256:
        return filing
    FILING.after(filing.state, "release", {"agrees": True})
    if sha256 != filing.sha256:
        raise Forbidden(
            "other_content",
            f"{filing.label} is not what was read: its SHA-256 is {filing.sha256[:12]}….",
            hint="Read it again and release that.",
        )
    alone = ask_other_person(by, filing.proposed_by)
    _ask_agreement(filing, Desk(filing.recall, now).blocking(filing))
    filing.state = FILING.after(filing.state, "release", {"agrees": True})
    filing.released_by, filing.released_at, filing.is_alone = by.key, now, alone
    filing.save()
    told = FilingReleased(
        filing=filing.label, sha256=sha256, proposed_by=filing.proposed_by, alone=alone
    )
    record(told, by=by, now=now, subject=filing.recall.ref)
    return filing


def export_filing(*, filing: Filing, kind: str, by: Actor, now: datetime) -> tuple[str, bytes, str]:
    """The file of a released filing: name, bytes, SHA-256; kept as evidence, once."""
    may_file(by)
    filing = Filing.objects.select_related("recall").get(pk=filing.pk)
    desk = Desk(filing.recall, now)
    if filing.state not in ("released", *SENT):
        raise Forbidden(
            "not_released",
            f"{filing.label} is {filing.state}; only what two people released leaves the house.",
            hint="Propose it, let somebody else release it, then export it.",
        )
    if filing.state == "released":
        _ask_agreement(filing, desk.blocking(filing))
    assert filing.released_at is not None
    content = desk.paper(filing, kind, at=filing.released_at)
    name = file_name(filing.content, kind)
    kept = attach_file(
        subject=filing.recall.ref,
        about=f"filing:{filing.label}",
        name=name,
        content=[content],
        by=by,
        now=now,
    )
    with transaction.atomic():
        told = FilingExported(
            filing=filing.label, kind=kind, sha256=filing.sha256, file_sha256=kept.sha256
        )
        record(told, by=by, now=now, subject=filing.recall.ref)
    return name, content, kept.sha256


@transaction.atomic
def record_filed(
    *,
    filing: Filing,
    reference: str,
    filed_at: datetime | None = None,
    receipt_sha256: str = "",
    by: Actor,
    now: datetime,
) -> Filing:
    """Record that a released filing went out, under which reference, and what shows it.

    The authority is told by it: clocks that count from there begin, and the duty is met.
    """
    may_file(by)
    filing = _locked(filing)
    reference = ask_words(reference, "A filing", most=200)
    at = ask_past(filed_at, now, "The time of filing") if filed_at else now
    if filing.state in SENT and (filing.reference, filing.receipt_sha256) == (
        reference,
        receipt_sha256 or filing.receipt_sha256,
    ):
        return filing
    filing.state = FILING.after(filing.state, "file")
    filing.reference, filing.filed_at, filing.filed_by = reference, at, by.key
    filing.receipt_sha256 = _attached(filing, receipt_sha256)
    filing.save()
    due = min((clock.due_at for clock in duties_of(filing) if clock.due_at), default=None)
    told = FilingFiled(
        filing=filing.label,
        title=filing.name,
        regime=filing.regime,
        obligation=filing.obligation,
        country=filing.country,
        sha256=filing.sha256,
        filed_at=at.isoformat(),
        reference=reference,
        receipt_sha256=filing.receipt_sha256,
        late=late_words(at, due),
    )
    record(told, by=by, now=now, subject=filing.recall.ref)
    met = _meet_duties(filing, at, by, now)
    if not met and filing.purpose in TELLING:
        _tell_the_clocks(filing, at, by, now)
    return filing


def _meet_duties(filing: Filing, at: datetime, by: Actor, now: datetime) -> bool:
    """The open duties this form is made for, in its country: met by it, and the clocks told."""
    clocks = duties_of(filing)
    for clock in clocks:
        meet_duty(
            recall=filing.recall,
            regime=clock.regime,
            obligation=clock.obligation,
            country=clock.country,
            occurrence=clock.occurrence,
            reference=f"{filing.label}, {filing.reference}",
            at=at,
            is_told=filing.purpose in TELLING,
            by=by,
            now=now,
        )
    return bool(clocks)


def _tell_the_clocks(filing: Filing, at: datetime, by: Actor, now: datetime) -> None:
    """An authority that no duty of ours led to is told as well."""
    told = filing.recall.clock_starts.filter(
        fact="authority_notified",
        regime=filing.regime,
        country=filing.country,
        occurrence=filing.occurrence,
        withdrawn_at__isnull=True,
    )
    if told.exists():
        return
    record_clock_start(
        recall=filing.recall,
        fact="authority_notified",
        at=at,
        zone=organisation().zone or "UTC",
        country=filing.country,
        regime=filing.regime,
        occurrence=filing.occurrence,
        source=f"{filing.label}, {filing.reference}"[:300],
        by=by,
        now=now,
    )


@transaction.atomic
def acknowledge_filing(
    *, filing: Filing, reference: str = "", receipt_sha256: str = "", by: Actor, now: datetime
) -> Filing:
    """Record that the authority confirmed it, under which reference, and what shows it."""
    may_file(by)
    filing = _locked(filing)
    filing.state = FILING.after(filing.state, "acknowledge")
    if reference.strip():
        filing.reference = ask_words(reference, "A reference", most=200)
    if receipt_sha256:
        filing.receipt_sha256 = _attached(filing, receipt_sha256)
    filing.acknowledged_at = filing.acknowledged_at or now
    filing.save()
    told = FilingAcknowledged(
        filing=filing.label, reference=filing.reference, receipt_sha256=filing.receipt_sha256
    )
    record(told, by=by, now=now, subject=filing.recall.ref)
    return filing


def _attached(filing: Filing, digest: str) -> str:
    if not digest:
        return filing.receipt_sha256
    if len(digest) != 64:
        raise Unreadable("bad_receipt", "A receipt is named by the SHA-256 of its attached file.")
    if not EvidenceFile.objects.filter(subject=filing.recall.ref, sha256=digest).exists():
        raise NotFound(
            "no_receipt",
            f"No file of {filing.recall.ref} has the SHA-256 {digest[:12]}….",
            hint="Attach the receipt first.",
        )
    return digest


def _locked(filing: Filing) -> Filing:
    Recall.objects.select_for_update().get(pk=filing.recall_id)
    return Filing.objects.select_for_update().select_related("recall").get(pk=filing.pk)
