"""Lint a notice: every text of a file under one regime, and all languages against each other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from holdfast.kit.refusals import Unreadable
from holdfast.kit.wording import checks
from holdfast.kit.wording.facts import Facts
from holdfast.kit.wording.findings import SEVERITIES, Finding, Report
from holdfast.kit.wording.profile import profile as profile_of
from holdfast.kit.wording.reading import reading_level
from holdfast.kit.wording.source import Passage, read_notice
from holdfast.kit.wording.tongue import tongue as tongue_of
from holdfast.kit.wording.unchecked import not_checked

MOST_FINDINGS = 500
_PARITY = (
    ("codes", "lot, model or serial"),
    ("phones", "phone number"),
    ("urls", "web address"),
    ("mails", "e-mail address"),
    ("dates", "date"),
    ("numbers", "number"),
)


def lint_passage(
    passage: Passage, *, regime: str, language: str, today: date | None = None
) -> Report:
    """All findings about one text in one language; `today` says whether the profile is old."""
    profile, tongue = profile_of(regime), tongue_of(language)
    read = checks.prepare(passage, tongue, profile)
    outcomes = checks.outcomes_of(read)
    rows, missing = checks.elements(read, outcomes)
    found = [
        *checks.banned(read),
        *checks.mechanism(read, outcomes),
        *checks.hazard_first(read, outcomes),
        *missing,
        *checks.long_sentences(read),
        *checks.outside_languages(read),
        *checks.left_unchecked(read),
    ]
    level = reading_level(passage.text, read.sentences, tongue)
    if level["hard"]:
        found.append(_hard(read, level))
    found.sort(key=lambda one: (SEVERITIES.index(one.severity), one.start, one.rule))
    return Report(
        regime=profile.id,
        language=tongue.language,
        findings=tuple(found[:MOST_FINDINGS]),
        elements=tuple(rows),
        reading=level,
        left_out=max(0, len(found) - MOST_FINDINGS),
        not_checked=tuple(not_checked(profile, tongue)),
        profile={
            "name": profile.name,
            "wording": profile.wording,
            "law": profile.law,
            "confidence": profile.confidence,
            "as_of": profile.as_of.isoformat(),
            "reviewer": profile.reviewer,
            "sources": list(profile.sources),
        },
        banner=profile.banner(today) if today else "",
    )


def _hard(read: checks.Read, level: dict[str, object]) -> Finding:
    return checks.finding_at(
        read,
        "reading_level",
        read.profile.severities["reading_level"],
        0,
        0,
        why=f"Hard to read: {level['measure']} {level['value']}, aim at {level['target']}.",
        source="Holdfast wording rule W8: a reader of 11 to 12 years understands it (heuristic)",
        suggestion="Use shorter words and shorter sentences.",
    )


def lint_text(
    text: str,
    *,
    regime: str,
    language: str,
    has_picture: bool | None = None,
    today: date | None = None,
) -> Report:
    """Lint a text that is already in hand."""
    passage = Passage(text, text, has_picture=has_picture)
    return lint_passage(passage, regime=regime, language=language, today=today)


def parity(texts: dict[str, Facts]) -> dict[str, list[Finding]]:
    """Facts that one language has and another lacks, listed at the one that lacks them."""
    found: dict[str, list[Finding]] = {language: [] for language in texts}
    for kind, label in _PARITY:
        everywhere: dict[str, list[str]] = {}
        for language, facts in texts.items():
            for fact in getattr(facts, kind):
                everywhere.setdefault(fact, []).append(language)
        for fact, having in everywhere.items():
            for language in texts:
                if language not in having:
                    found[language].append(_unequal(language, kind, label, fact, having))
    return found


def _unequal(language: str, kind: str, label: str, fact: str, having: list[str]) -> Finding:
    return Finding(
        rule=f"parity.{kind}",
        severity="block",
        text=fact,
        start=0,
        end=0,
        line=1,
        column=1,
        why=f"The {label} “{fact}” stands in {', '.join(having)} but not in {language}.",
        source="Holdfast: one fact base, the same facts in every language",
        suggestion="Write the same fact in every language, or take it out of all.",
        language=language,
    )


def lint_file(
    content: bytes,
    name: str,
    *,
    regime: str,
    language: str | None = None,
    today: date | None = None,
) -> list[Report]:
    """One report per text of the file, parity findings included."""
    profile = profile_of(regime)
    if language is not None:
        tongue_of(language)
    passages = read_notice(content, name)
    several = _by_language(passages)
    chosen: list[tuple[Passage, str]] = []
    for passage in passages:
        own = passage.language or language or ""
        if language is not None and several and not _same(own, language):
            continue
        chosen.append((passage, language if language is not None else own))
    if not chosen:
        raise Unreadable(
            "language_missing",
            f"The file has no text in “{language}”; it has {', '.join(several)}.",
            hint="Name one of these with --language, or leave it out to lint all.",
        )
    reports: list[Report] = []
    for passage, code in chosen:
        if not code:
            raise Unreadable(
                "language_unknown",
                "The file does not say which language it is in.",
                hint="Name it, for example: --language de.",
            )
        reports.append(lint_passage(passage, regime=regime, language=code, today=today))
    if len(several) > 1:
        facts = {
            code: checks.prepare(passage, tongue_of(code), profile).facts
            for code, passage in several.items()
        }
        unequal = parity(facts)
        severity = profile.severities["parity"]
        reports = [
            _with(
                report,
                (replace(one, severity=severity) for one in unequal.get(report.language, ())),
            )
            for report in reports
        ]
    return reports


def _with(report: Report, more: Iterable[Finding]) -> Report:
    found = sorted(
        [*report.findings, *more],
        key=lambda one: (SEVERITIES.index(one.severity), one.start, one.rule),
    )
    return replace(report, findings=tuple(found[:MOST_FINDINGS]))


def _by_language(passages: list[Passage]) -> dict[str, Passage]:
    """The texts of a file by language, where the file holds one per language."""
    if not all(passage.where.startswith(("texts.", "languages.")) for passage in passages):
        return {}
    return {tongue_of(passage.language).language: passage for passage in passages}


def _same(one: str, other: str) -> bool:
    return (
        one.replace("_", "-").split("-")[0].lower() == other.replace("_", "-").split("-")[0].lower()
    )
