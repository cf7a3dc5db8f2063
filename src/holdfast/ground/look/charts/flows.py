"""The scope map: layers of places, bands as wide as their units, hatched where nobody can tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from holdfast.ground.look.charts import svg
from holdfast.ground.look.charts.svg import Figure, Say, plain
from holdfast.ground.look.figures import Number

WIDTH, TOP, BODY, NODE, GAP = 1376.0, 44.0, 420.0, 9.0, 30.0
BAND = {
    "confirmed": "band k1",
    "probable": "band k2",
    "cannot_rule_out": "band k3",
    "held": "band k9",
}


@dataclass(frozen=True)
class Place:
    """A node: its key, the layer it stands in, its name and a short note."""

    key: str
    layer: int
    label: str
    note: str = ""
    held: bool = False


@dataclass(frozen=True)
class Flow:
    """Units from one place to another; kinds: confirmed, probable, cannot_rule_out, held."""

    source: str
    target: str
    units: Number
    kind: str


@dataclass(frozen=True)
class Words:
    """The words of the picture in the reader's language."""

    title: str = "Scope map"
    source: str = "From"
    target: str = "To"
    units: str = "Units"
    certainty: str = "Certainty"
    kinds: tuple[tuple[str, str], ...] = (
        ("confirmed", "confirmed"),
        ("probable", "probable"),
        ("cannot_rule_out", "cannot rule out"),
        ("held", "held"),
    )


def flows(
    name: str,
    layers: Sequence[str],
    places: Sequence[Place],
    bands: Sequence[Flow],
    *,
    say: Say = plain,
    words: Words | None = None,
    csv_url: str = "",
) -> Figure:
    """Places of each layer top to bottom as given; the caller groups more than twelve."""
    words = words or Words()
    kinds = dict(words.kinds)
    sizes = _sizes(places, bands)
    at, scale, height = _layout(places, sizes, len(layers))
    body = [svg.hatch(f"{name}h", "hat", 7)]
    columns = [_column(layer, len(layers)) for layer in range(len(layers))]
    body += [svg.text(x, 10, label, "tq") for x, label in zip(columns, layers, strict=True)]
    body.append(_bands(name, places, bands, at, scale))
    body += [
        _node(place, at, sizes, scale, say, last=place.layer == len(layers) - 1) for place in places
    ]
    total = say(sum(float(sizes[p.key]) for p in places if p.layer == 0))
    labels = {place.key: place.label for place in places}
    description = f"{total}. " + ", ".join(
        f"{labels[b.source]} → {labels[b.target]} {say(b.units)} {kinds[b.kind]}" for b in bands
    )
    return Figure(
        name=name,
        title=words.title,
        description=description,
        svg=svg.drawing(name, words.title, description, WIDTH, height, "".join(body), "ch wide"),
        head=(words.source, words.target, words.units, words.certainty),
        rows=tuple(
            (labels[b.source], labels[b.target], say(b.units), kinds[b.kind]) for b in bands
        ),
        numeric=frozenset({2}),
        csv_url=csv_url,
    )


def _column(layer: int, layers: int) -> float:
    return 0.0 if layers < 2 else (WIDTH - 326) * layer / (layers - 1)


def _sizes(places: Sequence[Place], bands: Sequence[Flow]) -> dict[str, float]:
    inward = {place.key: 0.0 for place in places}
    outward = dict(inward)
    for band in bands:
        outward[band.source] += float(band.units)
        inward[band.target] += float(band.units)
    return {key: max(inward[key], outward[key]) for key in inward}


def _layout(
    places: Sequence[Place], sizes: dict[str, float], layers: int
) -> tuple[dict[str, tuple[float, float]], float, float]:
    """Where each node begins, the pixels per unit, and the height of the whole picture."""
    by_layer = [[place for place in places if place.layer == layer] for layer in range(layers)]
    largest = max((sum(sizes[p.key] for p in column) for column in by_layer), default=0.0)
    scale = BODY / largest if largest else 0.0
    at: dict[str, tuple[float, float]] = {}
    bottom = TOP
    for layer, column in enumerate(by_layer):
        y = TOP
        for place in column:
            at[place.key] = (_column(layer, layers), y)
            tall = max(sizes[place.key] * scale, 1.5)
            room = max(GAP - tall, 8.0) if layer == layers - 1 else GAP
            y += tall + room
        bottom = max(bottom, y)
    return at, scale, bottom + 12


def _bands(
    name: str,
    places: Sequence[Place],
    bands: Sequence[Flow],
    at: dict[str, tuple[float, float]],
    scale: float,
) -> str:
    """Bands leave and arrive in the order of the places they join, to cross little."""
    order = {place.key: position for position, place in enumerate(places)}
    leave = {key: y for key, (_, y) in at.items()}
    arrive = dict(leave)
    starts: dict[int, float] = {}
    for number in sorted(
        range(len(bands)), key=lambda n: (order[bands[n].source], order[bands[n].target])
    ):
        starts[number] = leave[bands[number].source]
        leave[bands[number].source] += float(bands[number].units) * scale
    body = []
    for number in sorted(
        range(len(bands)), key=lambda n: (order[bands[n].target], order[bands[n].source])
    ):
        band = bands[number]
        thick = max(float(band.units) * scale, 0.6)
        x1, x2 = at[band.source][0] + NODE, at[band.target][0]
        y1, y2 = starts[number], arrive[band.target]
        arrive[band.target] += float(band.units) * scale
        middle = (x1 + x2) / 2
        d = (
            f"M{x1:.1f} {y1:.1f}C{middle:.1f} {y1:.1f} {middle:.1f} {y2:.1f} {x2:.1f} {y2:.1f}"
            f"V{y2 + thick:.1f}C{middle:.1f} {y2 + thick:.1f} {middle:.1f} {y1 + thick:.1f} "
            f"{x1:.1f} {y1 + thick:.1f}Z"
        )
        fill = f' fill="url(#{name}h)"' if band.kind == "cannot_rule_out" else ""
        body.append(f'<path d="{d}" class="{BAND[band.kind]}"{fill}/>')
    return "".join(body)


def _node(
    place: Place,
    at: dict[str, tuple[float, float]],
    sizes: dict[str, float],
    scale: float,
    say: Say,
    *,
    last: bool,
) -> str:
    x, y = at[place.key]
    tall = max(sizes[place.key] * scale, 1.5)
    node = svg.rect(x, y, NODE, tall, "fe" if place.held else "fi")
    note = f" · {place.note}" if place.note else ""
    if last:
        middle = y + tall / 2 + 4.5
        return (
            node
            + svg.text(x + 20, middle, place.label, "tb")
            + svg.text(WIDTH, middle, say(sizes[place.key]) + note, "te")
        )
    return node + svg.label(x, y - 9, place.label, say(sizes[place.key]) + note)
