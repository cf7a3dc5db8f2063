"""What kind of goods a report is about, so that no torch has a foreign body in its food."""

from __future__ import annotations

import pytest

from holdfast.kit.signals.goods import goods_of, kinds_of_goods
from holdfast.kit.signals.hazard_reading import read_hazards


@pytest.mark.parametrize(
    ("named", "text", "kind", "read_as"),
    [
        ("Travel torch", "", "electrical", "products"),
        ("Nachtlicht", "", "electrical", "products"),
        ("Peluche ours", "", "toy", "products"),
        ("Silla de madera", "", "furniture", "products"),
        ("Organic quinoa 500 g", "", "food", "food"),
        ("Bio-Joghurt", "", "food", "food"),
        ("Hand cream", "", "cosmetic", ""),
        # Two kinds are possible, so nothing is lost.
        ("Kettle chips", "", "", ""),
        ("Rice cooker", "", "", ""),
        ("Coffee 1 kg", "The bag caught fire in the microwave.", "food", ""),
        ("VL-20K", "Works well.", "", ""),
        # A text alone.
        ("", "The lamp smokes.", "electrical", "products"),
        ("", "Das Nachtlicht wurde heiß.", "electrical", "products"),
        ("", "At the table I found glass in it.", "", ""),
        ("", "The microwave melted the tray and I ate plastic.", "", ""),
        ("", "There was a stone in the rice.", "food", ""),
        ("", "There was a stone in it.", "", ""),
    ],
)
def test_the_kind_comes_from_the_catalogue_or_the_text(
    named: str, text: str, kind: str, read_as: str
) -> None:
    found = goods_of(named, text)
    assert (found.kind, found.read_as) == (kind, read_as)


def test_a_source_that_says_what_it_is_is_believed() -> None:
    assert goods_of("Torch", "The torch broke.", "food").read_as == "food"
    assert goods_of("", "", "toy").read_as == "products"
    assert goods_of("", "", "products").kind == "products"


def test_unknown_goods_lose_no_hazard_of_any_kind() -> None:
    text = "There was glass in it, and then it caught fire."
    unknown = set(read_hazards(text, goods=goods_of("", text).read_as).hazards)
    for kind in kinds_of_goods():
        assert set(read_hazards(text, goods=goods_of("", text, kind).read_as).hazards) <= unknown
