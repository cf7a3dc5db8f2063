"""Letters without which a pattern cannot match, read out of how it is written; cautious.

>>> [sorted(one) for one in needed_in("(burn|scald*) (hands?|face)")]
[['burn', 'scald'], ['face', 'hand']]
>>> [sorted(one) for one in needed_in("caught .. fire")]
[['caught'], ['fire']]
"""

from __future__ import annotations

import re

_SHORT = 2  # letters; fewer say nothing
_TIMES = re.compile(r"\{(\d+)(?:,\d*)?\}")


def needed_in(written: str) -> tuple[frozenset[str], ...]:
    """Sets of each of which every text that matches holds one; none where nothing can be said."""
    parts, at = _branch(written, 0)
    if at < len(written):  # alternatives as a whole, or something unknown
        whole, at = _branches(written, 0)
        parts = [whole] if at == len(written) else []
    long = {frozenset(part) for part in parts if min(map(len, part), default=0) >= _SHORT}
    return tuple(sorted(long, key=lambda part: (-min(map(len, part)), len(part), sorted(part))))


def _branches(text: str, at: int) -> tuple[set[str], int]:
    """Of alternatives up to the bracket that ends them: every one has to give something."""
    needed: set[str] = set()
    known = True
    while True:
        parts, at = _branch(text, at)
        best = max(parts, key=lambda part: (min(map(len, part)), -len(part)), default=set[str]())
        needed |= best
        known = known and bool(best)
        if at < len(text) and text[at] == "|":
            at += 1
            continue
        return (needed if known else set()), at


def _branch(text: str, at: int) -> tuple[list[set[str]], int]:
    """Of one sequence: what each of its parts needs."""
    parts: list[set[str]] = []
    run = ""
    while at < len(text) and text[at] not in "|)":
        sign = text[at]
        if sign == "(":
            parts.append({run})
            run = ""
            inner, at, counts = _group(text, at)
            at, is_optional = _repeated(text, at)
            if counts and not is_optional:
                parts.append(inner)
        elif sign in "\\[":
            parts.append({run})
            run = ""
            at = at + 2 if sign == "\\" else text.index("]", at + 2) + 1
            at, _ = _repeated(text, at)
        elif sign in " .^$*+?{":
            parts.append({run})
            run, at = "", at + 1
        else:
            after, is_optional = _repeated(text, at + 1)
            if after == at + 1:
                run += sign
            else:
                parts += [{run if is_optional else run + sign}]
                run = ""
            at = after
    parts.append({run})
    return [part for part in parts if part and all(part)], at


def _group(text: str, at: int) -> tuple[set[str], int, bool]:
    """A group in brackets: what it needs, where it ends, and whether its letters are matched."""
    at += 1
    counts = True
    if text.startswith("?", at):
        counts = text.startswith("?:", at)
        at += 3 if text.startswith("?<", at) else 2
    inner, at = _branches(text, at)
    return inner, at + 1, counts


def _repeated(text: str, at: int) -> tuple[int, bool]:
    """Past what says how often; whether that may be never."""
    if at < len(text) and text[at] == "{":
        found = _TIMES.match(text, at)
        if found:
            at, is_optional = found.end(), found.group(1) == "0"
            return (at + 1 if text.startswith("?", at) else at), is_optional
        return at + 1, True
    if at < len(text) and text[at] in "?+":
        is_optional = text[at] == "?"
        at += 1
        return (at + 1 if text.startswith("?", at) else at), is_optional
    if at < len(text) and text[at] == "*":  # the rest of a word: what stands before is there
        return at + 1, False
    return at, False
