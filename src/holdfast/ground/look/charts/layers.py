"""The layered map drawn: bands as wide as their units, hatched the less is known of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from holdfast.ground.look.charts import svg
from holdfast.ground.look.charts.svg import Say
from holdfast.kit.trace.map import Band, Box, Layered, Node, Strip, placed

WIDTH, BODY, TOP, NODE = 917.0, 370.0, 14.0, 8.0
BESIDE = 152.0
"""Room beside the last layer, where labels stand next to their node."""
SLOT, ABOVE, THINNEST = 40.0, 42.0, 0.8
LINE = 15.0
FILLS = {
    "confirmed": ("band k1", ""),
    "probable": ("band k2", "p"),
    "cannot_rule_out": ("", "c"),
}
OTHER = ("band k9", "")


@dataclass(frozen=True, slots=True)
class Label:
    """What stands at a node: its name, a short note, and whether it is a loss of knowledge."""

    name: str
    note: str = ""
    is_quiet: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """The words of the picture in the reader's language; `band` has {source}, {target}, {rest}."""

    title: str
    heads: Sequence[str]
    kinds: Mapping[str, str]
    units: Callable[[str], str]


def layers(
    name: str,
    found: Layered,
    *,
    label: Callable[[Node], Label],
    words: Words,
    say: Say,
    mirrored: bool = False,
) -> str:
    """One SVG; from the first layer to the last it runs with the reader's language."""
    length = WIDTH - BESIDE
    drawn = placed(found, length=length, body=BODY, top=TOP, node=NODE, above=ABOVE, slot=SLOT)
    turn = _Turn(mirrored)
    last = len(found.layers) - 1
    pitch = (length - NODE) / last if last > 0 else WIDTH
    labels = {(one.node.layer, one.node.spot): label(one.node) for one in drawn.boxes}
    body = [
        svg.hatch(f"{name}p", "hatp", 5),
        svg.hatch(f"{name}c", "hat", 8),
        *(
            turn.text(pitch * number if last > 0 else 0.0, 10, head, "tq")
            for number, head in enumerate(words.heads)
        ),
    ]
    for strip in drawn.strips:
        band = strip.band
        ends = (labels[band.layer, band.source], labels[band.layer + 1, band.target])
        body.append(_strip(name, strip, turn, _band_words(band, ends, words, say)))
    for box in drawn.boxes:
        shown = labels[box.node.layer, box.node.spot]
        is_last = box.node.layer == last
        room = BESIDE - 14 if is_last else pitch - 12
        body.append(_node(box, shown, turn, room, words, say, is_last=is_last))
    total = words.units(say(found.units))
    described = f"{total}. {' → '.join(words.heads)}."
    return (
        f'<svg class="ch wide map" viewBox="0 0 {WIDTH:g} {drawn.height + 8:.0f}" '
        f'role="graphics-document document" aria-labelledby="{name}-t {name}-d">'
        f'<title id="{name}-t">{escape(words.title)}</title>'
        f'<desc id="{name}-d">{escape(described)}</desc>{"".join(body)}</svg>'
    )


@dataclass(frozen=True, slots=True)
class _Turn:
    """Left to right, or the same picture mirrored for a language that runs the other way."""

    is_mirrored: bool

    def x(self, x: float) -> float:
        return WIDTH - x if self.is_mirrored else x

    def rect(self, x: float, y: float, width: float, height: float, classes: str) -> str:
        return svg.rect(WIDTH - x - width if self.is_mirrored else x, y, width, height, classes)

    def text(self, x: float, y: float, words: str, classes: str) -> str:
        return svg.text(self.x(x), y, words, f"{classes} te" if self.is_mirrored else classes)


def _strip(name: str, strip: Strip, turn: _Turn, title: str) -> str:
    thick = max(strip.thick, THINNEST)
    x1, x2 = turn.x(strip.x1), turn.x(strip.x2)
    middle = (x1 + x2) / 2
    y1, y2 = strip.y1, strip.y2
    d = (
        f"M{x1:.1f} {y1:.1f}C{middle:.1f} {y1:.1f} {middle:.1f} {y2:.1f} {x2:.1f} {y2:.1f}"
        f"V{y2 + thick:.1f}C{middle:.1f} {y2 + thick:.1f} {middle:.1f} {y1 + thick:.1f} "
        f"{x1:.1f} {y1 + thick:.1f}Z"
    )
    classes, pattern = FILLS.get(strip.band.kind, OTHER)
    paths = f'<path d="{d}" class="{classes}"/>' if classes else ""
    if pattern:
        paths += f'<path d="{d}" fill="url(#{name}{pattern})"/>'
    return f'<g role="graphics-symbol img"><title>{escape(title)}</title>{paths}</g>'


def _node(
    box: Box, shown: Label, turn: _Turn, room: float, words: Words, say: Say, *, is_last: bool
) -> str:
    node = box.node
    tall = max(box.height, 1.5)
    parts = ", ".join(f"{say(n)} {words.kinds[kind]}" for kind, n in node.by_kind.items() if n)
    note = f" ({shown.note})" if shown.note else ""
    title = f"{shown.name}{note}: {words.units(say(node.units))}; {parts}"
    classes = "fe" if shown.is_quiet else "fi"
    x, y = box.x, box.y - 2 * LINE + 9
    if is_last:
        x, y = box.x + NODE + 6, box.y + tall / 2 - 3
    under = say(node.units) + (f" · {shown.note}" if shown.note else "")
    return (
        f'<g role="graphics-symbol img"><title>{escape(title)}</title>'
        + turn.rect(box.x, box.y, NODE, tall, classes)
        + turn.text(x, y, _fitting(shown.name, room, bold=True), "halo tb")
        + turn.text(x, y + LINE, _fitting(under, room), "halo")
        + "</g>"
    )


def _band_words(band: Band, ends: tuple[Label, Label], words: Words, say: Say) -> str:
    source, target = (one.name for one in ends)
    return f"{source} → {target}: {words.units(say(band.units))}, {words.kinds[band.kind]}"


def _fitting(words: str, room: float, *, bold: bool = False) -> str:
    """As much of the words as there is room for; the title has them all."""
    if svg.width_of(words, bold) <= room:
        return words
    while words and svg.width_of(words + "…", bold) > room:
        words = words[:-1]
    return words.rstrip(" ·/") + "…"
