"""Decision trees as data: facts in, an answer out, with the path taken and its citations.

A tree is one TOML file in the form of `trees/schema.json`; adding one is copying a file. Class
schemes and thresholds of authorities (`classes/`) are trees too: questions in the order in which
the authority's definitions decide.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from holdfast.kit.refusals import NotFound, Unreadable
from holdfast.kit.risk.source import CONFIDENCES, Source

FOLDER = Path(__file__).parent
SHELVES = {"decision": FOLDER / "trees", "class": FOLDER / "classes"}
YES_NO = {"yes": "Yes", "no": "No"}
UNKNOWN = "unknown"
ANY = "any"
BESIDE = {UNKNOWN: "Unknown", ANY: "Whatever it is"}


@dataclass(frozen=True, slots=True)
class Fact:
    """What is asked, and the answers there are (key to words)."""

    name: str
    asks: str
    answers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Node:
    """A fact asked at one place of the tree, on whose ground, and where each answer leads."""

    name: str
    fact: str
    law: str
    confidence: str
    leads: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """An end of the tree: its title, what it means, and the text that says so."""

    name: str
    title: str
    words: str
    law: str
    confidence: str

    def as_json(self) -> dict[str, object]:
        return {
            "outcome": self.name,
            "title": self.title,
            "words": self.words,
            "citation": self.law,
            "confidence": self.confidence,
        }


@dataclass(frozen=True, slots=True)
class Walked:
    """One question on the way; `given` is "any" where every answer leads to the same end."""

    fact: str
    asks: str
    given: str
    words: str
    law: str
    confidence: str

    def as_json(self) -> dict[str, object]:
        return {
            "fact": self.fact,
            "question": self.asks,
            "answer": self.given,
            "words": f"{self.asks} {self.words}.",
            "citation": self.law,
            "confidence": self.confidence,
        }


@dataclass(frozen=True, slots=True)
class Reached:
    """Where the facts lead: an outcome, or the fact that is missing and what is still possible."""

    tree: Tree
    outcome: Outcome | None
    path: tuple[Walked, ...]
    missing: Fact | None
    is_unknown: bool
    possible: tuple[Outcome, ...]

    @property
    def sentence(self) -> str:
        """The answer, or what is asked and what it could still be."""
        if self.outcome is not None:
            return f"{self.outcome.title}. {self.outcome.words}"
        could = "; ".join(one.title for one in self.possible)
        fact = self.missing
        asks = f"{fact.name}: {fact.asks}" if fact else ""
        if self.is_unknown:
            return f"Unknown, because this is unknown: {asks} Still possible: {could}."
        return f"Needed: {asks} Still possible: {could}."

    def as_json(self) -> dict[str, object]:
        fact = self.missing
        return {
            "tree": self.tree.name,
            "title": self.tree.title,
            **self.tree.source.as_json(),
            "answer": self.outcome.name if self.outcome else None,
            "outcome": self.outcome.as_json() if self.outcome else None,
            "sentence": self.sentence,
            "path": [step.as_json() for step in self.path],
            "missing": {"fact": fact.name, "question": fact.asks, "answers": list(fact.answers)}
            if fact
            else None,
            "unknown": self.is_unknown,
            "possible": [one.name for one in self.possible],
        }


@dataclass(frozen=True, slots=True)
class Tree:
    """Facts, nodes and outcomes of one file.

    `scale` has the outcomes that are classes, worst first;
    `assigned_by` names the authority that sets the class; what comes out here is ours only.
    """

    name: str
    title: str
    source: Source
    start: str
    facts: Mapping[str, Fact]
    nodes: Mapping[str, Node]
    outcomes: Mapping[str, Outcome]
    markets: tuple[str, ...] = ()
    goods: str = ""
    assigned_by: str = ""
    scale: tuple[str, ...] = ()

    def answer(self, given: Mapping[str, str]) -> Reached:
        """Walk the tree with the facts given; a missing one is asked for by its name."""
        known = self._read(given)
        path: list[Walked] = []
        at = self.start
        while at in self.nodes:
            node = self.nodes[at]
            fact = self.facts[node.fact]
            value = known.get(node.fact, "")
            if value in node.leads:
                path.append(_walked(node, fact, value))
                at = node.leads[value]
                continue
            possible = tuple(dict.fromkeys(self._ends(at, known)))
            if len(possible) == 1:
                # Every answer ends there; the way on is one that asks what is known.
                path.append(_walked(node, fact, ANY))
                ways = [target for target in node.leads.values() if target in self.nodes]
                at = next(iter(ways), possible[0])
                continue
            if value == UNKNOWN:
                path.append(_walked(node, fact, UNKNOWN))
            return Reached(self, None, tuple(path), fact, value == UNKNOWN, self._all(possible))
        return Reached(self, self.outcomes[at], tuple(path), None, False, self._all((at,)))

    def _all(self, names: tuple[str, ...]) -> tuple[Outcome, ...]:
        return tuple(self.outcomes[name] for name in names)

    def _ends(self, at: str, known: Mapping[str, str]) -> Iterator[str]:
        """The outcomes that stay possible from a place with what is known."""
        if at in self.outcomes:
            yield at
            return
        node = self.nodes[at]
        value = known.get(node.fact, "")
        for answer, target in node.leads.items():
            if value in ("", UNKNOWN) or answer == value:
                yield from self._ends(target, known)

    def _read(self, given: Mapping[str, str]) -> dict[str, str]:
        known: dict[str, str] = {}
        for name, value in given.items():
            fact = self.facts.get(name.strip())
            if fact is None:
                raise Unreadable(
                    "unknown_fact",
                    f"“{self.name}” asks for no fact “{name[:60]}”.",
                    hint=f"It asks for: {', '.join(self.facts)}.",
                )
            key = value.strip().lower()
            key = {"true": "yes", "false": "no"}.get(key, key)
            if key not in (*fact.answers, UNKNOWN, ""):
                raise Unreadable(
                    "bad_fact",
                    f"“{value[:60]}” is no answer to “{fact.name}”.",
                    hint=f"{fact.asks} One of: {', '.join([*fact.answers, UNKNOWN])}.",
                )
            if key:
                known[fact.name] = key
        return known


def _walked(node: Node, fact: Fact, value: str) -> Walked:
    words = fact.answers.get(value) or BESIDE[value]
    return Walked(fact.name, fact.asks, value, words, node.law, node.confidence)


def tree_names(shelf: str = "decision") -> tuple[str, ...]:
    """The trees of a shelf: `decision` or `class`."""
    return tuple(sorted(path.stem for path in SHELVES[shelf].glob("*.toml")))


@cache
def tree(name: str, shelf: str = "decision") -> Tree:
    """The tree of a file; refuses a name that has none, and a file with a dead branch."""
    path = SHELVES[shelf] / f"{name}.toml"
    if not name.isidentifier() or not path.is_file():
        raise NotFound(
            "unknown_tree",
            f"There is no decision tree “{name[:60]}”.",
            hint=f"Choose one of: {', '.join(tree_names(shelf))}.",
        )
    found = read_tree(path.read_text(encoding="utf-8"))
    faults = faults_of(found)
    if faults or found.name != name:
        raise Unreadable(
            "bad_tree", f"{path.name}: {(faults or ['its id is not its name'])[0]}", file=path.name
        )
    return found


def read_tree(text: str) -> Tree:
    """A tree from its TOML; what the schema demands is taken as given, see `faults_of`."""
    try:
        told: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Unreadable("bad_tree", f"This is no TOML: {error}.") from error
    return Tree(
        name=told["id"],
        title=told["title"],
        source=Source(
            told["legal_basis"],
            tuple(told["sources"]),
            told["confidence"],
            told.get("status", ""),
            told.get("confidence_note", ""),
            tuple(told.get("conventions", ())),
        ),
        start=told["start"],
        facts={
            name: Fact(name, one["asks"], one.get("answers", YES_NO))
            for name, one in told["facts"].items()
        },
        nodes={
            name: Node(name, one["fact"], one.get("law", ""), one["confidence"], one["leads"])
            for name, one in told["nodes"].items()
        },
        outcomes={
            name: Outcome(name, one["title"], one["words"], one.get("law", ""), one["confidence"])
            for name, one in told["outcomes"].items()
        },
        markets=tuple(told.get("markets", ())),
        goods=told.get("goods", ""),
        assigned_by=told.get("assigned_by", ""),
        scale=tuple(told.get("scale", ())),
    )


def faults_of(found: Tree) -> list[str]:
    """What is wrong with a tree: dead branches, loops, unreached parts, unsaid confidence."""
    both = sorted(set(found.nodes) & set(found.outcomes))
    faults = [f"“{name}” is a node and an outcome" for name in both]
    places = {*found.nodes, *found.outcomes}
    if found.start not in places:
        return [*faults, f"it starts at “{found.start}”, which is nowhere"]
    for node in found.nodes.values():
        fact = found.facts.get(node.fact)
        if fact is None:
            faults.append(f"“{node.name}” asks for “{node.fact}”, which is no fact")
        elif set(node.leads) != set(fact.answers):
            faults.append(f"“{node.name}” does not lead on from exactly the answers of its fact")
        faults += [
            f"“{node.name}” leads to “{target}”, which is nowhere"
            for target in node.leads.values()
            if target not in places
        ]
    grounds = [(one.name, one.law, one.confidence) for one in found.nodes.values()]
    grounds += [(one.name, one.law, one.confidence) for one in found.outcomes.values()]
    for name, law, confidence in grounds:
        if confidence not in CONFIDENCES:
            faults.append(f"“{name}” has the confidence “{confidence}”")
        elif not law and confidence not in ("own_rule", "unknown"):
            faults.append(f"“{name}” cites nothing")
    faults += [f"its scale names “{name}”" for name in found.scale if name not in found.outcomes]
    if faults:
        return faults
    reached: set[str] = set()
    for path in paths(found):
        asked = [found.nodes[place].fact for place in path[:-1]]
        if path[-1] in found.nodes or len(set(asked)) < len(asked):
            faults.append(f"a path asks for a fact twice: {' → '.join(path)}")
        reached |= set(path)
    faults += [f"“{name}” is never reached" for name in sorted(places - reached)]
    used = {node.fact for node in found.nodes.values()}
    return faults + [f"no node asks for “{name}”" for name in found.facts if name not in used]


def paths(found: Tree) -> Iterator[tuple[str, ...]]:
    """Every way from the start to an end; a loop ends where it closes."""

    def walk(at: str, before: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        path = (*before, at)
        if at in found.outcomes or at in before:
            yield path
            return
        for target in found.nodes[at].leads.values():
            yield from walk(target, path)

    return walk(found.start, ())
