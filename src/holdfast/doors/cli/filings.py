"""Forms, facts and filings on the command line; forms and the catalogue without a database."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from holdfast.doors.cli.answer import Answer

if TYPE_CHECKING:
    from holdfast.kit.filings.form import Form


def add(commands: argparse._SubParsersAction, common: argparse.ArgumentParser) -> None:  # type: ignore[type-arg]
    """Add `filings forms` and `filings facts`, and `recall filing`, `fact` and `letter`."""
    group = commands.add_parser("filings", help="forms of authorities, and the facts they ask for")
    verbs = group.add_subparsers(dest="verb", metavar="VERB", required=True)
    forms = _verb(verbs, common, "forms", "which forms there are, and what each asks for", _forms)
    forms.add_argument("form", metavar="FORM", nargs="?", help="one form with all its fields")
    forms.add_argument("--regime", default="", help="only the forms of this regime")
    _verb(verbs, common, "facts", "the catalogue of the fact base", _facts)
    recall_verbs = commands.recall_verbs  # type: ignore[attr-defined]
    _filing_words(recall_verbs, common)
    _fact_words(recall_verbs, common)
    _letter_words(recall_verbs, common)


def _filing_words(verbs: Any, common: argparse.ArgumentParser) -> None:
    verb = verbs.add_parser(
        "filing",
        parents=[common],
        help="tell an authority: draft, complete, release, export, file",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="Steps are taken in the order of the options. Exit 1: fields are missing, or\n"
        "numbers contradict each other.\n"
        "example:  holdfast recall filing R-2026-001 --draft us_cpsc.initial_report --country US",
    )
    option = verb.add_argument
    option("recall", metavar="R")
    option("--list", action="store_true", help="every filing, what is missing, what contradicts")
    option("--draft", metavar="FORM", default="", help="begin one; letter.REGIME.DUTY is a letter")
    option("--country", default="", metavar="CC", help="of the authority; with --draft")
    option("--obligation", default="", metavar="DUTY", help="the duty it does; with --draft")
    option("--about", default="", metavar="ACCIDENT", help="which accident; with --draft")
    option("--filing", default="", metavar="F-3", help="which one, where there are several")
    option("--cut-off", default="", metavar="TIME", help="facts as of then; now: follow them")
    option("--set", action="append", default=[], metavar="FIELD=VALUE", help="answer a field")
    option("--unknown", action="append", default=[], metavar="FIELD=REASON", help="not known, why")
    option("--as-of", default="", metavar="TIME", help="since when it is so; else the cut-off")
    option("--source", default="command line", help="where it comes from; with --set")
    option("--explain", action="append", default=[], metavar="FACT[@PLACE]=WORDS",
           help="why the numbers of a contradiction may both stand")  # fmt: skip
    option("--propose", action="store_true", help="freeze it, complete and without contradiction")
    option("--release", action="store_true", help="release what was proposed, as another person")
    option("--export", metavar="DIR", default="", help="write the released filing")
    option("--format", action="append", default=[], metavar="pdf|xlsx|csv|json|sheet")
    option("--preview", metavar="DIR", default="", help="write a draft; every page says it is one")
    option("--filed", metavar="REF", default="", help="it went out under this reference")
    option("--filed-at", default="", metavar="TIME")
    option("--receipt", default="", metavar="FILE", help="what shows it; with --filed")
    option("--acknowledged", metavar="REF", nargs="?", const="", default=None)
    option("--amend", metavar="REASON", default="", help="begin a further version")
    option("--take-back", metavar="REASON", default="", help="make a frozen one a draft again")
    option("--withdraw", metavar="REASON", default="", help="it will not be made")
    option("--erase", metavar="WORDS", default="", help="empty every field that names this person")
    option("--because", metavar="REASON", default="", help="why; with --erase")
    option("--differences", action="store_true", help="what each version says otherwise")
    option("--open-reports", action="store_true", help="progress reports whose period has ended")
    verb.set_defaults(run=_filing)


def _fact_words(verbs: Any, common: argparse.ArgumentParser) -> None:
    verb = verbs.add_parser(
        "fact",
        parents=[common],
        help="state facts of the fact base; without one, show what is known",
        epilog="example:  holdfast recall fact R-2026-001 incidents=4 units_imported@US=1200 "
        '--as-of 2026-05-04T10:20:00+02:00 --source "importer, letter of 4 May"',
    )
    verb.add_argument("recall", metavar="R")
    verb.add_argument("facts", nargs="*", metavar="NAME[@PLACE]=VALUE")
    verb.add_argument("--unknown", action="append", default=[], metavar="NAME=REASON")
    verb.add_argument("--as-of", default="", metavar="TIME", help="since when it is so; else now")
    verb.add_argument("--source", default="", help="where it comes from")
    verb.add_argument("--history", action="store_true", help="every statement, newest first")
    verb.set_defaults(run=_fact)


def _letter_words(verbs: Any, common: argparse.ArgumentParser) -> None:
    verb = verbs.add_parser(
        "letter",
        parents=[common],
        help="correspondence with authorities: letters, questions, promises",
        epilog="example:  holdfast recall letter R-2026-001 --from OPSS --subject Questions "
        '--file mail.eml --asks "How many units reached Wales?" --due 2026-05-08T17:00:00+01:00',
    )
    option = verb.add_argument
    option("recall", metavar="R")
    option("--from", dest="from_whom", default="", metavar="AUTHORITY")
    option("--to", dest="to_whom", default="", metavar="AUTHORITY")
    option("--subject", default="")
    option("--at", default="", metavar="TIME", help="of the letter; else now")
    option("--regime", default="")
    option("--country", default="")
    option("--file", default="", metavar="FILE", help="the letter itself, kept as evidence")
    option("--asks", action="append", default=[], metavar="WORDS", help="a question in it")
    option("--promises", action="append", default=[], metavar="WORDS", help="a commitment in it")
    option("--due", default="", metavar="TIME", help="when questions and promises are due")
    option("--owner", default="", help="who answers")
    option("--answers", action="append", default=[], type=int, metavar="N",
           help="this letter, or --words, settles request N")  # fmt: skip
    option("--drop", action="append", default=[], type=int, metavar="N", help="with --words")
    option("--words", default="")
    verb.set_defaults(run=_letter)


def _filing(options: argparse.Namespace) -> Answer:
    from holdfast.doors.cli.acting import actor, now
    from holdfast.doors.cli.recall_filing import filed

    return filed(options, by=actor(options), now=now())


def _fact(options: argparse.Namespace) -> Answer:
    from holdfast.doors.cli.acting import actor, now
    from holdfast.doors.cli.recall_filing import stated

    return stated(options, by=actor(options), now=now())


def _letter(options: argparse.Namespace) -> Answer:
    from holdfast.doors.cli.acting import actor, now
    from holdfast.doors.cli.recall_letters import corresponded

    return corresponded(options, by=actor(options), now=now())


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
