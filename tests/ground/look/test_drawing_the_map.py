"""The layered map drawn: every band and node says what it is, in both directions of writing."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from decimal import Decimal

import pytest

from holdfast.ground.look.charts.layers import WIDTH, Label, Words, layers
from holdfast.kit.trace.map import Layered, Node, Spot, Stream, layered

pytestmark = pytest.mark.once
KINDS = {
    "confirmed": "confirmed", "probable": "probable", "cannot_rule_out": "cannot rule out",
    "held": "in stock",
}  # fmt: skip


def goods() -> Layered:
    """One lot that went to two countries, and some of it that did not leave."""
    lot, site = Spot("lot", "B<17>"), Spot("site", "Gdańsk")
    return layered(
        [
            Stream((lot, site, Spot("market", "DE")), "confirmed", Decimal(80)),
            Stream((lot, site, Spot("market", "DE")), "probable", Decimal(15)),
            Stream((lot, site, Spot("market", "")), "cannot_rule_out", Decimal("0.5")),
            Stream((lot, site), "held", Decimal(40)),
        ]
    )


def drawn(*, mirrored: bool = False) -> str:
    words = Words("Map", ["Lot", "Site", "Country"], KINDS, lambda n: f"{n} units")

    def label(node: Node) -> Label:
        return Label(node.spot.name or "not recorded", is_quiet=not node.spot.name)

    return layers("m", goods(), label=label, words=words, say=str, mirrored=mirrored)


def test_every_band_and_every_node_says_what_it_is() -> None:
    root = ET.fromstring(drawn())
    titles = [
        "".join(group.find("title").itertext())  # type: ignore[union-attr]
        for group in root.iter("g")
    ]
    found = goods()
    assert len(titles) == len(found.bands) + sum(len(layer) for layer in found.layers)
    assert "Gdańsk → DE: 80 units, confirmed" in titles
    assert "Gdańsk → not recorded: 0.5 units, cannot rule out" in titles
    assert any(title.startswith("B<17>: 135.5 units; 80 confirmed, 15 prob") for title in titles)


def test_what_is_less_known_is_hatched_so_that_paper_shows_it_without_colour() -> None:
    picture = drawn()
    assert picture.count('fill="url(#mp)"') == 2  # lot to site to Germany
    assert picture.count('fill="url(#mc)"') == 2
    assert set(re.findall(r'Z" class="([^"]*)"', picture)) == {
        "band k1", "band k2", "band k9",
    }  # fmt: skip


def test_the_picture_holds_neither_style_nor_script() -> None:
    assert not re.search(r"style=|<script|<style|on\w+=|href", drawn())


def test_a_language_from_right_to_left_sees_the_mirror_image() -> None:
    left, right = (ET.fromstring(drawn(mirrored=turn)) for turn in (False, True))
    there = [(float(r.get("x")), float(r.get("width"))) for r in left.iter("rect")]  # type: ignore[arg-type]
    here = [(float(r.get("x")), float(r.get("width"))) for r in right.iter("rect")]  # type: ignore[arg-type]
    assert here == [(WIDTH - x - width, width) for x, width in there]
    assert all("te" in (text.get("class") or "").split() for text in right.iter("text"))


def test_an_empty_map_is_drawn_without_dividing_by_nothing() -> None:
    words = Words("Map", [], KINDS, str)
    assert layers("m", layered([]), label=lambda _: Label(""), words=words, say=str)
