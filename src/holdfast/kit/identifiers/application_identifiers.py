"""Application identifiers: their components, and whether a value fits them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from holdfast.kit.identifiers.ai_table import ROWS
from holdfast.kit.identifiers.check_digits import CSET_39, CSET_82
from holdfast.kit.identifiers.content_checks import CHECKS
from holdfast.kit.identifiers.elements import Elements
from holdfast.kit.identifiers.faults import BadIdentifier

_COMPONENT = re.compile(r"(?:(\d)x)?(\??)([NXYZ])(-?)(\d+)((?:/\w+)*)")
_BASE64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_="
ALPHABETS = {"N": "0123456789", "X": CSET_82, "Y": CSET_39, "Z": _BASE64URL}
_CALLED = {"N": "digits", "X": "characters of set 82", "Y": "characters of set 39"}


class Component(NamedTuple):
    """One part of a value: its alphabet (N, X, Y, Z), its length, and the checks it must pass."""

    alphabet: str
    shortest: int
    longest: int
    optional: bool
    checks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ApplicationIdentifier:
    """What stands behind one identifier.

    `predefined`: no separator is needed after it. `qualifiers`: for a primary key of a Digital
    Link the alternative sequences of qualifiers that may follow; None for others.
    """

    ai: str
    title: str
    components: tuple[Component, ...]
    predefined: bool
    attribute: bool
    needs: tuple[tuple[str, ...], ...]
    never: tuple[str, ...]
    qualifiers: tuple[tuple[str, ...], ...] | None

    @classmethod
    def of(cls, ai: str) -> ApplicationIdentifier:
        """The identifier with this number.

        >>> ApplicationIdentifier.of("10").title
        'BATCH/LOT'
        >>> ApplicationIdentifier.of("04")
        Traceback (most recent call last):
        ...
        holdfast.kit.identifiers.faults.BadIdentifier: \
element string: expected an application identifier, got “04”.
        """
        found = table().get(ai)
        if found is None:
            raise BadIdentifier("element string", "an application identifier", ai)
        return found

    @property
    def shortest(self) -> int:
        """How few characters a value may have."""
        return sum(one.shortest for one in self.components if not one.optional)

    @property
    def longest(self) -> int:
        """How many characters a value may have."""
        return sum(one.longest for one in self.components)

    def fault(self, value: str) -> BadIdentifier | None:
        """Why a value does not fit, or None where it does.

        >>> print(ApplicationIdentifier.of("17").fault("261331"))
        (17) USE BY or EXPIRY: expected a day as YYMMDD, got “261331”.
        """
        what, rest = f"({self.ai}) {self.title}", value
        for one in self.components:
            if not rest and one.optional:
                break
            part, rest = rest[: one.longest], rest[one.longest :]
            if len(part) < one.shortest or any(ch not in ALPHABETS[one.alphabet] for ch in part):
                return BadIdentifier(what, _expected(self.components), value)
            for check in one.checks:
                expected = CHECKS[check](part)
                if expected:
                    return BadIdentifier(what, expected, part)
        return BadIdentifier(what, _expected(self.components), value) if rest else None

    def check(self, value: str) -> str:
        """The value itself where it fits; BadIdentifier where it does not."""
        fault = self.fault(value)
        if fault is not None:
            raise fault
        return value


@cache
def table() -> dict[str, ApplicationIdentifier]:
    """Every application identifier by its number."""
    found = {}
    for line in ROWS.strip().splitlines():
        numbers, components, needs, never, key, title = (
            part.strip() for part in line.split("|", 5)
        )
        digits = numbers.rstrip("!-")
        first, _, last = digits.partition("-")
        for number in range(int(first), int(last or first) + 1):
            ai = str(number).zfill(len(first))
            found[ai] = ApplicationIdentifier(
                ai=ai,
                title=title,
                components=tuple(one for text in components.split() for one in _components(text)),
                predefined="!" in numbers,
                attribute=not numbers.endswith("-"),
                needs=tuple(tuple(group.split("+")) for group in needs.split()),
                never=tuple(never.split()),
                qualifiers=_qualifiers(key),
            )
    return found


@cache
def lengths() -> dict[str, int]:
    """How many digits the identifiers have that begin with these two."""
    return {ai[:2]: len(ai) for ai in table()}


def association_faults(elements: Elements) -> list[str]:
    """What is missing beside an element, or must not stand beside it.

    The rules are meant for all carriers of one item together, so these are remarks.

    >>> from holdfast.kit.identifiers.elements import Element
    >>> association_faults((Element("01", "09506000134352"), Element("02", "09506000134352")))
    ['(02) CONTENT needs (37) beside it.', '(02) CONTENT must not stand beside (01).']
    """
    present = {ai for ai, _ in elements}
    said = []
    for ai in sorted(present & table().keys()):
        known = table()[ai]
        name = f"({ai}) {known.title}"
        if known.needs and not any(
            all(_any_like(present, wanted) for wanted in group) for group in known.needs
        ):
            wanted = " or ".join("+".join(f"({one})" for one in group) for group in known.needs)
            said.append(f"{name} needs {wanted} beside it.")
        for other in known.never:
            beside = _like(present - {ai}, other)
            if beside:
                said.append(f"{name} must not stand beside ({min(beside)}).")
    return said


def _like(present: set[str], pattern: str) -> set[str]:
    return {
        ai
        for ai in present
        if len(ai) == len(pattern)
        and all(a == b or b == "n" for a, b in zip(ai, pattern, strict=True))
    }


def _any_like(present: set[str], pattern: str) -> bool:
    return bool(_like(present, pattern))


def _components(text: str) -> list[Component]:
    times, optional, alphabet, variable, length, checks = _COMPONENT.fullmatch(text).groups()  # type: ignore[union-attr]
    longest = int(length)
    names = tuple(checks.split("/")[1:])
    one = Component(alphabet, 1 if variable else longest, longest, bool(optional), names)
    return [one] * int(times or 1)


def _qualifiers(key: str) -> tuple[tuple[str, ...], ...] | None:
    if not key.startswith("key"):
        return None
    return tuple(tuple(group.split()) for group in key[3:].split("/"))


def _expected(components: tuple[Component, ...]) -> str:
    said = []
    for one in components:
        many = str(one.longest) if one.shortest == one.longest else f"1 to {one.longest}"
        words = f"{many} {_CALLED.get(one.alphabet, 'characters of base64url')}"
        said.append(f"perhaps {words}" if one.optional else words)
    return ", then ".join(said)
