"""The trade-off of a scope: units told for nothing against the chance that one is missed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap

from holdfast.ground.look.charts import svg
from holdfast.ground.look.charts.svg import Say
from holdfast.ground.look.figures import percent


@dataclass(frozen=True, slots=True)
class Step:
    """Telling this much: units told for nothing, and the chance (0 to 1) that one is missed."""

    over: float
    missed: float


@dataclass(frozen=True, slots=True)
class Words:
    """The words of the picture in the reader's language."""

    title: str
    description: str
    across: str
    upward: str
    everybody: str
    first: str = ""  # what stands at the first point that is likely to miss one


def tradeoff(name: str, steps: Sequence[Step], *, say: Say, words: Words) -> tuple[str, str]:
    """The wide and the narrow drawing; the first step is the scope as it stands."""
    return (
        _drawn(f"{name}w", steps, say, words, 672.0, "ch lg"),
        _drawn(f"{name}n", steps, say, words, 358.0, "ch sm-only"),
    )


def _drawn(
    name: str, steps: Sequence[Step], say: Say, words: Words, width: float, classes: str
) -> str:
    left, right = 48.0, 16.0
    above, below = (wrap(one, int((width - left) / 7.4)) for one in (words.upward, words.across))
    top = 24.0 + 16 * len(above)
    bottom = top + 190
    most = max((step.over for step in steps), default=0.0) or 1.0

    def at(step: Step) -> tuple[float, float]:
        across = left + (width - left - right) * step.over / most
        return across, bottom - (bottom - top) * min(step.missed, 1.0)

    body = [svg.text(0, 12 + 16 * n, line, "tq") for n, line in enumerate(above)]
    for share in (0.0, 0.5, 1.0):
        y = bottom - (bottom - top) * share
        body.append(svg.line([(left, y), (width - right, y)], "axk" if share == 0 else "ax"))
        body.append(svg.text(left - 8, y + 4, percent(share, 1), "te tq"))
    body.append(svg.text(left, bottom + 18, "0", "tm tq"))
    body.append(svg.text(width - right, bottom + 18, say(round(most)), "te tq"))
    body += [
        svg.text((left + width - right) / 2, bottom + 36 + 16 * n, line, "tm tq")
        for n, line in enumerate(below)
    ]
    spots = [at(step) for step in steps]
    stairs: list[tuple[float, float]] = []
    for x, y in spots:
        if stairs:
            stairs.append((x, stairs[-1][1]))
        stairs.append((x, y))
    body.append(svg.line(stairs, "cur"))
    body += [svg.circle(x, y, 3, "fa") for x, y in spots[1:]]
    if spots:
        x, y = spots[0]
        body.append(svg.circle(x, y, 5.5, "fi"))
        side = "te halo tb" if x > width / 2 else "halo tb"
        body.append(svg.text(x, y - 14, words.everybody, side))
    risky = next((spot for spot in spots if spot[1] < bottom - 40), None)
    if risky and words.first and width > 500:
        x, y = risky
        side = "te halo" if x > width / 2 else "halo"
        body.append(svg.text(x + (-8 if x > width / 2 else 8), y + 20, words.first, side))
    return svg.drawing(
        name,
        words.title,
        words.description,
        width,
        bottom + 28 + 16 * len(below),
        "".join(body),
        classes,
    )
