"""The small notation hazard words are written in, turned into regular expressions."""

from __future__ import annotations

import re
from collections.abc import Iterable

END = r".!?;\n"  # what ends a sentence
_BREAK = rf"[^\w{END}]{{1,4}}"
_GAP = rf"[^\w{END}]{{1,4}}(?:\w+[^\w{END}]{{1,4}}){{0,5}}?"
_FIRST = rf"(?:\A|(?<=[{END}])|(?<=[{END}] ))"
_LAST = rf"(?=\s*(?:[{END}]|\Z))"


def compiled(written: Iterable[str]) -> re.Pattern[str]:
    """One expression for many patterns: a space breaks words, `*` ends them, `..` skips to five."""
    parts = [_one(text) for text in written if text.strip()]
    return re.compile("|".join(parts) if parts else r"(?!)")


def _one(text: str) -> str:
    text = text.strip()
    first, last = text.startswith("^"), text.endswith("$")
    text = text.removeprefix("^").removesuffix("$")
    text = re.sub(r"(?<!\\w)(?<!\\d)\*", r"\\w*", text)
    text = re.sub(r" \.\. ", "\0", text).replace(" ", _BREAK).replace("\0", _GAP)
    text = re.sub(r"\((?!\?)", "(?:", text)
    return (_FIRST if first else r"\b") + f"(?:{text})" + (_LAST if last else r"\b")
