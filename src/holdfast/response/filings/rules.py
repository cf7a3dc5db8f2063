"""Decisions about filings as pure functions: names of facts, of fields, of authorities' letters."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from holdfast.kit.actors import Actor
from holdfast.kit.filings.catalogue import FactKind, catalogue, parse_name
from holdfast.kit.filings.form import Field, Form
from holdfast.kit.refusals import Forbidden, Unreadable

KINDS = ("question", "commitment")
DIRECTIONS = ("from", "to")
MOST_SHOWN = 200


def ask_other_person(by: Actor, proposer: str) -> bool:
    """True where one person releases their own proposal alone; refused where others work here."""
    if by.key != proposer:
        return False
    if by.alone:
        return True
    raise Forbidden(
        "second_person",
        f"{by.name} proposed this filing; somebody else has to release it.",
        hint="Ask a recall lead or approver; on the command line: --as THEIR-E-MAIL.",
    )


def named(name: str, form: Form | None) -> tuple[FactKind, str, bool]:
    """What NAME[@PLACE] stands for: the fact, its place, and whether it is this form's own answer.

    A field of the form is named by its key: one that reads a fact stands for the fact.
    """
    key = name.partition("@")[0].strip()
    field = form.field(key) if form else None
    if field is not None and "@" not in name:
        return _of_field(field)
    fact, place = parse_name(name)
    return fact, place, False


def _of_field(field: Field) -> tuple[FactKind, str, bool]:
    if field.fact:
        return catalogue()[field.fact], field.place, False
    own = field.own
    if field.facts:  # answered in words, in place of its facts
        own = FactKind(own.key, own.name, "text", own.meaning, personal=own.personal)
    return own, "", True


def ask_words(text: str, what: str, *, most: int) -> str:
    """Words that are needed, in one line."""
    plain = " ".join(text.split())
    if not plain:
        raise Unreadable("words_needed", f"{what} needs words.")
    if len(plain) > most:
        raise Unreadable("too_long", f"{what}: more than {most} characters.")
    return plain


def ask_past(at: datetime, now: datetime, what: str) -> datetime:
    """A moment with a zone that is not in the future."""
    if at.utcoffset() is None:
        raise Unreadable(
            "time_without_zone",
            f"{what}: “{at.isoformat()}” has no zone.",
            hint=f"Write {at.isoformat()}+01:00, with the zone of the place.",
        )
    if at > now:
        raise Unreadable(
            "future_time",
            f"{what} is in the future: {at.isoformat()}.",
            hint="What is not so yet cannot be stated.",
        )
    return at


def late_words(moment: datetime, due: datetime | None) -> str:
    """How late something was, or nothing."""
    if due is None or moment <= due:
        return ""
    minutes = int((moment - due).total_seconds() // 60)
    days, hours = minutes // 1440, minutes // 60 % 24
    return f"{days} d {hours} h late" if days else f"{hours} h {minutes % 60} min late"


def blocked_words(missing: int, contradictions: int) -> Mapping[str, bool]:
    """The guards of the lifecycle, from what was counted."""
    return {"is_complete": missing == 0, "agrees": contradictions == 0}
