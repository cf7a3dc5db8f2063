"""A linear tokenizer for hostile HTML: the standard one is quadratic on unclosed tags."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape

_NAME = re.compile(r"[a-zA-Z][a-zA-Z0-9:-]{0,40}")
_ATTRIBUTE = re.compile(
    r"""([^\s"'>/=]{1,80})(?:\s{0,9}=\s{0,9}(?:"([^"]*+)"|'([^']*+)'|([^\s"'>]{1,2000})))?"""
)
_REFERENCE = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});?")
_SILENT_END = {
    name: re.compile(rf"</{name}", re.IGNORECASE)
    for name in ("script", "style", "template", "noscript")
}
_LONGEST_TAG = 200_000


@dataclass(slots=True)
class Token:
    """A piece of HTML: kind is text, start, end; `place` is where it begins in the file."""

    kind: str
    value: str
    place: int
    attributes: dict[str, str] = field(default_factory=dict)


def _attributes(body: str) -> dict[str, str]:
    if len(body) > _LONGEST_TAG:
        return {}
    found: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTE.findall(body):
        found.setdefault(name.lower(), unescape(double or single or bare))
    return found


def _tag_end(raw: str, start: int, first: int) -> int:
    """The `>` that ends a tag; one inside quotes does not, unless the quotes never close."""
    end = first
    for _ in range(20):
        body = raw[start:end]
        if body.count('"') % 2 == 0 and body.count("'") % 2 == 0:
            return end
        end = raw.find(">", end + 1, start + _LONGEST_TAG)
        if end < 0:
            break
    return first


def _texts(raw: str, start: int, end: int) -> Iterator[Token]:
    place = start
    for match in _REFERENCE.finditer(raw, start, end):
        if match.start() > place:
            yield Token("text", raw[place : match.start()], place)
        yield Token("text", unescape(match.group()), match.start())
        place = match.end()
    if end > place:
        yield Token("text", raw[place:end], place)


def tokens(raw: str) -> Iterator[Token]:
    """Text, start and end tags in order; comments, declarations and scripts are skipped."""
    place = 0
    close = -1
    while True:
        opened = raw.find("<", place)
        if opened < 0:
            yield from _texts(raw, place, len(raw))
            return
        after = raw[opened + 1 : opened + 2]
        is_tag = after.isalpha() and after.isascii()
        if not (is_tag or (after and after in "/!?")):
            yield from _texts(raw, place, opened + 1)
            place = opened + 1
            continue
        yield from _texts(raw, place, opened)
        if raw.startswith("<!--", opened):
            end = raw.find("-->", opened + 4)
            place = len(raw) if end < 0 else end + 3
            continue
        if close <= opened:
            close = raw.find(">", opened)
        if close < 0:
            yield from _texts(raw, opened, len(raw))
            return
        if after in ("!", "?"):
            place = close + 1
            continue
        begin = opened + (1 if is_tag else 2)
        name_match = _NAME.match(raw, begin)
        if name_match is None:
            place = close + 1
            continue
        name = name_match.group().lower()
        if not is_tag:
            yield Token("end", name, opened)
            place = close + 1
            continue
        end = _tag_end(raw, name_match.end(), close)
        yield Token("start", name, opened, _attributes(raw[name_match.end() : end]))
        place = end + 1
        silent = _SILENT_END.get(name)
        if silent is not None:
            stop = silent.search(raw, place)
            place = len(raw) if stop is None else stop.start()
