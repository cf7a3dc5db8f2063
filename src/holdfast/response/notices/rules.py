"""What may stand in a notice and what it still lacks, as pure functions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from holdfast.kit.refusals import Unreadable
from holdfast.kit.renderings.content import (
    FIELDS,
    LIST_FIELDS,
    NoticeContent,
    prose,
)
from holdfast.kit.renderings.draft import draft
from holdfast.kit.renderings.laws import counts_lacking
from holdfast.kit.wording.facts import facts_of
from holdfast.kit.wording.findings import SEVERITIES, Element, Finding, Report
from holdfast.kit.wording.lint import lint_text
from holdfast.kit.wording.profile import regime_id

# The files the print room writes, by form, and the kind of job that writes them.
ENDINGS = {"letters": "pdf", "merge": "csv", "eml": "zip", "page": "html"}
FORMS = tuple(ENDINGS)
PAPERS = ("a4", "letter")
JOB = "notice_file"
# Lots, numbers people call, addresses and dates are the same in every language of a notice.
SAME_EVERYWHERE = (
    ("codes", "lot or model"),
    ("phones", "phone number"),
    ("urls", "address"),
    ("mails", "e-mail address"),
    ("dates", "date"),
)
LONGEST = 2_000
MOST_LINES = 12
# A photograph cannot be made from words; it stands in the meter, and does not hold up a warning.
NOT_HOLDING_UP = frozenset(("element.picture",))


def clean_words(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Fields as they are stored: known names, text or lines of text, bounded."""
    found: dict[str, Any] = {}
    for name, value in changes.items():
        if name not in FIELDS:
            raise Unreadable(
                "unknown_field",
                f"A notice has no field “{name[:40]}”.",
                hint=f"The fields are: {', '.join(FIELDS)}.",
            )
        lines = value if isinstance(value, list) else str(value).splitlines()
        kept = [" ".join(str(line).replace("\x00", " ").split()) for line in lines]
        kept = [line for line in kept if line]
        if sum(map(len, kept)) > LONGEST or len(kept) > MOST_LINES:
            raise Unreadable(
                "too_long", f"“{name}” has more than {LONGEST} characters or {MOST_LINES} lines."
            )
        found[name] = kept if name in LIST_FIELDS else " ".join(kept)
    return found


@dataclass(frozen=True, slots=True)
class Checked:
    """What the linter and the completeness meter say about one text."""

    report: Report
    missing: tuple[str, ...]
    fields: tuple[tuple[Finding, str], ...]

    @property
    def blocking(self) -> list[Finding]:
        """Findings that hold up an approval."""
        return [
            found
            for found in self.report.findings
            if found.severity == "block" and found.rule not in NOT_HOLDING_UP
        ]

    @property
    def elements(self) -> tuple[Element, ...]:
        """The required elements, for the meter."""
        return self.report.elements

    @property
    def present(self) -> int:
        """How many required elements are there."""
        return sum(1 for element in self.elements if element.present)


def for_regime(content: NoticeContent, regime: str) -> NoticeContent:
    """The same notice under another law: its own lines of counts, prices and dates, or none.

    Where one law demands what another forbids, these lines are what differs; every other word,
    a person's own included, stays as it is.
    """
    facts = replace(content.facts, regime=regime_id(regime))
    own = draft(facts, content.language)["particulars"]
    return replace(content, facts=facts, words={**content.words, "particulars": own})


def facts_under(facts: Mapping[str, Any], law: str) -> dict[str, Any]:
    """The stored facts of a notice as the text under a law states them; empty is the own law."""
    return {**facts, "regime": law} if law else dict(facts)


def check(
    content: NoticeContent, *, also: Sequence[str] = (), has_picture: bool | None = None
) -> Checked:
    """Lint the words of a text under its regime; each finding with the field it stands in.

    What blocks under one of the laws it serves `also` is among the findings. A count its law
    asks for and nobody has given is missing.
    """
    text, spans = prose(content)

    def lint(regime: str) -> Report:
        return lint_text(text, regime=regime, language=content.language, has_picture=has_picture)

    report = lint(content.facts.regime)
    blocked = {(one.rule, one.start) for one in report.findings if one.severity == "block"}
    unequal = tuple(_facts_kept(content, text))
    others: list[Finding] = []
    for regime in also:
        for one in lint(regime).findings:
            if one.severity == "block" and (one.rule, one.start) not in blocked:
                blocked.add((one.rule, one.start))
                others.append(one)
    found = (*report.findings, *others, *unequal)
    order = sorted(found, key=lambda one: SEVERITIES.index(one.severity))
    report = replace(report, findings=tuple(order))
    located = tuple((found, _field(found, spans)) for found in report.findings)
    return Checked(report, (*content.missing(), *counts_lacking(content.facts)), located)


def _facts_kept(content: NoticeContent, text: str) -> Iterator[Finding]:
    """What every language says alike must still stand in edited words, and nothing else of it."""
    own = NoticeContent(content.language, content.facts, draft(content.facts, content.language))
    asked = facts_of(prose(own)[0], content.language)
    found = facts_of(text, content.language)
    for kind, label in SAME_EVERYWHERE:
        wanted, there = getattr(asked, kind), getattr(found, kind)
        for fact in wanted.keys() - there.keys():
            yield _unequal(content, kind, fact, "block", f"The {label} “{fact}” is missing.")
        for fact in there.keys() - wanted.keys():
            why = f"The {label} “{fact}” stands in no other language."
            yield _unequal(content, kind, fact, "warn", why, at=there[fact])


def _unequal(
    content: NoticeContent, kind: str, fact: str, severity: str, why: str, *, at: int = 0
) -> Finding:
    return Finding(
        rule=f"parity.{kind}",
        severity=severity,
        text=fact,
        start=at,
        end=at + len(fact) if at else 0,
        line=1,
        column=1,
        why=why,
        source="Holdfast: one fact base, the same facts in every language",
        suggestion="Change the fact in all languages, or write it as it was.",
        language=content.language,
    )


def _field(found: Finding, spans: list[tuple[int, int, str]]) -> str:
    if found.start == found.end:
        return ""
    return next((name for start, end, name in spans if start <= found.start < end), "")
