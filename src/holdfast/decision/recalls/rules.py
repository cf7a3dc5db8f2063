"""Decisions about recalls as pure functions: outcomes, narrowing, four eyes, what comes next."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from holdfast.kit.actors import Actor
from holdfast.kit.ledger.canonical import canonical_json
from holdfast.kit.refusals import Forbidden, Unreadable
from holdfast.kit.risk import eu_grid, eu_rapex
from holdfast.kit.risk.methods import Asked, Method, method_named
from holdfast.kit.risk.presumption import presumed as grounds_of
from holdfast.kit.risk.product import ProductRisk, assess_product
from holdfast.kit.risk.scenario import Scenario

SCOPE_JOB = "scope"
LARGE = 50_000
"""Lines judged (about half a second) from which a scope is worked out in the background."""

OUTCOMES: dict[str, str] = {
    "fire": "Fire",
    "burn": "Burn",
    "electric_shock": "Electric shock",
    "explosion": "Explosion",
    "poisoning": "Poisoning",
    "infection": "Infection",
    "allergic_reaction": "Allergic reaction",
    "choking": "Choking",
    "strangulation": "Strangulation",
    "suffocation": "Suffocation",
    "drowning": "Drowning",
    "cut": "Cut",
    "crushing": "Crushing",
    "fall": "Fall",
    "hearing_damage": "Damage to hearing",
    "eye_damage": "Damage to eyes",
    "other": "Something else",
}
ALIASES = {"shock": "electric_shock", "allergy": "allergic_reaction", "strangling": "strangulation"}
MEASURES: dict[str, str] = {
    "stop_sale": "stop the sale",
    "stop_use": "tell owners to stop using it",
    "recall": "recall it from owners",
    "consignee_return": "take it back from firms that sell it",
    "warn": "warn the public",
    "monitor": "keep watching, no recall",
}
REMEDIES = ("refund", "replacement", "repair", "credit", "disposal")
ROLES: dict[str, str] = {
    "lead": "Recall lead",
    "quality": "Quality",
    "legal": "Legal",
    "support": "Support lead",
    "press": "Press and public",
    "warehouse": "Warehouse",
}


def outcome_of(word: str) -> str:
    """The outcome a word names; what can happen to a person is never left out."""
    key = word.strip().lower().replace(" ", "_").replace("-", "_")
    key = ALIASES.get(key, key)
    if key in OUTCOMES:
        return key
    what = f"“{word}” is not on the list of" if key else "Nobody has said"
    raise Unreadable(
        "outcome_needed",
        f"{what} what can happen to a person.",
        hint=f"Name one of: {', '.join(OUTCOMES)}.",
    )


def measures_of(words: list[str]) -> list[str]:
    """The measures named, in the order of the list; an unknown one is refused."""
    named = {word.strip().lower().replace("-", "_") for text in words for word in text.split(",")}
    return _known("measure", named - {""}, tuple(MEASURES))


def remedies_of(words: list[str]) -> list[str]:
    """The remedies named, in the order of the list; an unknown one is refused."""
    named = {word.strip().lower() for text in words for word in text.split(",")}
    return _known("remedy", named - {""}, REMEDIES)


def _known(kind: str, named: set[str], known: tuple[str, ...]) -> list[str]:
    unknown = sorted(named - set(known))
    if unknown:
        raise Unreadable(
            f"unknown_{kind}",
            f"No {kind} is called {', '.join(f'“{word}”' for word in unknown)}.",
            hint=f"Known: {', '.join(known)}.",
        )
    return [word for word in known if word in named]


def judged(method: str, scenarios: Sequence[Scenario], presumed: Sequence[str]) -> ProductRisk:
    """The risk by a grid we have; refused by one whose cells are unknown, or by another kind."""
    by_method = method_named(method)
    if by_method.name == eu_rapex.METHOD and not presumed:
        return eu_rapex.assess_by_rapex(scenarios)
    if by_method.name == eu_grid.METHOD:
        return assess_product(scenarios, grounds_of(presumed))
    if by_method.kind != "grid":
        raise Unreadable(
            "no_grid",
            f"{by_method.title} gives no level of risk.",
            hint=f"Levels come from {eu_grid.METHOD}.",
        )
    # The method itself says why it gives no level.
    told = by_method.answer(Asked(scenarios=scenarios, presumed=presumed))
    raise Forbidden("level_unknown", str(told["sentence"]), hint=f"Use {eu_grid.METHOD}.")


def ask_computed(method: Method, told: dict[str, object]) -> dict[str, object]:
    """What a class scheme answered; refused where a fact is missing or the class is unknown."""
    if method.kind not in ("class", "priority", "threshold"):
        raise Unreadable(
            "no_class",
            f"{method.title} gives no class.",
            hint="See `holdfast risk list`.",
        )
    if told["answer"] is None:
        missing = told.get("missing")
        named = missing["fact"] if isinstance(missing, dict) else ""
        raise Unreadable(
            "fact_needed" if named and not told.get("unknown") else "class_unknown",
            str(told["sentence"]),
            hint=f"Give --fact {named}=" if named else "No class is kept while it is unknown.",
            extra={"missing": missing, "possible": told.get("possible")},
        )
    return told


def class_named(method: Method, word: str) -> str:
    """The key of a class, by its key, its title or the title's last word (II, A, high)."""
    wanted = word.strip().casefold().replace("-", "_")
    for key, title in method.classes.items():
        if wanted in (key, title.casefold(), title.casefold().rpartition(" ")[2]):
            return key
    raise Unreadable(
        "bad_class",
        f"“{word[:40]}” is no class of {method.title}."
        if method.classes
        else f"By {method.title} no authority sets a class.",
        hint=f"One of: {', '.join(method.classes.values())}." if method.classes else "",
    )


def content_sha256(content: Mapping[str, object]) -> str:
    """What a signature is bound to: the hash of the canonical bytes of the content."""
    return hashlib.sha256(canonical_json(dict(content))).hexdigest()


def ask_second_person(by: Actor, proposer: str, *, what: str) -> bool:
    """True where one person approves their own proposal alone; refused where others work here."""
    if by.key != proposer:
        return False
    if by.alone:
        return True
    raise Forbidden(
        "second_person",
        f"{by.name} proposed this {what}; somebody else has to settle it.",
        hint="Ask a recall lead or approver; on the command line: --as THEIR-E-MAIL.",
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known about a recall at one moment, gathered from every room below the doors."""

    state: str
    scope_proposed: int | None = None
    scope_confirmed: int | None = None
    people: int = 0
    lines_in_data: int = 0
    holds: int = 0
    holds_open: int = 0
    decision_proposed: int | None = None
    decision_signed: int | None = None
    languages_needed: int = 0
    languages_approved: int = 0
    waves: int = 0
    messages_open: int = 0
    messages_ambiguous: int = 0
    people_unreachable: int = 0
    claims_open: int = 0
    units_unaccounted: int | str = 0  # decimal text where units are fractions
    remedies_set: bool = False
    law_asked: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the room's checklist; `act` is the name of the page or command that does it."""

    phase: str
    words: str
    is_done: bool
    act: str


PHASES = ("contain", "decide", "tell", "remedy", "account", "close")


def checklist(now: Standing) -> list[Step]:
    """What has to happen in this recall, by phase, and what of it has happened."""
    has_scope, has_decision = now.scope_confirmed is not None, now.decision_signed is not None
    told = now.waves > 0 and now.messages_open == 0
    return [
        Step("contain", "List the places where it is sold or lies", now.holds > 0, "hold"),
        Step(
            "contain",
            f"Stop all of them: {now.holds - now.holds_open} of {now.holds}",
            now.holds > 0 and now.holds_open == 0,
            "hold",
        ),
        Step("decide", "Bring the orders in", now.lines_in_data > 0, "import"),
        Step(
            "decide",
            f"Confirm scope v{now.scope_proposed}" if now.scope_proposed else "Confirm the scope",
            has_scope and now.scope_proposed is None,
            "scope",
        ),
        Step(
            "decide",
            f"Sign decision no. {now.decision_proposed}"
            if now.decision_proposed
            else "Record the decision",
            has_decision and now.decision_proposed is None,
            "decide",
        ),
        Step("decide", "Say what the law asks", now.law_asked, "law"),
        Step(
            "tell",
            f"Approve the notice: {now.languages_approved} of {now.languages_needed} languages"
            if now.languages_needed
            else "Approve the notice",
            0 < now.languages_needed <= now.languages_approved,
            "notice",
        ),
        Step("tell", f"Tell {now.people} people", told, "notify"),
        Step("remedy", "Set which remedies are offered", now.remedies_set, "remedy"),
        Step(
            "remedy",
            f"Settle {now.claims_open} open claims" if now.claims_open else "Settle every claim",
            told and now.claims_open == 0,
            "claims",
        ),
        Step(
            "account",
            f"Account for {now.units_unaccounted} units"
            if now.units_unaccounted
            else "Account for every unit",
            told and not now.units_unaccounted,
            "units",
        ),
        Step("close", "Close the file", now.state == "closed", "close"),
    ]


def next_step(now: Standing) -> Step | None:
    """The one thing to do next; None where the recall has ended.

    Stopping the sale comes before everything; then the order of the phases, except that a
    proposal that waits for a person goes first among its equals.
    """
    if now.state in ("closed", "withdrawn"):
        return None
    if now.messages_ambiguous:
        words = f"Look at {now.messages_ambiguous} messages that may have gone out twice or not"
        return Step("tell", words, False, "notify")
    return next((step for step in checklist(now) if not step.is_done), None)
