"""What the linter did not check in a text, and why: never silence where a rule was not applied."""

from __future__ import annotations

from collections.abc import Iterator

from holdfast.kit.wording.profile import Profile, Unchecked
from holdfast.kit.wording.tongue import Tongue

_PARTS = {
    "banned": "words that make the danger sound smaller",
    "mechanism": "whether a mechanism stands with what it can do to a person",
    "outcome": "whether it says what can happen to a person",
    "elements": "most of the required elements",
    "reading": "how hard it is to read",
}
_NO_LAW = "Holdfast: what is not known is said"


def not_checked(profile: Profile, tongue: Tongue) -> Iterator[Unchecked]:
    """Rules of the regime no text can show, and checks the language has no words for."""
    if profile.wording == "unknown":
        yield Unchecked(
            "regime",
            f"the rules of {profile.name} on the words of a notice",
            "They are not known to us; the house's own rules were applied instead.",
            profile.law,
            "unknown",
        )
    yield from profile.unchecked
    for part, what in _PARTS.items():
        if part not in tongue.parts:
            why = f"Not checked in this language: there is no list for {tongue.name} yet."
            yield Unchecked(f"language.{part}", what, why, _NO_LAW, "unknown")
    if "banned" in tongue.parts and not tongue.reviewer:
        yield Unchecked(
            "language.review",
            f"the lists for {tongue.name} by a person who speaks it",
            "They were written by the project and wait for a review.",
            _NO_LAW,
            "unknown",
        )
    heading = profile.headings.get(tongue.language)
    if profile.headings and (heading is None or heading.confidence != "verified"):
        yield Unchecked(
            "heading",
            f"the exact heading in {tongue.name}",
            f"Unverified. {heading.source}." if heading and heading.source else "Unverified.",
            profile.law,
            heading.confidence if heading else "unknown",
        )
