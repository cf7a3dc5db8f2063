"""Structured letters for regimes without a written form: the content list of the law, in order."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

from holdfast.kit.filings.catalogue import catalogue
from holdfast.kit.filings.form import Field, Form, Schedule, Section, evidence_section
from holdfast.kit.refusals import NotFound
from holdfast.kit.regimes.law import Obligation, Regime, Statement
from holdfast.kit.regimes.reading import regime as regime_named
from holdfast.kit.regimes.yamltext import read_yaml

VERSION = "2026-11-28"
PROGRESS, TERMINATION = "progress", "termination"
OPENING = ("filer_name", "filer_address", "contact_name", "contact_email")
PRODUCT = ("product_name", "product_codes", "lots")
MATTER = ("hazard", "units_sold", "measures", "remedies")
STANDING = (
    "units_affected",
    "units_corrected",
    "units_unaccounted",
    "people_told",
    "incidents",
    "injuries",
    "deaths",
)
ENDING = ("units_destroyed", "disposal", "effectiveness_made", "effectiveness_result", "prevention")
#: What a request to end a recall must be able to show, in the words of the evidence list.
EVIDENCE = (
    "the last status of every level, from the unit ledger",
    "what became of the units, with certificates or proofs",
    "the effectiveness checks and what they found",
    "incidents since the last report, or that there were none",
)


def is_letter(name: str) -> bool:
    """Is this the id of a letter?"""
    return bool(re.fullmatch(r"letter\.[a-z0-9_]+\.[A-Za-z0-9_]+", name))


def letter_id(regime: str, what: str) -> str:
    """The id of the letter for a duty, for `progress` or for `termination`."""
    return f"letter.{regime}.{what}"


@cache
def letter_named(name: str) -> Form:
    """The letter of an id: `letter.REGIME.OBLIGATION`, `….progress` or `….termination`."""
    _, regime_id, what = name.split(".")
    regime = regime_named(regime_id)
    if what == PROGRESS:
        return _progress(regime)
    if what == TERMINATION:
        return _termination(regime)
    known = {one.id: one for one in regime.obligations}
    if what not in known:
        raise NotFound(
            "unknown_form",
            f"{regime_id} has no duty “{what[:40]}”.",
            hint=f"Duties: {', '.join(known)}; or progress, termination.",
        )
    return _duty(regime, known[what])


def _duty(regime: Regime, duty: Obligation) -> Form:
    source, confidence = duty.citation or regime.id, duty.confidence
    asked = tuple(
        _item(number, item, source, confidence) for number, item in enumerate(duty.content, 1)
    )
    content = asked or _of(MATTER, source, "unknown")
    note = (
        ""
        if asked
        else "The data has no content list for this duty; these are the general facts. "
        "Confirm with the authority or counsel."
    )
    return _letter(
        regime,
        duty.id,
        name=duty.name or duty.when,
        purpose="letter",
        content=Section("content", "What the law asks for", content),
        file_at=duty.file_at,
        covered={fact for one in asked for fact in one.facts},
        source=source,
        note=note,
    )


def _progress(regime: Regime) -> Form:
    said = regime.statements.get("progress_reports")
    source, confidence = _cited(said, regime), said.confidence if said else "unknown"
    items = tuple(
        _item(number, item, source, confidence)
        for number, item in enumerate(said.content if said else (), 1)
    )
    return _letter(
        regime,
        PROGRESS,
        name=f"Progress report, {regime.name}",
        purpose="progress",
        content=Section(
            "content",
            "Progress",
            (*items, _levels(source, confidence), *_of(STANDING[3:], source, confidence)),
        ),
        covered=set(MATTER),
        source=source,
        schedule=_schedule(said),
    )


def _termination(regime: Regime) -> Form:
    said = regime.statements.get("termination")
    source, confidence = _cited(said, regime), said.confidence if said else "unknown"
    return _letter(
        regime,
        TERMINATION,
        name=f"Request to end the recall, {regime.name}",
        purpose="termination",
        content=Section(
            "content",
            "Where the recall stands",
            (_levels(source, confidence), *_of((*STANDING[3:], *ENDING), source, confidence)),
        ),
        covered={"units_sold"},
        source=source,
        note=said.text if said else "",
        evidence=EVIDENCE,
    )


def _letter(
    regime: Regime,
    what: str,
    *,
    name: str,
    purpose: str,
    content: Section,
    covered: set[str],
    source: str,
    file_at: str = "",
    note: str = "",
    schedule: Schedule | None = None,
    evidence: tuple[str, ...] = (),
) -> Form:
    """The letter around a content section: who writes, what it is, and what nobody asked about."""

    def left(keys: tuple[str, ...]) -> tuple[Field, ...]:
        own = {one.fact for one in content.fields}
        return _of(tuple(k for k in keys if k not in covered | own), "general", "verified")

    proof = evidence_section(evidence, source, "recalled")
    sections = (
        Section("writer", "Who writes", left(OPENING)),
        Section("product", "Product", left(PRODUCT)),
        content,
        Section("matter", "Hazard and measures", left(MATTER)),
        proof,
    )
    return Form(
        id=letter_id(regime.id, what),
        name=name,
        authority=regime.authority.name,
        regime=regime.id,
        obligations=(what,) if purpose == "letter" else (),
        purpose=purpose,
        order="law",
        order_note="A letter; the authority's own form, if there is one, was not read.",
        file_at=file_at or regime.authority.name,
        sections=tuple(one for one in sections if one.fields),
        version=VERSION,
        schedule=schedule,
        note=note,
        evidence=evidence,
    )


def _item(number: int, item: str, source: str, confidence: str) -> Field:
    """One line of a content list as a field, filled by the facts its words point at."""
    facts = facts_of(item)
    return Field(
        key=f"item_{number}",
        label=item[:1].upper() + item[1:],
        kind="text",
        source=source,
        confidence=confidence,
        facts=facts,
        place="here" if any(map(_is_local, facts)) else "",
    )


def _is_local(key: str) -> bool:
    """Is it told of the country alone? Harm is told of everywhere: all of it is asked for."""
    fact = catalogue()[key]
    return "country" in fact.per and fact.unit not in ("incidents", "persons", "complaints")


def facts_of(item: str) -> tuple[str, ...]:
    """The facts that answer one line of a content list; none where its words point at nothing."""
    words = item.lower()
    for row in _table():
        if all(part in words for part in row["words"]):
            return tuple(row["facts"])
    return ()


@cache
def _table() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = read_yaml(Path(__file__).parent / "letter_facts.yaml")
    return rows


def _of(keys: tuple[str, ...], source: str, confidence: str) -> tuple[Field, ...]:
    known = catalogue()
    return tuple(
        Field(
            key=key,
            label=known[key].name,
            kind=known[key].kind,
            source=source,
            confidence=confidence,
            fact=key,
            place="here" if _is_local(key) else "",
            help=known[key].meaning,
            unit=known[key].unit,
            personal=known[key].personal,
        )
        for key in keys
    )


def _levels(source: str, confidence: str) -> Field:
    return Field(
        key="levels",
        label="Units per level",
        kind="table",
        source=source,
        confidence=confidence,
        facts=STANDING[:3],
        place="here",
        rows="level",
    )


def _cited(said: Statement | None, regime: Regime) -> str:
    return (said.citation if said else "") or regime.reference[0] if regime.reference else regime.id


def _schedule(said: Statement | None) -> Schedule | None:
    if said is None or not said.every_value:
        return None
    return Schedule(
        value=said.every_value,
        unit=said.every_unit,
        aligned=said.every_unit == "months",
        times=said.every_times,
        source=said.citation or said.text,
        confidence=said.confidence,
    )
