"""Filings as they stand: filled, compared with each other and the ledger, listed."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.conf import settings

from holdfast.decision.recalls.models import Recall
from holdfast.decision.recalls.queries import countries_of_sale
from holdfast.kit.filings.catalogue import catalogue
from holdfast.kit.filings.contradictions import (
    Contradiction,
    Statement,
    contradictions,
    unexplained,
    within,
)
from holdfast.kit.filings.factbase import FactBase, FactValue, Key
from holdfast.kit.filings.filling import Filled, FilledForm, fill
from holdfast.kit.filings.form import Form
from holdfast.kit.filings.frozen import Frozen, differences, freeze
from holdfast.kit.filings.reading import form as form_named
from holdfast.kit.filings.rendering import render
from holdfast.kit.refusals import NotFound
from holdfast.response.duties.models import DutyClock
from holdfast.response.filings.lifecycle import FROZEN, SENT
from holdfast.response.filings.models import Explanation, Filing
from holdfast.response.filings.queries.facts import computed_facts, fact_base


@dataclass
class Desk:
    """The filings of one recall, each worked out once: filled, frozen, compared."""

    recall: Recall
    at: datetime  # a draft whose cut-off nobody chose reads the facts as of then
    _bases: dict[tuple[Any, ...], FactBase] = field(default_factory=dict)
    _sums: dict[tuple[Any, ...], dict[Key, FactValue]] = field(default_factory=dict)
    _filled: dict[int, FilledForm] = field(default_factory=dict)
    _countries: tuple[str, ...] | None = None

    def cut_off(self, filing: Filing) -> datetime:
        """The moment whose facts it states: its own, or now while a draft follows them."""
        if filing.state == "draft" and not filing.cut_off_chosen:
            return max(self.at, filing.cut_off)
        return filing.cut_off

    def base(self, filing: Filing) -> FactBase:
        """The fact base at the filing's cut-off, for its period."""
        period, at = period_of(filing), self.cut_off(filing)
        key = (at, period, filing.number)
        if key not in self._bases:
            self._bases[key] = fact_base(
                self.recall,
                at=at,
                period=period,
                filing=filing.number,
                computed=self.computed(filing),
            )
        return self._bases[key]

    def computed(self, filing: Filing) -> dict[Key, FactValue]:
        """What the rooms below say at its cut-off, for its period: the same for all of that day."""
        key = (self.cut_off(filing), period_of(filing))
        if key not in self._sums:
            self._sums[key] = computed_facts(self.recall, at=key[0], period=key[1])
        return self._sums[key]

    def filled(self, filing: Filing) -> FilledForm:
        """The form as the facts of its cut-off fill it now."""
        if filing.pk not in self._filled:
            self._filled[filing.pk] = fill(
                form_of(filing),
                self.base(filing),
                country=filing.country,
                places=self.countries(),
            )
        return self._filled[filing.pk]

    def countries(self) -> tuple[str, ...]:
        """The countries a table per country has rows for."""
        if self._countries is None:
            self._countries = tuple(countries_of_sale(self.recall))
        return self._countries

    def frozen(self, filing: Filing) -> Frozen:
        """What was frozen, or what would be."""
        if filing.content:
            return Frozen(filing.content, filing.personal)
        return freeze(self.filled(filing), head=head_of(filing), seal=seal_of(filing))

    def states(self, filing: Filing) -> list[Statement]:
        """What the filing states that can be compared."""
        told = self.frozen(filing).content["states"]
        first, last = (filing.period_first, filing.period_last)
        period = (first.isoformat(), last.isoformat()) if first and last else None
        return [
            Statement(
                f"{filing.label} {filing.name}",
                filing.number,
                one["key"],
                one["place"],
                one["value"],
                self.cut_off(filing),
                period,
            )
            for one in told
        ]

    def contradictions(self, only: int | None = None) -> list[Contradiction]:
        """Every contradiction among what is frozen and what the drafts would say now.

        With `only`, the ledger is asked about that filing alone: it blocks no other.
        """
        drafts = drafts_of(self.recall)
        taken = [*compared(self.recall), *drafts]
        statements = [one for filing in taken for one in self.states(filing)]
        ledger = {
            (filing.number, key, place): value
            for filing in taken
            if only in (None, filing.number)
            for (key, place), value in self._computed(filing).items()
        }
        found = contradictions(statements, ledger)
        for filing in drafts:
            stated = {one.key for one in self.states(filing)}
            found += [
                replace(one, chains=(filing.number,))
                for one in within(self.base(filing))
                if one.key in stated or catalogue()[one.key].at_most in stated
            ]
        return found

    def open_contradictions(self) -> list[Contradiction]:
        """Those nobody has explained."""
        return unexplained(self.contradictions(), explained(self.recall))

    def blocking(self, filing: Filing) -> list[Contradiction]:
        """Open contradictions this filing waits for."""
        found = unexplained(self.contradictions(filing.number), explained(self.recall))
        return [one for one in found if filing.number in one.chains]

    def _computed(self, filing: Filing) -> dict[Key, Any]:
        """What the computed sources say at the cut-off; compared with what the filing states."""
        return {
            key: value.value
            for key, value in self.computed(filing).items()
            if catalogue()[value.key].is_compared and value.is_known
        }

    def paper(self, filing: Filing, kind: str, *, at: datetime) -> bytes:
        """A file of the filing; a draft says on every page that it is one."""
        made = self.frozen(filing)
        return render(
            made.whole,
            form_of(filing),
            kind,
            sha256=made.sha256,
            at=at,
            is_final=filing.state in ("released", *SENT),
        )


def form_of(filing: Filing) -> Form:
    """The form a filing is made on."""
    return form_named(filing.form)


def period_of(filing: Filing) -> tuple[Any, Any] | None:
    """The reporting period, both days included."""
    if filing.period_first is None or filing.period_last is None:
        return None
    return filing.period_first, filing.period_last


def head_of(filing: Filing) -> dict[str, Any]:
    """What stands above the fields."""
    period = period_of(filing)
    before = Filing.objects.filter(
        recall=filing.recall_id, number=filing.number, version=filing.version - 1
    ).first()
    return {
        "recall": filing.recall.ref,
        "filing": filing.number,
        "version": filing.version,
        "occurrence": filing.occurrence,
        "period": f"{period[0].isoformat()} to {period[1].isoformat()}" if period else "",
        "amends": before.reference if before else "",
    }


def seal_of(filing: Filing) -> Callable[[str], str]:
    """The keyed hash of personal words: it binds them, and tells nothing once they are erased."""

    def seal(words: str) -> str:
        told = f"{filing.recall_id}|{filing.number}|{words}".encode()
        return hmac.new(settings.LINK_KEY, told, sha256).hexdigest()

    return seal


def compared(recall: Recall) -> list[Filing]:
    """Frozen filings that count: not withdrawn, and with no further version that corrects them."""
    rows = recall.filings.filter(state__in=FROZEN).select_related("amended_by", "recall")
    return [
        one
        for one in rows.order_by("number", "version")
        if one.amended_by is None or one.amended_by.state == "withdrawn"
    ]


def duties_of(filing: Filing) -> list[DutyClock]:
    """The duties that filing it does: of its form, in its country, about the same accident."""
    named = [filing.obligation] if filing.obligation else list(form_of(filing).obligations)
    clocks = filing.recall.duty_clocks.filter(
        regime__in=(filing.regime, *form_of(filing).other_regimes),
        obligation__in=named,
        country=filing.country,
        occurrence=filing.occurrence,
    )
    return list(clocks.exclude(state__in=("superseded", "not_applicable")).order_by("pk"))


def drafts_of(recall: Recall) -> list[Filing]:
    """Filings that read the facts still."""
    return list(recall.filings.filter(state="draft").select_related("recall").order_by("number"))


def explained(recall: Recall) -> list[tuple[str, str, str, str]]:
    """The pairs of values somebody explained."""
    rows = Explanation.objects.filter(recall=recall)
    return [(one.key, one.place, one.one, one.other) for one in rows]


def filing_numbered(recall: Recall, number: int, version: int | None = None) -> Filing:
    """A filing by its number: the newest version, or one of them."""
    found = recall.filings.filter(number=number).order_by("-version")
    if version is not None:
        found = found.filter(version=version)
    one = found.select_related("recall").first()
    if one is None:
        known = sorted(set(recall.filings.values_list("number", flat=True)))
        raise NotFound(
            "no_filing",
            f"{recall.ref} has no filing F-{number}{f' v{version}' if version else ''}.",
            hint=f"There are: {', '.join(f'F-{n}' for n in known)}."
            if known
            else f"Begin one: holdfast recall filing {recall.ref} --draft FORM --country US",
        )
    return one


def latest_filings(recall: Recall) -> list[Filing]:
    """The newest version of every filing, by number."""
    found: dict[int, Filing] = {}
    for one in recall.filings.select_related("recall").order_by("number", "version"):
        found[one.number] = one
    return list(found.values())


def versions_of(filing: Filing, *, at: datetime) -> list[tuple[Filing, list[str]]]:
    """All versions, oldest first, each with what it says otherwise than the one before."""
    desk = Desk(filing.recall, at)
    told: list[tuple[Filing, list[str]]] = []
    before: dict[str, Any] | None = None
    rows = filing.recall.filings.filter(number=filing.number).order_by("version")
    for one in rows.select_related("recall"):
        whole = desk.frozen(one).whole
        told.append((one, differences(before, whole) if before else []))
        before = whole
    return told


def _missing(one: Filled) -> dict[str, Any]:
    """A field that is needed and empty, and the facts that would fill it."""
    return {
        "field": one.field.key,
        "label": one.field.label,
        "facts": list(one.wants),
        "why": one.why,
    }


def filing_rows(
    recall: Recall, filings: Iterable[Filing] | None = None, *, at: datetime
) -> list[dict[str, Any]]:
    """Filings for lists and machines: state, how many of the fields are done, what waits."""
    desk = Desk(recall, at)
    shown = list(filings) if filings is not None else latest_filings(recall)
    waiting = desk.open_contradictions() if shown else []
    rows = []
    for one in shown:
        filled = desk.filled(one) if one.state == "draft" else None
        rows.append(
            {
                "filing": f"F-{one.number}",
                "version": one.version,
                "form": one.form,
                "name": one.name,
                "purpose": one.purpose,
                "regime": one.regime,
                "obligation": one.obligation or None,
                "country": one.country,
                "state": one.state,
                "cut_off": desk.cut_off(one).isoformat(),
                "cut_off_chosen": one.cut_off_chosen or one.state != "draft",
                "period": head_of(one)["period"] or None,
                "due_on": one.due_on.isoformat() if one.due_on else None,
                "done": filled.done if filled else None,
                "needed": filled.needed if filled else None,
                "missing": [_missing(m) for m in (filled.missing if filled else ())],
                "blocked_by": [c.words() for c in waiting if not c.chains or one.number in c.chains]
                if one.state not in SENT and one.state != "withdrawn"
                else [],
                "sha256": one.sha256 or None,
                "proposed_by": one.proposed_by or None,
                "released_by": one.released_by or None,
                "alone": one.is_alone,
                "filed_at": one.filed_at.isoformat() if one.filed_at else None,
                "reference": one.reference or None,
                "receipt_sha256": one.receipt_sha256 or None,
            }
        )
    return rows
