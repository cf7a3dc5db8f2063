"""The few SVG elements the charts are made of; colours come from classes only (strict CSP)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from html import escape

from holdfast.ground.look.figures import Number, count

Say = Callable[[Number], str]


def plain(value: Number) -> str:
    """English figures; a page passes its own language instead."""
    return count(value)


def text(x: float, y: float, words: object, classes: str = "") -> str:
    """One line of text with its baseline at y."""
    shown = f' class="{classes}"' if classes else ""
    return f'<text x="{x:.1f}" y="{y:.1f}"{shown}>{escape(str(words))}</text>'


def label(x: float, y: float, strong: object, quiet: object) -> str:
    """A strong word and a quiet one on one line, as one text so that they never overlap."""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" class="halo"><tspan class="tb">'
        f"{escape(str(strong))}</tspan> <tspan>{escape(str(quiet))}</tspan></text>"
    )


def rect(x: float, y: float, width: float, height: float, classes: str) -> str:
    """A filled bar; an empty one is not drawn."""
    if width <= 0 or height <= 0:
        return ""
    size = f'width="{width:.1f}" height="{height:.1f}"'
    return f'<rect x="{x:.1f}" y="{y:.1f}" {size} class="{classes}"/>'


def hatched(x: float, y: float, width: float, height: float, pattern: str) -> str:
    """A hatched bar: loss, unknown or uncertain."""
    if width < 0.5:
        return ""
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" '
        f'fill="url(#{pattern})"/>'
    )


def path(d: str, classes: str) -> str:
    """A path by its commands."""
    return f'<path d="{d}" class="{classes}"/>'


def line(points: Sequence[tuple[float, float]], classes: str) -> str:
    """A line through points; fewer than two draw nothing."""
    if len(points) < 2:
        return ""
    joined = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f'<polyline points="{joined}" class="{classes}"/>'


def circle(x: float, y: float, r: float, classes: str) -> str:
    """A dot."""
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r:g}" class="{classes}"/>'


def hatch(name: str, classes: str = "hatq", size: int = 6) -> str:
    """The definition of a 45° hatching."""
    return (
        f'<defs><pattern id="{name}" width="{size}" height="{size}" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><path d="M1 0V{size}" class="{classes}"/></pattern></defs>'
    )


def width_of(words: str, bold: bool = False) -> float:
    """A generous guess of a text's width at 13 px, to keep labels apart."""
    wide = sum(1 for letter in words if letter.isupper() or ord(letter) > 0x2E80)
    return len(words) * (7.6 if bold else 6.9) + wide * 2.0


def drawing(
    name: str, title: str, description: str, width: float, height: float, body: str, classes: str
) -> str:
    """The whole picture with its title and description for people who hear it."""
    return (
        f'<svg class="{classes}" viewBox="0 0 {width:g} {height:g}" role="img" '
        f'aria-labelledby="{name}-t {name}-d"><title id="{name}-t">{escape(title)}</title>'
        f'<desc id="{name}-d">{escape(description)}</desc>{body}</svg>'
    )


@dataclass(frozen=True)
class Figure:
    """A drawing, its narrow twin where it has one, and the numbers behind it."""

    name: str
    title: str
    description: str
    svg: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    narrow: str = ""
    csv_url: str = ""
    numeric: frozenset[int] = field(default_factory=frozenset)
