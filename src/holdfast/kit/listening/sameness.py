"""Which posts say the same: one fingerprint for copies, one share of words for look-alikes."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable

_LEAD = re.compile(r"\A\s*(rt|via|mt)\s+@\w+:?\s*", re.IGNORECASE)
_NOISE = re.compile(r"https?://\S+|www\.\S+|[@#]\w+")
_WORD = re.compile(r"\w+")
ALIKE = 0.6
MOST_WORDS = 400


def fingerprint(text: str) -> str:
    """The same for the same words, whatever the case, marks, links, names called and tags.

    >>> fingerprint("RT @a: It is SAFE!!! https://x.example") == fingerprint("it is safe @b")
    True
    >>> fingerprint("it is safe") == fingerprint("it is not safe")
    False
    """
    words = _words(text) or _WORD.findall(text.casefold()) or [text.strip()]
    return hashlib.sha256(" ".join(words).encode()).hexdigest()


def word_set(text: str) -> frozenset[str]:
    """The words by which a text is compared with others; at most 400."""
    return frozenset(_words(text)[:MOST_WORDS])


def alike(one: frozenset[str], others: Iterable[frozenset[str]]) -> int:
    """How many of the others share at least 0.6 of the words (of all that either has)."""
    return sum(1 for other in others if one and len(one & other) >= ALIKE * len(one | other))


def _words(text: str) -> list[str]:
    bare = _NOISE.sub(" ", _LEAD.sub("", unicodedata.normalize("NFKC", text)))
    return _WORD.findall(bare.casefold())
