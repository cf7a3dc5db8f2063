"""Mass balance by level: one scale, solid is accounted for, hatched is unknown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from holdfast.ground.look.charts import svg
from holdfast.ground.look.charts.svg import Figure, Say, plain
from holdfast.ground.look.figures import Number

FILL = {"final": "fg", "safe": "fa", "held": "fe", "danger": "fd"}
START, END, WIDTH = 150.0, 1250.0, 1376.0


@dataclass(frozen=True)
class Part:
    """Units in one state. Kinds: final, safe, held, danger, unknown."""

    label: str
    units: Number
    kind: str


@dataclass(frozen=True)
class Level:
    """One level and all its parts; they add up to its units."""

    label: str
    parts: tuple[Part, ...]

    @property
    def units(self) -> Decimal:
        """All units of the level."""
        return sum((Decimal(part.units) for part in self.parts), Decimal(0))


@dataclass(frozen=True)
class Words:
    """The words of the picture in the reader's language."""

    title: str = "Mass balance by level"
    units: str = "units"
    unknown: str = "unknown"
    level: str = "Level"
    state: str = "State"


def balance(
    name: str,
    levels: Sequence[Level],
    *,
    say: Say = plain,
    words: Words | None = None,
    csv_url: str = "",
) -> Figure:
    """One bar per level on one scale. Small parts are named in the table, not squeezed in."""
    words = words or Words()
    largest = max((level.units for level in levels), default=Decimal(0))
    body = [svg.hatch(f"{name}h")]
    for position, level in enumerate(levels):
        body.append(_level(name, level, 2 + 66 * position, largest, say, words))
    described = ". ".join(
        f"{level.label} {say(level.units)}: "
        + ", ".join(f"{part.label} {say(part.units)}" for part in level.parts)
        for level in levels
    )
    height = max(66 * len(levels), 1)
    return Figure(
        name=name,
        title=words.title,
        description=f"{described}.",
        svg=svg.drawing(
            name, words.title, f"{described}.", WIDTH, height, "".join(body), "ch wide"
        ),
        head=(words.level, words.state, words.units),
        rows=tuple((lv.label, p.label, say(p.units)) for lv in levels for p in lv.parts),
        numeric=frozenset({2}),
        csv_url=csv_url,
    )


def _level(name: str, level: Level, top: float, largest: Decimal, say: Say, words: Words) -> str:
    scale = Decimal(END - START) / largest if largest else Decimal(0)
    body = [
        svg.text(0, top + 14, level.label, "tb"),
        svg.text(0, top + 31, f"{say(level.units)} {words.units}"),
    ]
    x, free = START, START
    for part in level.parts:
        width = float(Decimal(part.units) * scale)
        shown = max(width - 1.5, 0.0)
        if part.kind == "unknown":
            body.append(svg.hatched(x, top + 0.5, shown, 23, f"{name}h"))
            body.append(svg.rect(x, top + 0.5, shown, 23, "thin"))
        else:
            body.append(svg.rect(x, top, max(shown, 1.2 if width else 0.0), 24, FILL[part.kind]))
        label = f"{part.label} {say(part.units)}"
        if part.units and x >= free - 1 and svg.width_of(label) <= max(width, 60.0):
            body.append(svg.text(x, top + 42, label, "hzt" if part.kind == "danger" else ""))
            free = x + svg.width_of(label) + 8
        x += width
    unknown = sum((Decimal(p.units) for p in level.parts if p.kind == "unknown"), Decimal(0))
    body.append(svg.text(WIDTH, top + 16, f"{say(unknown)} {words.unknown}", "te tb"))
    return "".join(body)
