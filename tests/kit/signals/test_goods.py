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
        ("Organic quinoa 500 g", "", "food", ""),
        ("Bio-Joghurt", "", "food", ""),
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


@pytest.mark.parametrize(
    "named", ["Egg boiler", "Wine cooler", "Apple watch band", "Chocolate fountain", "Eierkocher"]
)
def test_a_name_with_a_food_in_it_hides_no_fire(named: str) -> None:
    text = "It caught fire and I got an electric shock."
    read = read_hazards(text, goods=goods_of(named, text).read_as)
    assert set(read.hazards) == {"fire", "shock"}


@pytest.mark.parametrize("named", ["Chicken pot pie", "Teddy snacks", "Table water biscuits"])
def test_food_called_like_a_thing_keeps_its_foreign_bodies(named: str) -> None:
    text = "My son ate it and bit on a piece of metal."
    assert "foreign_body" in read_hazards(text, goods=goods_of(named, text).read_as).hazards


def test_unknown_goods_lose_no_hazard_of_any_kind() -> None:
    text = "There was glass in it, and then it caught fire."
    unknown = set(read_hazards(text, goods=goods_of("", text).read_as).hazards)
    for kind in kinds_of_goods():
        assert set(read_hazards(text, goods=goods_of("", text, kind).read_as).hazards) <= unknown
