"""Lanes of what was known, decided and told, on one axis of time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from holdfast.ground.look.charts import svg
from holdfast.ground.look.charts.svg import Figure

WIDTH, LEFT, LANE, TOP = 1376.0, 110.0, 72.0, 20.0


@dataclass(frozen=True)
class Entry:
    """Something in a lane: when it was true, when we knew, and in few words what."""

    lane: int
    known_at: datetime
    label: str
    when: str
    true_at: str = ""
    danger: bool = False


@dataclass(frozen=True)
class Words:
    """The words of the picture in the reader's language."""

    title: str = "What was known, decided and told"
    today: str = "now"
    lane: str = "Lane"
    known: str = "Known to us"
    true: str = "True since"
    what: str = "What"


def timeline(
    name: str,
    lanes: Sequence[str],
    entries: Sequence[Entry],
    *,
    now: datetime,
    ticks: Sequence[tuple[datetime, str]] = (),
    words: Words | None = None,
    csv_url: str = "",
) -> Figure:
    """One dot per entry; a label that finds no room stays in the table."""
    words = words or Words()
    ordered = sorted(entries, key=lambda entry: entry.known_at)
    begin = min((entry.known_at for entry in ordered), default=now)
    length = max((now - begin).total_seconds(), 1.0)

    def across(moment: datetime) -> float:
        return LEFT + (WIDTH - LEFT - 90) * (moment - begin).total_seconds() / length

    bottom = TOP + LANE * len(lanes)
    body = [_ground(lanes, bottom, words, across(now))]
    body += [
        svg.text(across(at), bottom + 4, label, "tm tq")
        + svg.path(f"M{across(at):.1f} 6V{bottom - 10}", "ax")
        for at, label in ticks
        if begin <= at <= now and across(at) < across(now) - 60
    ]
    for lane in range(len(lanes)):
        body.append(_lane([e for e in ordered if e.lane == lane], TOP + LANE * lane, across))
    described = ". ".join(f"{entry.when}: {lanes[entry.lane]}, {entry.label}" for entry in ordered)
    return Figure(
        name=name,
        title=words.title,
        description=f"{described}.",
        svg=svg.drawing(
            name, words.title, f"{described}.", WIDTH, bottom + 16, "".join(body), "ch wide"
        ),
        head=(words.known, words.true, words.what, words.lane),
        rows=tuple(
            (e.when, e.true_at or e.when, e.label, lanes[e.lane]) for e in reversed(ordered)
        ),
        csv_url=csv_url,
    )


def _ground(lanes: Sequence[str], bottom: float, words: Words, today: float) -> str:
    body = []
    for position, lane in enumerate(lanes):
        y = TOP + LANE * position
        body.append(svg.text(0, y + 4.5, lane, "tb"))
        body.append(svg.path(f"M{LEFT - 10} {y}H{WIDTH}", "ax"))
    body.append(svg.path(f"M{today:.1f} 6V{bottom - 10}", "axk"))
    body.append(svg.text(today, bottom + 4, words.today, "tm tb"))
    return "".join(body)


def _lane(entries: Sequence[Entry], y: float, across) -> str:  # type: ignore[no-untyped-def]
    """Labels below the line, else above, else none: a crowded hour stays readable."""
    body = []
    below = above = 0.0
    for entry in entries:
        x = across(entry.known_at)
        body.append(svg.circle(x, y, 4.5, "fd" if entry.danger else "fi"))
        wide = max(svg.width_of(entry.label, True), svg.width_of(entry.when))
        start = min(x, WIDTH - wide)
        if start >= below:
            body.append(svg.text(start, y + 20, entry.label, "tb halo"))
            body.append(svg.text(start, y + 36, entry.when, "halo"))
            below = start + wide + 14
        elif start >= above:
            body.append(svg.text(start, y - 9, entry.label, "halo"))
            above = start + svg.width_of(entry.label) + 14
    return "".join(body)
