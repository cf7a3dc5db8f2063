"""The layered map: nothing is lost on the way, whatever is folded."""

from __future__ import annotations

from collections import Counter, defaultdict
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast.kit.trace.map import Layered, Spot, Stream, layered, placed

pytestmark = pytest.mark.once
KINDS = ("confirmed", "probable", "cannot_rule_out", "held")
LAYERS = ("lot", "site", "channel", "market")


@st.composite
def streams(draw: st.DrawFn) -> list[Stream]:
    """Some goods on their way; many spots of each layer, some of them never recorded."""
    found = []
    for _ in range(draw(st.integers(0, 40))):
        depth = draw(st.integers(1, len(LAYERS)))
        path = tuple(
            Spot(kind, draw(st.sampled_from(["", None, *"abcdefghijklmnop"])))
            for kind in LAYERS[:depth]
        )
        units = draw(st.decimals(0, 1000, places=3))
        found.append(Stream(path, draw(st.sampled_from(KINDS)), units))
    return found


@given(streams(), st.integers(1, 6))
@settings(max_examples=50, deadline=None)
def test_what_flows_into_a_layer_flows_out_or_stays(goods: list[Stream], most: int) -> None:
    found = layered(goods, most=most, most_of={})
    assert found.units == sum((one.units for one in goods), Decimal(0))
    for number, layer in enumerate(found.layers):
        into: dict[Spot, Decimal] = defaultdict(Decimal)
        out: dict[Spot, Decimal] = defaultdict(Decimal)
        for band in found.bands:
            if band.layer == number - 1:
                into[band.target] += band.units
            if band.layer == number:
                out[band.source] += band.units
        for node in layer:
            assert node.units == out[node.spot] + node.stays
            assert number == 0 or node.units == into[node.spot]


@given(streams(), st.integers(1, 6))
@settings(max_examples=50, deadline=None)
def test_a_layer_has_the_units_of_every_stream_that_reaches_it(
    goods: list[Stream], most: int
) -> None:
    found = layered(goods, most=most, most_of={})
    for number, layer in enumerate(found.layers):
        wanted: Counter[str] = Counter()
        for one in goods:
            if len(one.path) > number:
                wanted[one.kind] += one.units  # type: ignore[assignment]
        got: Counter[str] = Counter()
        for node in layer:
            got.update(node.by_kind)  # type: ignore[arg-type]
        assert +got == +wanted


@given(streams(), st.integers(1, 6))
@settings(max_examples=25, deadline=None)
def test_a_fold_says_how_many_it_stands_for(goods: list[Stream], most: int) -> None:
    found = layered(goods, most=most, most_of={})
    for number, layer in enumerate(found.layers):
        there = {one.path[number] for one in goods if len(one.path) > number}
        assert sum(node.members for node in layer) == len(there)
        named = [node for node in layer if node.spot.name]
        assert len(named) <= most + 1


@given(streams(), st.randoms(use_true_random=False))
@settings(max_examples=30, deadline=None)
def test_the_order_of_what_is_read_changes_nothing(goods: list[Stream], dice: object) -> None:
    mixed = list(goods)
    dice.shuffle(mixed)  # type: ignore[attr-defined]
    assert layered(mixed) == layered(goods)
    assert placed(layered(mixed), length=900, body=300) == placed(
        layered(goods), length=900, body=300
    )


@given(streams())
@settings(max_examples=30, deadline=None)
def test_boxes_of_a_layer_stand_apart_and_bands_stay_inside_them(goods: list[Stream]) -> None:
    found = layered(goods)
    drawn = placed(found, length=900, body=300, top=20)
    for number in range(len(found.layers)):
        column = [box for box in drawn.boxes if box.node.layer == number]
        for upper, lower in pairwise(column):
            assert upper.y + upper.height <= lower.y + 1e-6
        assert sum(box.height for box in column) <= 300 + 1e-6
    box_of = {(box.node.layer, box.node.spot): box for box in drawn.boxes}
    for strip in drawn.strips:
        source = box_of[strip.band.layer, strip.band.source]
        target = box_of[strip.band.layer + 1, strip.band.target]
        for box, y in ((source, strip.y1), (target, strip.y2)):
            assert box.y - 1e-6 <= y
            assert y + strip.thick <= box.y + box.height + 1e-6
    assert all(box.y + box.height <= drawn.height + 1e-6 for box in drawn.boxes)


@given(streams())
@settings(max_examples=25, deadline=None)
def test_a_stored_map_is_the_same_map(goods: list[Stream]) -> None:
    found = layered(goods)
    assert Layered.from_json(found.as_json()) == found


def test_a_fold_of_one_is_shown_by_its_name() -> None:
    goods = [Stream((Spot("site", name),), "confirmed", Decimal(5)) for name in "abc"]
    assert [node.spot.name for node in layered(goods, most=2).layers[0]] == ["a", "b", "c"]
    more = [*goods, Stream((Spot("site", "d"),), "confirmed", Decimal(1))]
    last = layered(more, most=2).layers[0][-1]
    assert (last.spot.name, last.members, last.units) == (None, 2, Decimal(6))


def test_what_was_never_recorded_is_never_folded_away() -> None:
    goods = [
        Stream((Spot("site", name),), "probable", Decimal(9)) for name in ("a", "b", "c", "d", "e")
    ]
    found = layered([*goods, Stream((Spot("site", ""),), "probable", Decimal(1))], most=2)
    assert [node.spot.name for node in found.layers[0]] == ["a", "b", None, ""]


def test_units_below_nothing_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 0"):
        layered([Stream((Spot("lot", "a"),), "confirmed", Decimal(-1))])
