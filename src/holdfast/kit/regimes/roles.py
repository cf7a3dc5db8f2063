"""What we are in each country: roles as they are typed, one at a time or per country."""

from __future__ import annotations

from collections.abc import Iterable

from holdfast.kit.refusals import Unreadable
from holdfast.kit.regimes.law import ROLES
from holdfast.kit.regimes.places import place


def role(text: str) -> str:
    """The role of a word; refuses one that no law knows.

    >>> role("online marketplace")
    'marketplace'
    """
    name = text.strip().lower().replace("-", "_").replace(" ", "_").removeprefix("online_")
    if name in ROLES:
        return name
    raise Unreadable(
        "unknown_role",
        f"No law knows the role “{text[:40]}”.",
        hint="Roles: " + ", ".join(ROLES) + ".",
    )


def roles_of(words: Iterable[str]) -> dict[str, frozenset[str]]:
    """`importer` or `US=importer`: roles by country; the key "" holds for all other countries.

    >>> roles_of(["US=importer"])
    {'US': frozenset({'importer'})}
    """
    found: dict[str, frozenset[str]] = {}
    for word in words:
        country, sign, name = word.rpartition("=")
        where = place(country).code if sign else ""
        found[where] = found.get(where, frozenset()) | {role(name)}
    return found
