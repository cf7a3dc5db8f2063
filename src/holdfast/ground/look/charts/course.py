"""What was told step by step, as bars from zero, beside what was to be expected, as a line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from holdfast.ground.look.charts import svg
from holdfast.ground.look.charts.svg import Figure, Say, plain

TALL, TOP, BASE_ROOM = 128.0, 44.0, 24.0
APART = 12.0
THICK = 10.0  # a bar; its height says how much, and its blackness nothing


@dataclass(frozen=True, slots=True)
class Bar:
    """One step: its last day, reports, what they weigh and should, if it counted, its short day."""

    label: str
    reports: int
    weighed: float
    expected: float
    is_in_window: bool
    axis: str


@dataclass(frozen=True)
class Words:
    """The words of the picture in the reader's language."""

    title: str = "Reports beside what would be usual"
    upto: str = "Up to"
    reports: str = "Reports"
    weighed: str = "By weight"
    expected: str = "Usual"
    window: str = "the days the alarm looks at"
    description: str = "Bars are reports by weight, the line is what would be usual."


def course(
    name: str,
    bars: Sequence[Bar],
    *,
    say: Say = plain,
    share: Callable[[float], str] = "{:.2f}".format,
    words: Words | None = None,
) -> Figure:
    """One bar a step; dark ones are in the window, the dashed line is the expected weight."""
    words = words or Words()
    described = ", ".join(f"{bar.label}: {say(bar.reports)}" for bar in bars if bar.reports)
    description = f"{words.description} {described}."
    return Figure(
        name=name,
        title=words.title,
        description=description,
        svg=_drawn(f"{name}w", bars, share, words, description, 790.0, "ch lg"),
        narrow=_drawn(f"{name}n", bars, share, words, description, 358.0, "ch sm-only"),
        head=(words.upto, words.reports, words.weighed, words.expected),
        rows=tuple(
            (bar.label, say(bar.reports), share(bar.weighed), share(bar.expected))
            for bar in reversed(bars)
        ),
        numeric=frozenset({1, 2, 3}),
    )


def _drawn(
    name: str,
    bars: Sequence[Bar],
    share: Callable[[float], str],
    words: Words,
    description: str,
    width: float,
    classes: str,
) -> str:
    most = max((max(bar.weighed, bar.expected) for bar in bars), default=0.0) or 1.0
    base, step = TOP + TALL, width / max(len(bars), 1)

    def up(value: float) -> float:
        return base - TALL * value / most

    body = [svg.path(f"M0 {base}H{width}", "axk")]
    inside = [at for at, bar in enumerate(bars) if bar.is_in_window]
    if inside:
        start = step * inside[0]
        body.append(svg.path(f"M{start:.1f} 4V{base}", "ax"))
        beside = svg.width_of(words.window)
        if start + beside < width:
            body.append(svg.text(start + 5, 14, words.window, "tq"))
        else:
            body.append(svg.text(width, 14, words.window, "te tq"))
    for at, bar in enumerate(bars):
        fill = "fi" if bar.is_in_window else "fe"
        middle, thick = step * (at + 0.5), min(THICK, step - 2)
        body.append(
            svg.rect(middle - thick / 2, up(bar.weighed), thick, base - up(bar.weighed), fill)
        )
        if bar.reports:
            body.append(svg.text(middle, up(bar.weighed) - 5, bar.reports, "tm tb"))
    for at, bar in enumerate(bars):
        y = up(bar.expected)
        body.append(svg.path(f"M{step * at:.1f} {y:.1f}h{step:.1f}", "cuh"))
    free = width + APART
    for at in range(len(bars) - 1, -1, -1):  # the last day is said, then as many as there is room
        wide, middle = svg.width_of(bars[at].axis), step * (at + 0.5)
        right = min(middle + wide / 2, width)
        if right - wide >= 0 and right + APART <= free:
            free = right - wide
            body.append(svg.text(right - wide / 2, base + 18, bars[at].axis, "tm tq"))
    if bars:
        label = f"{words.expected} {share(bars[-1].expected)}"
        body.append(svg.text(2, max(up(bars[0].expected) - 8, TOP + 12), label, "halo"))
    return svg.drawing(
        name, words.title, description, width, base + BASE_ROOM, "".join(body), classes
    )
