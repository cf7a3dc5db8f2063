"""The funnel from scope to closed: what is left at each step, and what was lost and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from holdfast.ground.look.charts import svg
from holdfast.ground.look.charts.svg import Figure, Say, plain
from holdfast.ground.look.figures import MINUS, Number, percent

FILL = {"whole": "fi", "passed": "fe", "corrected": "fa"}


@dataclass(frozen=True)
class Step:
    """One step: its units, the word for what was lost before it, and whether it corrects."""

    label: str
    units: Number
    lost: str = ""
    kind: str = "passed"
    strong: bool = False


@dataclass(frozen=True)
class Words:
    """The words of the picture in the reader's language."""

    title: str = "Funnel, units in consumer hands"
    step: str = "Step"
    units: str = "Units"
    share: str = "Of scope"
    lost: str = "Lost here"
    description: str = "Hatching is the loss at each step."


def funnel(
    name: str,
    steps: Sequence[Step],
    *,
    say: Say = plain,
    words: Words | None = None,
    csv_url: str = "",
) -> Figure:
    """The funnel as a wide and a narrow drawing. `steps[0]` is the whole."""
    words = words or Words()
    described = ", ".join(f"{say(step.units)} {step.label}" for step in steps)
    description = f"{described}. {words.description}"
    return Figure(
        name=name,
        title=words.title,
        description=description,
        svg=_drawn(f"{name}w", steps, say, words.title, description, wide=True),
        narrow=_drawn(f"{name}n", steps, say, words.title, description, wide=False),
        head=(words.step, words.units, words.share, words.lost),
        rows=tuple(_row(steps, position, say) for position in range(len(steps))),
        numeric=frozenset({1, 2, 3}),
        csv_url=csv_url,
    )


def _row(steps: Sequence[Step], position: int, say: Say) -> tuple[str, ...]:
    step = steps[position]
    lost = steps[position - 1].units - step.units if position else None  # type: ignore[operator]
    return (
        step.label,
        say(step.units),
        percent(step.units, steps[0].units) if steps[0].units else "–",
        say(lost) if lost is not None else "–",
    )


def _drawn(
    name: str, steps: Sequence[Step], say: Say, title: str, description: str, *, wide: bool
) -> str:
    widest = max((svg.width_of(step.label, step.strong) for step in steps), default=0.0)
    width = 672.0 if wide else 358.0
    start = min(max(136.0 if wide else 118.0, widest + 12), 210.0 if wide else 150.0)
    room = (406.0 if wide else 254.0) - start
    whole = Decimal(steps[0].units) if steps else Decimal(0)
    body = [svg.hatch(f"{name}h")]
    before = whole
    for position, step in enumerate(steps):
        top = 4 + 32 * position
        scale = Decimal(room) / whole if whole else Decimal(0)
        units = Decimal(step.units)
        kept = float(units * scale)
        body.append(svg.text(0, top + 15, step.label, "tb" if step.strong else ""))
        if before > units:
            body.append(
                svg.hatched(start + kept, top, float((before - units) * scale), 20, f"{name}h")
            )
        body.append(svg.rect(start, top, kept, 20, FILL[step.kind]))
        right = 462.0 if wide else 310.0
        body.append(svg.text(right, top + 15, say(step.units), "te tb"))
        body.append(svg.text(510.0 if wide else 358.0, top + 15, percent(units, whole), "te tq"))
        if wide and position and before > units:
            body.append(svg.text(572, top + 15, f"{MINUS}{say(before - units)}", "te"))
            body.append(svg.text(582, top + 15, step.lost, "tq"))
        before = units
    height = 32 * len(steps)
    return svg.drawing(
        name, title, description, width, height, "".join(body), "ch lg" if wide else "ch sm-only"
    )
