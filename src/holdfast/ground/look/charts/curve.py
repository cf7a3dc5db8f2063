"""The correction curve: one line per level since launch, with the two reference lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from holdfast.ground.look.charts import svg
from holdfast.ground.look.charts.svg import Figure
from holdfast.ground.look.figures import NBSP

LEFT, TOP, WIDE, TALL = 46.0, 14.0, 711.0, 350.0


@dataclass(frozen=True)
class Level:
    """Shares (0 to 1) by day since launch; the strong one is the one that counts."""

    label: str
    points: tuple[tuple[float, float], ...]
    strong: bool = False


@dataclass(frozen=True)
class Wave:
    """A wave of messages, drawn on the strong line."""

    number: int
    day: float
    label: str = ""


@dataclass(frozen=True)
class Reference:
    """A horizontal line with its source in words: something to compare with, not to aim for."""

    share: float
    label: str


# Source: CPSC recall effectiveness workshop, 865 closed cases, fiscal years 2013 to 2016.
REFERENCES = (
    Reference(0.06, f"6{NBSP}% · US CPSC closed cases FY2013–16, press release only"),
    Reference(
        0.50, f"50{NBSP}% · US CPSC closed cases FY2013–16, at least 95{NBSP}% contacted directly"
    ),
)


@dataclass(frozen=True)
class Words:
    """The words of the picture in the reader's language."""

    title: str = "Correction curve"
    day: str = "Day"
    launch: str = "launch"
    target: str = "own target"
    description: str = "Per cent of units corrected since launch, one line per level."


def curve(
    name: str,
    levels: Sequence[Level],
    *,
    horizon: float = 90,
    waves: Sequence[Wave] = (),
    target: tuple[float, float] | None = None,
    references: Sequence[Reference] = REFERENCES,
    words: Words | None = None,
    csv_url: str = "",
) -> Figure:
    """The chart over `horizon` days. `target` is (day, share). The axis always begins at zero."""
    words = words or Words()
    horizon = max([horizon, 1.0, *(day for level in levels for day, _ in level.points)])
    body = [_axes(horizon, words)]
    body += [_reference(reference) for reference in references]
    body += [svg.line([_at(p, horizon) for p in level.points], _class(level)) for level in levels]
    body.append(_labels(levels, horizon))
    strong = next((level for level in levels if level.strong), None)
    body += [_wave(wave, strong, horizon) for wave in waves]
    if target:
        body.append(_target(target, horizon, words))
    ends = ", ".join(
        f"{level.label} {_percent(level.points[-1][1])}" for level in levels if level.points
    )
    lines = " ".join(f"{reference.label}." for reference in references)
    description = f"{words.description} {ends}. {lines}"
    drawn = svg.drawing(name, words.title, description, 790, 400, "".join(body), "ch")
    return Figure(
        name=name,
        title=words.title,
        description=description,
        svg=drawn,
        head=(words.day, *(level.label for level in levels)),
        rows=_rows(levels),
        numeric=frozenset(range(1, len(levels) + 1)),
        csv_url=csv_url,
    )


def _class(level: Level) -> str:
    return "cur" if level.strong else "thin"


def _percent(share: float) -> str:
    return f"{share * 100:.0f}{NBSP}%"


def _at(point: tuple[float, float], horizon: float) -> tuple[float, float]:
    day, share = point
    clipped = max(0.0, min(1.0, share))
    return LEFT + WIDE * min(day, horizon) / horizon, TOP + TALL * (1 - clipped)


def _axes(horizon: float, words: Words) -> str:
    body = []
    for share in (0, 20, 40, 60, 80, 100):
        y = TOP + TALL * (1 - share / 100)
        label = f"100{NBSP}%" if share == 100 else str(share)
        body.append(svg.path(f"M{LEFT} {y:.1f}H{LEFT + WIDE}", "axk" if share == 0 else "ax"))
        body.append(svg.text(LEFT - 14, y + 4.5, label, "te tq"))
    for part in (0, 1, 2, 3):
        day = round(horizon * part / 3)
        x, _ = _at((day, 0), horizon)
        anchor = "tm tq" if part else "tq"
        body.append(
            svg.text(x, TOP + TALL + 25, f"{words.day} {day}" if day else words.launch, anchor)
        )
    return "".join(body)


def _reference(reference: Reference) -> str:
    y = TOP + TALL * (1 - reference.share)
    return svg.path(f"M{LEFT} {y:.1f}H{LEFT + WIDE}", "ref") + svg.text(
        LEFT + WIDE - 6, y - 6, reference.label, "te tq halo"
    )


def _labels(levels: Sequence[Level], horizon: float) -> str:
    """Direct labels at the end of each line, pushed apart so that none covers another."""
    body: list[str] = []
    taken: list[float] = []
    shown = [level for level in levels if level.points]
    for level in sorted(shown, key=lambda one: -one.points[-1][1]):
        x, y = _at(level.points[-1], horizon)
        label = f"{level.label} {_percent(level.points[-1][1])}"
        drop = min(y + (19 if level.strong else 4), TOP + TALL - 8)
        while any(abs(drop - other) < 17 for other in taken):
            drop += 2 if y < TOP + TALL / 2 else -2
        taken.append(drop)
        classes = "tb halo" if level.strong else "halo"
        if x + svg.width_of(label, level.strong) + 10 > 790:
            body.append(svg.text(x - 8, drop, label, f"te {classes}"))
        else:
            body.append(svg.text(x + 8, drop, label, classes))
        if level.strong:
            body.append(svg.circle(x, y, 4.5, "fa"))
    return "".join(body)


def _share_on(level: Level | None, day: float) -> float:
    if level is None or not level.points:
        return 0.0
    before = [share for at, share in level.points if at <= day]
    return before[-1] if before else level.points[0][1]


def _wave(wave: Wave, strong: Level | None, horizon: float) -> str:
    x, y = _at((wave.day, _share_on(strong, wave.day)), horizon)
    return svg.circle(x, y, 8.5, "wv") + svg.text(x, y + 4.5, wave.number, "tm tb")


def _target(target: tuple[float, float], horizon: float, words: Words) -> str:
    x, y = _at(target, horizon)
    label = f"{words.target} {_percent(target[1])}"
    return svg.path(f"M{x:.1f} {y - 7:.1f}l7 7-7 7-7-7z", "fs") + svg.text(
        x, y - 14, label, "tm tb halo"
    )


def _rows(levels: Sequence[Level]) -> tuple[tuple[str, ...], ...]:
    days = sorted({day for level in levels for day, _ in level.points})
    return tuple(
        (f"{day:g}", *(_percent(_share_on(level, day)) for level in levels)) for day in days
    )
