"""The layered map of a scope as numbers: what went from which spot to which, folded and laid out.

    found = layered([Stream((Spot("lot", "B17"), Spot("market", "DE")), "confirmed", Decimal(3))])
    placed(found, length=917, body=320)

A stream is some units of one kind on their way through the layers; it may stop before the last
one, which is what stays. Nothing is dropped: small spots of a layer are folded into one that says
how many it stands for, and what flows into a layer is what flows out of it and what stays.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

MOST = 7
MOST_OF = {"market": 12}
"""Spots of a kind in a layer that stand for themselves: so many, of some kinds more."""

KINDS = ("confirmed", "probable", "cannot_rule_out", "held")
"""The kinds of units in the order bands lie in, the surest first; others come after."""

NOTHING = Decimal(0)


class Spot(NamedTuple):
    """A place in a layer. An empty name was never recorded; None stands for several spots."""

    kind: str
    name: str | None


@dataclass(frozen=True, slots=True)
class Stream:
    """Units of one kind and the spots they passed, one for each layer from the first on."""

    path: tuple[Spot, ...]
    kind: str
    units: Decimal


@dataclass(frozen=True, slots=True)
class Node:
    """A spot of a layer: its units by kind, how many spots it stands for, how much of it stays."""

    layer: int
    spot: Spot
    by_kind: Mapping[str, Decimal]
    members: int = 1
    stays: Decimal = NOTHING

    @property
    def units(self) -> Decimal:
        """All that came through here."""
        return sum(self.by_kind.values(), NOTHING)


@dataclass(frozen=True, slots=True)
class Band:
    """Units of one kind from a spot of `layer` to one of the next."""

    layer: int
    source: Spot
    target: Spot
    kind: str
    units: Decimal


@dataclass(frozen=True, slots=True)
class Layered:
    """A whole map; the nodes of a layer stand top to bottom as they are drawn."""

    layers: tuple[tuple[Node, ...], ...]
    bands: tuple[Band, ...]

    @property
    def units(self) -> Decimal:
        """All that entered the first layer."""
        return sum((node.units for node in self.layers[0]), NOTHING) if self.layers else NOTHING

    def as_json(self) -> dict[str, Any]:
        """Plain values to be stored; `from_json` reads them back."""
        return {
            "layers": [
                [
                    [*node.spot, {k: str(n) for k, n in node.by_kind.items()}, node.members,
                     str(node.stays)]
                    for node in layer
                ]
                for layer in self.layers
            ],
            "bands": [[b.layer, *b.source, *b.target, b.kind, str(b.units)] for b in self.bands],
        }  # fmt: skip

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Layered:
        """The map that `as_json` was taken from."""
        layers = tuple(
            tuple(
                Node(number, Spot(kind, name), {k: Decimal(n) for k, n in by_kind.items()},
                     members, Decimal(stays))
                for kind, name, by_kind, members, stays in layer
            )
            for number, layer in enumerate(stored["layers"])
        )  # fmt: skip
        bands = tuple(
            Band(layer, Spot(k1, n1), Spot(k2, n2), kind, Decimal(units))
            for layer, k1, n1, k2, n2, kind, units in stored["bands"]
        )
        return cls(layers, bands)


def layered(
    streams: Iterable[Stream], *, most: int = MOST, most_of: Mapping[str, int] = MOST_OF
) -> Layered:
    """Fold each layer to its `most` largest spots of a kind, and add up what flows between.

    What was never recorded is never folded away. One more spot than `most` is shown as itself:
    a fold of one would hide a name and save nothing.
    """
    held = list(streams)
    if any(stream.units < 0 or not stream.path for stream in held):
        raise ValueError("a stream has units of at least 0 and passes one spot at least")
    depth = max((len(stream.path) for stream in held), default=0)
    homes = [_folded(held, layer, most, most_of) for layer in range(depth)]
    nodes = [_Layer() for _ in range(depth)]
    bands: dict[tuple[int, Spot, Spot, str], Decimal] = defaultdict(Decimal)
    for stream in held:
        path = [homes[layer][spot] for layer, spot in enumerate(stream.path)]
        for layer, spot in enumerate(path):
            nodes[layer].by_kind[spot][stream.kind] += stream.units
            nodes[layer].members[spot].add(stream.path[layer])
        nodes[len(path) - 1].stays[path[-1]] += stream.units
        for layer in range(len(path) - 1):
            bands[layer, path[layer], path[layer + 1], stream.kind] += stream.units
    joined = [Band(*key, units) for key, units in bands.items()]
    layers: list[tuple[Node, ...]] = []
    for number, tally in enumerate(nodes):
        before = layers[-1] if layers and number < depth - 1 else ()
        layers.append(_ordered(tally.nodes(number), before, joined))
    place = [{node.spot: spot for spot, node in enumerate(layer)} for layer in layers]
    joined.sort(
        key=lambda b: (
            b.layer,
            place[b.layer][b.source],
            place[b.layer + 1][b.target],
            _rank(b.kind),
        )
    )
    return Layered(tuple(layers), tuple(joined))


@dataclass(slots=True)
class _Layer:
    by_kind: dict[Spot, dict[str, Decimal]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(Decimal))
    )
    members: dict[Spot, set[Spot]] = field(default_factory=lambda: defaultdict(set))
    stays: dict[Spot, Decimal] = field(default_factory=lambda: defaultdict(Decimal))

    def nodes(self, layer: int) -> list[Node]:
        return [
            Node(
                layer,
                spot,
                dict(sorted(by_kind.items(), key=lambda one: _rank(one[0]))),
                len(self.members[spot]),
                self.stays.get(spot, NOTHING),
            )
            for spot, by_kind in self.by_kind.items()
        ]


def _rank(kind: str) -> tuple[int, str]:
    return KINDS.index(kind) if kind in KINDS else len(KINDS), kind


def _folded(
    streams: Sequence[Stream], layer: int, most: int, most_of: Mapping[str, int]
) -> dict[Spot, Spot]:
    """Where each spot of a layer is shown: as itself, or in the fold of its kind."""
    totals: dict[Spot, Decimal] = defaultdict(Decimal)
    for stream in streams:
        if len(stream.path) > layer:
            totals[stream.path[layer]] += stream.units
    kinds: dict[str, list[Spot]] = defaultdict(list)
    for spot in sorted(totals, key=lambda one: (-totals[one], one.name or "")):
        if spot.name:
            kinds[spot.kind].append(spot)
    homes = {spot: spot for spot in totals}
    for kind, spots in kinds.items():
        is_folded = Spot(kind, None) in totals
        shown = most_of.get(kind, most)
        for spot in spots[shown:] if is_folded or len(spots) > shown + 1 else ():
            homes[spot] = Spot(kind, None)
    return homes


def _ordered(nodes: list[Node], before: Sequence[Node], bands: Sequence[Band]) -> tuple[Node, ...]:
    """Named spots first, then the fold, then what was not recorded; what stays comes last.

    Within these, spots stand near what flows into them, so that bands cross little; the first and
    the last layer by units.
    """
    spot_of = {node.spot: place for place, node in enumerate(before)}
    pull: dict[Spot, float] = {}
    if before:
        weighed: dict[Spot, list[float]] = defaultdict(lambda: [0.0, 0.0])
        for band in bands:
            if band.layer == before[0].layer:
                both = weighed[band.target]
                both[0] += float(band.units) * spot_of[band.source]
                both[1] += float(band.units)
        pull = {spot: total / (units or 1.0) for spot, (total, units) in weighed.items()}

    def rank(node: Node) -> tuple[object, ...]:
        is_end = bool(before) and node.stays == node.units
        named = 0 if node.spot.name else 1 if node.spot.name is None else 2
        return is_end, named, pull.get(node.spot, 0.0), -node.units, node.spot.name or "", node.spot

    return tuple(sorted(nodes, key=rank))


@dataclass(frozen=True, slots=True)
class Box:
    """Where a node is drawn; its width is the same for all."""

    node: Node
    x: float
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Strip:
    """Where a band is drawn: from (x1, y1) to (x2, y2), `thick` all the way."""

    band: Band
    x1: float
    y1: float
    x2: float
    y2: float
    thick: float


@dataclass(frozen=True, slots=True)
class Placed:
    """A map in drawing units: boxes layer by layer, strips, and the height of it all."""

    boxes: tuple[Box, ...]
    strips: tuple[Strip, ...]
    height: float
    scale: float


def placed(
    found: Layered,
    *,
    length: float,
    body: float,
    top: float = 0.0,
    node: float = 9.0,
    above: float = 38.0,
    slot: float = 24.0,
) -> Placed:
    """Lay a map out over `length`; the fullest layer takes `body` for its units.

    `above` is the room over each node for its label; in the last layer the label stands beside,
    and every node has `slot` at least.
    """
    scale = body / float(found.units) if found.units else 0.0
    last = len(found.layers) - 1
    at: dict[tuple[int, Spot], tuple[float, float]] = {}
    boxes: list[Box] = []
    bottom = top
    for number, layer in enumerate(found.layers):
        x = (length - node) * number / last if last > 0 else 0.0
        y = top
        for one in layer:
            tall = float(one.units) * scale
            room = max(slot - tall, 8.0) if number == last else above
            y += above if number < last else room / 2
            at[number, one.spot] = (x, y)
            boxes.append(Box(one, x, y, tall))
            y += tall + (room / 2 if number == last else 0.0)
        bottom = max(bottom, y)
    return Placed(tuple(boxes), _strips(found, at, scale, node), bottom, scale)


def _strips(
    found: Layered, at: Mapping[tuple[int, Spot], tuple[float, float]], scale: float, node: float
) -> tuple[Strip, ...]:
    """Bands leave and arrive in the order of the spots they join, to cross little."""
    place = {
        (number, one.spot): spot
        for number, layer in enumerate(found.layers)
        for spot, one in enumerate(layer)
    }
    leave = {key: y for key, (_, y) in at.items()}
    arrive = dict(leave)
    starts: dict[Band, float] = {}
    for band in found.bands:  # stored in the order of sources, then of targets
        starts[band] = leave[band.layer, band.source]
        leave[band.layer, band.source] += float(band.units) * scale
    strips = []
    for band in sorted(
        found.bands,
        key=lambda b: (
            b.layer, place[b.layer + 1, b.target], place[b.layer, b.source], _rank(b.kind)
        ),
    ):  # fmt: skip
        target = (band.layer + 1, band.target)
        x1, x2 = at[band.layer, band.source][0] + node, at[target][0]
        thick = float(band.units) * scale
        strips.append(Strip(band, x1, starts[band], x2, arrive[target], thick))
        arrive[target] += thick
    return tuple(strips)
