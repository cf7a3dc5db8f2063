"""Does a text speak of a recall that was made, or only of one that is wished for or not there?

Who has read of a recall reports because of the news, and weighs half (`kit.signals.report`). Most
who write the word have read of none: they ask for one ("this should be recalled"), say that there
is none, or do not recall a name.
"""

from __future__ import annotations

import re

_SPOKEN = re.compile(r"\b(?:recall|rückruf|rueckruf|rappel de produit|retirada)", re.IGNORECASE)
_SENTENCE = re.compile(r"[.!?;\n]")
_LOOKED_AT = 200  # signs before the word
_WISHED_OR_DENIED = re.compile(
    r"\b(?:should|must|needs?|ought|please|wants?|would|asks?|asking|request\w*|demand\w*|"
    r"consider\w*|recommend\w*|urge|hope\w*|wish\w*|possibl[ey]|immediate|merits?|deserves?|"
    r"warrants?|if they|refused)\b"
    r"|(?<!due )\bto (?:be )?$"
    r"|\b(?:not?|never|cannot|without|(?:is|was|are|has|have|does|do|did|ca)n.t)\b"
    r"(?! (?:know|idea|aware|reali[sz]e))(?:\W+\w+){0,5}\W*$",
    re.IGNORECASE,
)
"""A wish anywhere before it in the sentence; a denial within six words, as with hazards."""


def speaks_of_recall(text: str) -> bool:
    """Whether it names a recall as a thing that happened.

    >>> speaks_of_recall("I saw the recall today"), speaks_of_recall("This should be recalled!")
    (True, False)
    """
    return any(
        not _WISHED_OR_DENIED.search(_SENTENCE.split(_before(text, found.start()))[-1])
        for found in _SPOKEN.finditer(text)
    )


def _before(text: str, at: int) -> str:
    return text[max(0, at - _LOOKED_AT) : at]
