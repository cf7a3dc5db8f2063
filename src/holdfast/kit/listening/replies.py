"""Short replies of whole sentences of an approved notice, and what a correction page says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from holdfast.kit.renderings.content import NoticeContent

LONGEST_REPLY = 280
LONGEST_CLAIM = 240
_ISOLATES = re.compile("[\u2066-\u2069]")

#: What each tag is answered with: fields of the notice, the first most needed.
ANSWERS: dict[str, tuple[str, ...]] = {
    "injury": ("stop", "hurt"),
    "wrong_advice": ("stop", "hazard"),
    "scam": ("real",),
    "affected": ("stop", "remedy"),
    "question": ("identify", "remedy"),
    "anger": ("remedy",),
    "praise": ("share",),
    "": ("headline", "stop"),
}

#: What a wrong claim can be about: the fields that state the fact, and those that say what to do.
ABOUT: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "use": (("stop", "hazard"), ("actions",)),
    "disposal": (("disposal",), ("stop", "remedy")),
    "affected": (("identify", "sold"), ("stop",)),
    "remedy": (("remedy",), ("contact",)),
    "scam": (("real",), ("contact",)),
}


@dataclass(frozen=True, slots=True)
class Snippet:
    """A reply of at most 280 characters; `fields` are those of the notice it was taken from."""

    text: str
    language: str
    fields: tuple[str, ...]


def snippet(content: NoticeContent, tag: str, *, url: str) -> Snippet | None:
    """The reply to a post with this tag: whole sentences as they were approved, then the address.

    None where the notice has none that fit; a sentence is never cut.
    """
    room = LONGEST_REPLY - len(url) - 1
    said: list[str] = []
    fields: list[str] = []
    for name in ANSWERS.get(tag, ANSWERS[""]):
        for sentence in _sentences(content, name):
            if sentence in said or len(" ".join((*said, sentence))) > room:
                continue
            said.append(sentence)
            fields += [] if name in fields else [name]
    if not said:
        return None
    return Snippet(f"{' '.join(said)} {url}", content.language, tuple(fields))


@dataclass(frozen=True, slots=True)
class Straight:
    """What a correction page says in one language; all but `claim` is the approved notice's."""

    headline: str
    fact: tuple[str, ...]
    steps: tuple[str, ...]
    claim: str = ""

    @property
    def rest(self) -> tuple[str, ...]:
        """What states the fact beyond the headline."""
        first = self.fact[0].removeprefix(self.headline).strip() if self.fact else ""
        return tuple(line for line in (first, *self.fact[1:]) if line)

    def as_json(self) -> dict[str, object]:
        return {
            "headline": self.headline,
            "fact": list(self.fact),
            "steps": list(self.steps),
            "claim": self.claim,
        }


def straight(content: NoticeContent, about: str, *, claim: str = "") -> Straight | None:
    """The page from an approved notice; None where the notice says nothing about it."""
    facts, steps = ABOUT[about]
    fact = [line for name in facts for line in _lines(content, name)]
    if not fact:
        return None
    first = _split(fact[0])[0]
    return Straight(
        headline=first,
        fact=tuple(fact),
        steps=tuple(line for name in steps for line in _lines(content, name)),
        claim=" ".join(claim.split()),
    )


def stands_in(said: Straight, content: NoticeContent) -> bool:
    """Whether every sentence of the page still stands in the notice."""
    there = {line for name in content.words for line in _lines(content, name)}
    return all(line in there for line in (*said.fact, *said.steps))


def repeats(headline: str, claim: str) -> bool:
    """Whether a headline says the claim again: four words in a row, or most of its words.

    >>> repeats("You can keep using it if it is cold", "Keep using it if it is cold")
    True
    >>> repeats("Stop using it now.", "You can keep using it until the new one comes")
    False
    """
    head, said = _words(headline), _words(claim)
    runs = {tuple(head[at : at + 4]) for at in range(len(head) - 3)}
    if any(tuple(said[at : at + 4]) in runs for at in range(len(said) - 3)):
        return True
    return bool(said) and len(set(said) & set(head)) >= 0.6 * len(set(said))


def _lines(content: NoticeContent, name: str) -> list[str]:
    return [_ISOLATES.sub("", line).strip() for line in content.lines(name) if line.strip()]


def _sentences(content: NoticeContent, name: str) -> Sequence[str]:
    return [one for line in _lines(content, name) for one in _split(line)]


def _split(text: str) -> list[str]:
    return [one.strip() for one in re.split(r"(?<=[.!?؟])\s+", text) if one.strip()]


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())
