"""Forms of authorities and the facts they ask for, on the command line; without a database."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING

from holdfast.doors.cli.answer import Answer

if TYPE_CHECKING:
    from holdfast.kit.filings.form import Form


def add(commands: argparse._SubParsersAction, common: argparse.ArgumentParser) -> None:  # type: ignore[type-arg]
    """Add `filings forms` and `filings facts`."""
    group = commands.add_parser("filings", help="forms of authorities, and the facts they ask for")
    verbs = group.add_subparsers(dest="verb", metavar="VERB", required=True)
    forms = _verb(verbs, common, "forms", "which forms there are, and what each asks for", _forms)
    forms.add_argument("form", metavar="FORM", nargs="?", help="one form with all its fields")
    forms.add_argument("--regime", default="", help="only the forms of this regime")
    _verb(verbs, common, "facts", "the catalogue of the fact base", _facts)


def _verb(
    verbs: argparse._SubParsersAction,  # type: ignore[type-arg]
    common: argparse.ArgumentParser,
    name: str,
    words: str,
    run: Callable[[argparse.Namespace], Answer],
) -> argparse.ArgumentParser:
    verb: argparse.ArgumentParser = verbs.add_parser(
        name, parents=[common], help=words, epilog=f"example:  holdfast filings {name} --json"
    )
    verb.set_defaults(run=run, needs_database=False)
    return verb


def _forms(options: argparse.Namespace) -> Answer:
    from holdfast.kit.filings.reading import form, forms, forms_for

    if options.form:
        one = form(options.form)
        return Answer({**_form(one), "sections": _sections(one)}, _in_full(one))
    found = forms_for(options.regime) if options.regime else list(forms().values())
    lines = [f"{one.id:46} {one.name}" for one in found]
    lines.append("Every other duty: letter.REGIME.OBLIGATION, from its regime's content list.")
    return Answer({"forms": [_form(one) for one in found]}, "\n".join(lines))


def _form(one: Form) -> dict[str, object]:
    return {
        "form": one.id,
        "name": one.name,
        "authority": one.authority,
        "regime": one.regime,
        "obligations": list(one.obligations),
        "purpose": one.purpose,
        "file_at": one.file_at,
        "fields": len(one.fields),
        "order": one.order,
        "order_note": one.order_note,
        "machine_format": one.machine or None,
        "machine_note": one.machine_note,
        "version": one.version,
        "to_be_confirmed": list(one.unverified),
        "read": [
            {"title": r.title, "kind": r.kind, "url": r.url, "note": r.note} for r in one.reads
        ],
    }


def _sections(one: Form) -> list[dict[str, object]]:
    return [
        {
            "section": section.name,
            "fields": [
                {
                    "key": field.key,
                    "label": field.label,
                    "kind": field.kind,
                    "required": field.required,
                    "required_when": field.when.words if field.when else None,
                    "facts": [field.fact] if field.fact else list(field.facts),
                    "place": field.place,
                    "rows": field.rows,
                    "choices": list(field.choices),
                    "source": field.source,
                    "confidence": field.confidence,
                    "help": field.help,
                }
                for field in section.fields
            ],
        }
        for section in one.sections
    ]


def _in_full(one: Form) -> str:
    lines = [one.name, one.authority, f"File at: {one.file_at}", one.order_note]
    for section in one.sections:
        lines += ["", section.name]
        for field in section.fields:
            sure = "" if field.confidence == "verified" else "  [to be confirmed by counsel]"
            need = (
                ""
                if field.required
                else f" (if {field.when.words})"
                if field.when
                else " (optional)"
            )
            lines.append(
                f"  {field.label}{need}  ← {field.fact or ', '.join(field.facts) or field.key}"
            )
            lines.append(f"      {field.source}{sure}")
    return "\n".join(lines)


def _facts(options: argparse.Namespace) -> Answer:
    from holdfast.kit.filings.catalogue import catalogue

    rows: list[dict[str, object]] = [
        {
            "fact": fact.key,
            "name": fact.name,
            "kind": fact.kind,
            "unit": fact.unit or None,
            "meaning": fact.meaning,
            "stated_by": fact.by,
            "course": fact.course or None,
            "per": list(fact.per),
            "at_most": fact.at_most or None,
            "personal": fact.personal,
        }
        for fact in catalogue().values()
    ]
    lines = [
        f"{fact.key:28} {fact.name}{f', {fact.unit}' if fact.unit else ''}  ({fact.by})"
        for fact in catalogue().values()
    ]
    return Answer({"facts": rows}, "\n".join(lines))
