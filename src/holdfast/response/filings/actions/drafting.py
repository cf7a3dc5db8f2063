"""Beginning a filing, reading the facts as of another moment, amending, withdrawing."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from holdfast.decision.recalls.models import Recall
from holdfast.ground.journal.actions import record
from holdfast.kit.actors import Actor
from holdfast.kit.filings.form import Form
from holdfast.kit.filings.reading import form as form_named
from holdfast.kit.refusals import Forbidden
from holdfast.kit.regimes.places import place
from holdfast.response.filings.events import (
    FilingDrafted,
    FilingReopened,
    FilingUpdated,
    FilingWithdrawn,
)
from holdfast.response.filings.lifecycle import FILING, OPEN, SENT
from holdfast.response.filings.models import Filing
from holdfast.response.filings.policies import may_work_on_filings
from holdfast.response.filings.queries import head_of
from holdfast.response.filings.rules import ask_past, ask_words


@transaction.atomic
def draft_filing(
    *,
    recall: Recall,
    form: str,
    country: str,
    obligation: str = "",
    occurrence: str = "",
    cut_off: datetime | None = None,
    by: Actor,
    now: datetime,
) -> Filing:
    """Begin a filing on a form; an open one on the same form for the same matter stays the one.

    It reads the facts as of `cut_off`; without one it follows them until it is proposed.
    """
    may_work_on_filings(by)
    recall = _live(recall)
    found = form_named(form)
    where = place(country).code if country.strip() else ""
    same = recall.filings.filter(
        form=found.id, country=where, occurrence=occurrence.strip(), state__in=OPEN,
        period_number__isnull=True,
    ).first()  # fmt: skip
    if same:
        return same
    duty = obligation.strip() or (found.obligations[0] if len(found.obligations) == 1 else "")
    made = _begin(
        recall,
        found,
        where,
        duty,
        occurrence.strip()[:80],
        ask_past(cut_off, now, "The cut-off") if cut_off else now,
        by,
        now,
        cut_off_chosen=cut_off is not None,
    )
    _record_drafted(made, "", by, now)
    return made


def _begin(
    recall: Recall,
    form: Form,
    country: str,
    obligation: str,
    occurrence: str,
    cut_off: datetime,
    by: Actor,
    now: datetime,
    **more: object,
) -> Filing:
    last = recall.filings.aggregate(last=Max("number"))["last"] or 0
    return Filing.objects.create(
        recall=recall,
        number=last + 1,
        form=form.id,
        name=form.name[:300],
        purpose=form.purpose,
        regime=form.regime,
        obligation=obligation,
        country=country,
        occurrence=occurrence,
        cut_off=cut_off,
        opened_by=by.key,
        opened_at=now,
        **more,
    )


def begin_progress_report(
    *,
    recall: Recall,
    form: Form,
    country: str,
    number: int,
    first: date,
    last: date,
    due_on: date,
    cut_off: datetime,
    by: Actor,
    now: datetime,
) -> Filing:
    """A report for one period, begun by the schedule; the caller's action asks and locks."""
    may_work_on_filings(by)
    made = _begin(
        recall, form, country, "", "", cut_off, by, now,
        period_number=number, period_first=first, period_last=last, due_on=due_on,
        cut_off_chosen=True,
    )  # fmt: skip
    _record_drafted(made, f"Due on {due_on.isoformat()}; it opened itself.", by, now)
    return made


def _record_drafted(filing: Filing, because: str, by: Actor, now: datetime) -> None:
    told = FilingDrafted(
        filing=filing.label,
        form=filing.form,
        title=filing.name,
        regime=filing.regime,
        obligation=filing.obligation,
        country=filing.country,
        cut_off=filing.cut_off.isoformat(),
        period=head_of(filing)["period"],
        because=because,
    )
    record(told, by=by, now=now, subject=filing.recall.ref)


@transaction.atomic
def update_filing(*, filing: Filing, cut_off: datetime | None, by: Actor, now: datetime) -> Filing:
    """Let a draft read the facts as of another moment, or (none given) follow them."""
    may_work_on_filings(by)
    filing = _locked(filing)
    at = ask_past(cut_off, now, "The cut-off") if cut_off else now
    if filing.state != "draft":
        raise Forbidden(
            "filing_frozen",
            f"{filing.label} is {filing.state}; its facts are those of its cut-off.",
            hint="Take it back first, or begin a further version.",
        )
    if (filing.cut_off, filing.cut_off_chosen) != (at, cut_off is not None):
        filing.cut_off, filing.cut_off_chosen = at, cut_off is not None
        filing.save(update_fields=["cut_off", "cut_off_chosen"])
        told = FilingUpdated(filing=filing.label, cut_off=at.isoformat())
        record(told, by=by, now=now, subject=filing.recall.ref)
    return filing


@transaction.atomic
def amend_filing(*, filing: Filing, reason: str, by: Actor, now: datetime) -> Filing:
    """Begin a further version of something that was filed; it follows the facts as they are."""
    may_work_on_filings(by)
    filing = _locked(filing)
    reason = ask_words(reason, "An amendment", most=300)
    if filing.state not in SENT:
        raise Forbidden(
            "not_filed",
            f"{filing.label} is {filing.state}; only what was filed is amended.",
            hint="Change the draft itself.",
        )
    later = filing.recall.filings.filter(number=filing.number, version__gt=filing.version).first()
    if later:
        return later
    made = Filing.objects.create(
        recall=filing.recall,
        number=filing.number,
        version=filing.version + 1,
        form=filing.form,
        name=filing.name,
        purpose=filing.purpose,
        regime=filing.regime,
        obligation=filing.obligation,
        country=filing.country,
        occurrence=filing.occurrence,
        cut_off=now,
        period_number=filing.period_number,
        period_first=filing.period_first,
        period_last=filing.period_last,
        opened_by=by.key,
        opened_at=now,
    )
    filing.amended_by = made
    filing.save(update_fields=["amended_by"])
    _record_drafted(made, reason, by, now)
    return made


@transaction.atomic
def take_back_filing(*, filing: Filing, reason: str, by: Actor, now: datetime) -> Filing:
    """Make a frozen filing a draft again; a release is void with it."""
    may_work_on_filings(by)
    filing = _locked(filing)
    reason = ask_words(reason, "Taking a filing back", most=300)
    filing.state = FILING.after(filing.state, "take_back")
    filing.content, filing.personal, filing.sha256 = {}, {}, ""
    filing.proposed_by = filing.released_by = ""
    filing.proposed_at = filing.released_at = None
    filing.is_alone = False
    filing.save()
    told = FilingReopened(filing=filing.label, reason=reason)
    record(told, by=by, now=now, subject=filing.recall.ref)
    return filing


@transaction.atomic
def withdraw_filing(*, filing: Filing, reason: str, by: Actor, now: datetime) -> Filing:
    """Say that a filing will not be made, and why."""
    may_work_on_filings(by)
    filing = _locked(filing)
    filing.state = FILING.after(filing.state, "withdraw", {"has_reason": bool(reason.strip())})
    filing.withdrawn_why = reason.strip()[:500]
    filing.save(update_fields=["state", "withdrawn_why"])
    told = FilingWithdrawn(filing=filing.label, reason=filing.withdrawn_why)
    record(told, by=by, now=now, subject=filing.recall.ref)
    return filing


def _live(recall: Recall) -> Recall:
    recall = Recall.objects.select_for_update().get(pk=recall.pk)
    if recall.state == "withdrawn":
        raise Forbidden(
            "lifecycle",
            f"Recall {recall.ref} is withdrawn; nothing is filed about it any more.",
            hint="Open a new recall if there is a hazard after all.",
        )
    return recall


def _locked(filing: Filing) -> Filing:
    _live(filing.recall)
    return Filing.objects.select_for_update().select_related("recall").get(pk=filing.pk)
