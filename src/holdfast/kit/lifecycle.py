"""A state machine as a table: moves by name, guards by name, refusals with their reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from holdfast.kit.refusals import Forbidden


@dataclass(frozen=True, slots=True)
class Move:
    """One row: `name` takes any of `sources` to `target`, if every guard holds.

    A guard is named for what must be true; its value is the sentence said when it is not.
    """

    name: str
    sources: tuple[str, ...]
    target: str
    guards: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """All states, the first one, the moves between them, and the words of a refusal.

    `subject` is what a refusal calls the thing ("recall"); `guards` maps a guard to the reason it
    gives when it does not hold.
    """

    subject: str
    start: str
    moves: tuple[Move, ...]
    guards: Mapping[str, str]
    ends: tuple[str, ...] = ()

    @property
    def states(self) -> tuple[str, ...]:
        """Every state the table names, in the order of its rows."""
        named = [self.start]
        for move in self.moves:
            named += [*move.sources, move.target]
        return tuple(dict.fromkeys([*named, *self.ends]))

    def rows(self, name: str) -> tuple[Move, ...]:
        """The rows of one move; a name that is not in the table is a bug, not a refusal."""
        found = tuple(row for row in self.moves if row.name == name)
        if not found:
            raise KeyError(f"The {self.subject} table has no move called {name!r}.")
        return found

    def after(self, state: str, name: str, facts: Mapping[str, bool] | None = None) -> str:
        """The state a move leads to, or `Forbidden` with the reason it may not be made now."""
        rows = self.rows(name)
        row = next((row for row in rows if state in row.sources), None)
        if row is None:
            sources = tuple(dict.fromkeys(source for row in rows for source in row.sources))
            raise Forbidden(
                "lifecycle",
                f"{_an(self.subject)} that is {_said(state)} cannot be moved by "
                f"“{_said(name)}”; that needs it to be {_or(sources)}.",
                hint=self._hint(state),
            )
        for guard in row.guards:
            if not (facts or {}).get(guard, False):
                raise Forbidden(
                    guard,
                    self.guards[guard],
                    hint=f"“{_said(name)}” waits for this; nothing was changed.",
                )
        return row.target

    def may(self, state: str, name: str, facts: Mapping[str, bool] | None = None) -> bool:
        """Would the move be made now?"""
        return not self.hindrance(state, name, facts)

    def hindrance(self, state: str, name: str, facts: Mapping[str, bool] | None = None) -> str:
        """The reason a move may not be made now; empty where it may."""
        try:
            self.after(state, name, facts)
        except Forbidden as refusal:
            return refusal.message
        return ""

    def from_here(self, state: str) -> tuple[str, ...]:
        """The names of the moves this state has."""
        return tuple(row.name for row in self.moves if state in row.sources)

    def unreachable(self) -> tuple[str, ...]:
        """States no path from the start leads to; a correct table has none."""
        reached = {self.start}
        while True:
            more = {m.target for m in self.moves if reached & set(m.sources)} - reached
            if not more:
                return tuple(state for state in self.states if state not in reached)
            reached |= more

    def stuck(self) -> tuple[str, ...]:
        """States that are no end and from which no end can be reached."""
        living = set(self.ends)
        while True:
            more = {s for m in self.moves if m.target in living for s in m.sources} - living
            if not more:
                return tuple(state for state in self.states if state not in living)
            living |= more

    def diagram(self) -> str:
        """The table as a Mermaid state diagram."""
        rows = ["stateDiagram-v2", f"    [*] --> {self.start}"]
        for move in self.moves:
            label = _said(move.name)
            if move.guards:
                label += f" [{', '.join(_said(guard) for guard in move.guards)}]"
            rows += [f"    {source} --> {move.target}: {label}" for source in move.sources]
        rows += [f"    {end} --> [*]" for end in self.ends]
        return "\n".join(rows) + "\n"

    def _hint(self, state: str) -> str:
        names = self.from_here(state)
        if not names:
            return f"It is {_said(state)}; that is final."
        return f"From here it can: {', '.join(_said(name) for name in names)}."


def _an(subject: str) -> str:
    return f"{'An' if subject[0] in 'aeiou' else 'A'} {subject}"


def _said(word: str) -> str:
    return word.replace("_", " ")


def _or(words: tuple[str, ...]) -> str:
    said = [_said(word) for word in words]
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} or {said[-1]}"
