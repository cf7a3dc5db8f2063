"""One message in several languages: the same person's notice twice, one under the other.

Mail programs know no "choose a language", so both stand in the text and in the HTML, in the order
the person is likely to want them, each marked with its language and direction.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from holdfast.kit.wording.library import language_name

Piece = str | Mapping[str, str]
RULE = "\n" + "_" * 60 + "\n\n"
# Words of people stand escaped in the HTML, so these can only be ours.
_OPENING = re.compile(r"<body\b[^>]*>")
_CLOSING = re.compile(r"</body\s*>(?!.*</body\s*>)", re.DOTALL)
_RIGHT_TO_LEFT = frozenset(("ar", "fa", "he", "ur"))


def joined(texts: Sequence[tuple[str, Mapping[str, Any]]]) -> dict[str, Any]:
    """The parts of one message from (language, parts) in order; a single one stays as it is."""
    if len(texts) == 1:
        return dict(texts[0][1])
    names = " · ".join(language_name(code, code) for code, _ in texts)
    parts: dict[str, Any] = {
        "subject": _whole(_between([list(one["subject"]) for _, one in texts], " / ")),
        "text": _whole([f"{names}\n\n", *_between([list(one["text"]) for _, one in texts], RULE)]),
    }
    if all(one.get("html") for _, one in texts):
        parts["html"] = _html(texts, names)
    # usually the same photo; two approved at different times may show two
    photos = {photo["cid"]: photo for _, one in texts for photo in one.get("photo", ())}
    if photos:
        parts["photo"] = list(photos.values())
    return parts


def _between(lists: Sequence[Sequence[Piece]], rule: str) -> list[Piece]:
    found: list[Piece] = []
    for number, pieces in enumerate(lists):
        found += [rule, *pieces] if number else pieces
    return found


def _html(texts: Sequence[tuple[str, Mapping[str, Any]]], names: str) -> list[Piece]:
    head, _, end = _cut(texts[0][1]["html"])
    found: list[Piece] = [head, f'<p style="text-align:center">{escape(names)}</p>\n']
    for code, parts in texts:
        way = "rtl" if code.partition("-")[0] in _RIGHT_TO_LEFT else "ltr"
        found.append(f'<div lang="{escape(code)}" dir="{way}">\n')
        found += _cut(parts["html"])[1]
        found.append("</div>\n")
    return _whole([*found, end])


def _whole(pieces: Sequence[Piece]) -> list[Piece]:
    """Neighbouring literals as one: whoever breaks lines for the wire sees them whole."""
    found: list[Piece] = []
    for piece in pieces:
        if isinstance(piece, str) and found and isinstance(found[-1], str):
            found[-1] += piece
        elif piece:
            found.append(piece)
    return found


def _cut(html: Sequence[Piece]) -> tuple[str, list[Piece], str]:
    """A document as what opens it, its body, and what closes it."""
    pieces, head, end = list(html), "", ""
    first = pieces[0]
    if isinstance(first, str) and (opening := _OPENING.search(first)):
        head, pieces[0] = first[: opening.end()], first[opening.end() :]
    last = pieces[-1]
    if isinstance(last, str) and (closing := _CLOSING.search(last)):
        pieces[-1], end = last[: closing.start()], last[closing.start() :]
    return head, pieces, end
