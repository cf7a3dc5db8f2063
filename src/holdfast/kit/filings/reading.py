"""The forms of the forms folder, read once: one folder an authority, one file a form."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from holdfast.kit.filings.catalogue import catalogue, fact_kind
from holdfast.kit.filings.form import (
    ORDERS,
    PURPOSES,
    Field,
    Form,
    Read,
    Schedule,
    Section,
    When,
    evidence_section,
)
from holdfast.kit.filings.letters import is_letter, letter_named
from holdfast.kit.refusals import NotFound
from holdfast.kit.regimes.law import CONFIDENCES
from holdfast.kit.regimes.yamltext import read_yaml

FOLDER = Path(__file__).parent / "forms"


@cache
def forms() -> dict[str, Form]:
    """Every written form by id, in the order of folders and files."""
    found = [form_of(read_yaml(path)) for path in sorted(FOLDER.glob("*/*.yaml"))]
    return {one.id: one for one in found}


def form(name: str) -> Form:
    """A form by its id; `letter.REGIME.OBLIGATION` is a letter made from the regime's content."""
    found = forms().get(name)
    if found is not None:
        return found
    if is_letter(name):
        return letter_named(name)
    raise NotFound(
        "unknown_form",
        f"There is no form “{name[:60]}”.",
        hint="See all: holdfast filings forms. A letter: letter.REGIME.OBLIGATION.",
    )


def forms_for(regime: str, obligation: str = "") -> list[Form]:
    """The written forms of a regime, or of one duty of it, in the order of the folder."""
    return [
        one
        for one in forms().values()
        if regime in (one.regime, *one.other_regimes)
        and (not obligation or obligation in one.obligations)
    ]


def form_of(data: dict[str, Any]) -> Form:
    """One form from its YAML; a word that is no word of forms is a fault of the file."""
    _known(data["purpose"], PURPOSES, data["id"])
    _known(data["order"], tuple(ORDERS), data["id"])
    schedule, evidence = data.get("schedule"), tuple(data.get("evidence", ()))
    sections = tuple(_section(one, data) for one in data["sections"])
    if evidence:
        sections += (evidence_section(evidence, data["source"], data["confidence"]),)
    return Form(
        id=data["id"],
        name=data["name"],
        authority=data["authority"],
        regime=data["regime"],
        obligations=tuple(data["obligations"]),
        purpose=data["purpose"],
        order=data["order"],
        file_at=data["file_at"],
        sections=sections,
        version=data["version"],
        order_note=data.get("order_note", ""),
        machine=data.get("machine", ""),
        machine_note=data.get("machine_note", ""),
        schedule=Schedule(**schedule) if schedule else None,
        other_regimes=tuple(data.get("other_regimes", ())),
        reads=tuple(Read(**one) for one in data["reads"]),
        note=data.get("note", ""),
        evidence=evidence,
    )


def _section(data: dict[str, Any], whole: dict[str, Any]) -> Section:
    fields = tuple(_field(one, whole) for one in data["fields"])
    return Section(data["id"], data["name"], fields)


def _field(data: dict[str, Any], whole: dict[str, Any]) -> Field:
    """A field; what its fact knows (label, kind, unit) need not be written again."""
    key, name = data["key"], data.get("fact", "")
    fact = fact_kind(name) if name else None
    facts = tuple(data.get("facts", ()))
    for one in facts:
        fact_kind(one)
    when = data.get("when")
    kind = data.get("kind", "") or ("table" if facts else fact.kind if fact else "text")
    found = Field(
        key=key,
        label=data.get("label", "") or (fact.name if fact else key),
        kind=kind,
        source=data.get("source", "") or whole["source"],
        confidence=_known(
            data.get("confidence", "") or whole["confidence"], CONFIDENCES, f"{whole['id']}.{key}"
        ),
        required=data.get("required", when is None),
        when=When(when["fact"], when.get("above"), when.get("has", "")) if when else None,
        fact=name,
        facts=facts,
        place=data.get("place", ""),
        rows=data.get("rows", ""),
        choices=tuple(data.get("choices", ())) or (fact.choices if fact else ()),
        help=data.get("help", "") or (fact.meaning if fact else ""),
        unit=data.get("unit", "") or (fact.unit if fact else ""),
        personal=data.get("personal", fact.personal if fact else False),
    )
    if found.when and found.when.fact not in catalogue():
        raise ValueError(f"{whole['id']}.{key}: no fact is called {found.when.fact}")
    return found


def _known(word: str, words: tuple[str, ...], where: str) -> str:
    if word not in words:
        raise ValueError(f"{where}: “{word}” is none of {', '.join(words)}")
    return word
