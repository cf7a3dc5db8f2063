"""Decisions about alarms as pure functions: when one returns, what is urgent, what settles it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from holdfast.kit.refusals import NotFound, Unreadable
from holdfast.kit.signals.taxonomy import hazard_named

QUIET_DAYS = 365  # an alarm that was judged does not return for so long, unless it grows
GROWN = 2.0  # times the weight of reports, or the score, of before
TREATED = 2  # harm by level: somebody was treated
SUDDEN = frozenset({"fire", "explosion", "shock", "suffocation", "strangulation", "drowning"})
OUTCOMES: dict[str, str] = {
    "recall_opened": "A recall was opened",
    "no_hazard": "No hazard was found",
    "watching": "Nothing is settled; we keep watching",
}
TASK_KINDS: dict[str, str] = {
    "reports": "Read the reports",
    "test": "Test or inspection",
    "supplier": "Question to the supplier",
    "stock": "Look at the stock",
    "other": "Something else",
}
BEARINGS: dict[str, str] = {
    "for": "speaks for a hazard",
    "against": "speaks against it",
    "open": "settles nothing yet",
}
# What happens to a person, in the recall's words, by hazard; where several fit, none is presumed.
OUTCOME_OF: dict[str, str] = {
    "fire": "fire",
    "burn": "burn",
    "shock": "electric_shock",
    "explosion": "explosion",
    "choking": "choking",
    "suffocation": "suffocation",
    "strangulation": "strangulation",
    "laceration": "cut",
    "entrapment": "crushing",
    "fall": "fall",
    "drowning": "drowning",
    "hearing": "hearing_damage",
    "poisoning": "poisoning",
    "allergen": "allergic_reaction",
    "pathogen": "infection",
}


@dataclass(frozen=True, slots=True)
class Before:
    """The last alarm for the same product and hazard, as it stands."""

    state: str
    quiet_from: date
    weighed: float
    score: float
    harm: int


def answer_to(before: Before | None, *, on: date, weighed: float, score: float, harm: int) -> str:
    """`raise`, `supersede` (the one that waits is replaced), or `quiet`.

    One alarm for a product and a hazard in a year, unless it grows: twice the reports by weight,
    twice the score, or somebody was treated and nobody was before.
    """
    if before is None:
        return "raise"
    has_grown = (
        weighed >= GROWN * before.weighed
        or score >= GROWN * before.score
        or (harm >= TREATED and harm > before.harm)
    )
    if on < before.quiet_from or ((on - before.quiet_from).days <= QUIET_DAYS and not has_grown):
        return "quiet"
    return "supersede" if before.state in ("open", "investigating") else "raise"


def joins_rush(in_rush: Sequence[int], harm: int) -> bool:
    """May one more hazard of a rush do without an alarm of its own? `in_rush` is the worst harm of
    each alarm the rush raised: one shows the whole rush, unless somebody was treated, or worse.
    """
    return bool(in_rush) and not (harm >= TREATED and harm > max(in_rush))


def is_urgent(hazard: str, harm: int) -> bool:
    """Does it go before the others: somebody was hurt, or it harms at once and badly?"""
    return harm > 0 or hazard in SUDDEN


def hazard_words(key: str) -> str:
    """The hazard's title as the list has it, small; its key where the list lost it."""
    try:
        title = hazard_named(key).title
    except NotFound:
        return key
    return title[0].lower() + title[1:]


def question_about(product: str, hazard: str, lots: Sequence[str] = ()) -> str:
    """What an investigation has to answer, in one sentence."""
    where = f", lot {', '.join(lots)}" if lots else ""
    return f"{product}{where}: is there a hazard ({hazard_words(hazard)}), and in which units?"[
        :300
    ]


def first_tasks(hazard: str, reports: int) -> tuple[tuple[str, str], ...]:
    """The checklist an investigation begins with: kind and words, the settling ones in between."""
    try:
        settle = hazard_named(hazard).settle
    except NotFound:
        settle = ""
    parts = [part.strip() for part in settle.split(";") if part.strip()]
    settling = [("supplier" if _asks(part) else "test", _begun(part)) for part in parts]
    return (
        ("reports", f"Read the {reports} reports; set aside those about something else"),
        *settling,
        ("stock", "Count the units of the lots in question, and hold them until this is settled"),
    )


def supplier_question(
    *,
    product: str,
    hazard: str,
    lots: Sequence[str],
    reports: int,
    since: date,
    language: str = "en",
    called: str = "",
) -> str:
    """A draft to the supplier: what we were told and what we ask; it accuses nobody.

    `called` is the hazard in the language of the letter.
    """
    what = called or hazard_words(hazard)
    try:
        settle = hazard_named(hazard).settle
    except NotFound:
        settle = ""
    asked = [_begun(part.strip()) for part in settle.split(";") if _asks(part)]
    asked = [re.sub(r"^Ask (the supplier )?for ", "Please send us ", part) for part in asked]
    lot = ", ".join(lots)
    if language == "de":
        lines = [
            f"{product}" + (f", Charge {lot}" if lot else ""),
            "",
            f"seit dem {since.day}.{since.month}.{since.year} haben uns {reports} Meldungen zu "
            f"diesem Produkt erreicht. Sie nennen: {what}. Ob es einen Mangel gibt, wissen wir "
            "noch nicht.",
            "",
            "1. Ist Ihnen Ähnliches bekannt, auch von anderen Kunden?",
            "2. Was hat sich an Material, Bauteilen, Werk oder Prüfung geändert, und ab welcher "
            "Charge?",
            "3. Welche Chargen enthalten dasselbe Bauteil oder denselben Rohstoff?",
            "4. Bitte senden Sie uns die Prüfberichte und die Rückstellmuster dieser Chargen.",
            "",
            "Bitte antworten Sie binnen zwei Arbeitstagen, auch wenn noch nicht alles bekannt ist.",
        ]
        return "\n".join(lines)
    lines = [
        f"{product}" + (f", lot {lot}" if lot else ""),
        "",
        f"Since {since.day} {since:%B %Y} we were told {reports} times of this product. The "
        f"reports speak of: {what}. Whether there is a defect we do not know yet.",
        "",
        "1. Do you know of anything similar, from other customers too?",
        "2. What changed in material, parts, plant or inspection, and from which lot on?",
        "3. Which lots hold the same part or raw material?",
        "4. Please send us the test reports and keep the retained samples of these lots.",
        *(f"{number}. {part}." for number, part in enumerate(asked, 5)),
        "",
        "Please answer within two working days, even if not everything is known by then.",
    ]
    return "\n".join(lines)


def words_needed(text: str, what: str) -> str:
    """The words in one line; refused where there are none."""
    said = " ".join(text.split())
    if not said:
        raise Unreadable("words_needed", f"{what} needs words.", hint="Say it in a sentence.")
    return said[:500]


def one_of(word: str, known: dict[str, str], what: str) -> str:
    """A key of a list; refused with the list where it is none."""
    key = word.strip().lower().replace(" ", "_").replace("-", "_")
    if key in known:
        return key
    raise Unreadable(
        f"unknown_{what}", f"No {what} is called “{word[:40]}”.", hint=f"Known: {', '.join(known)}."
    )


def _asks(part: str) -> bool:
    return part.strip().startswith("ask ")


def _begun(part: str) -> str:
    return part[:1].upper() + part[1:]
