"""Two shops describe the same goods in their own words; food recalls print codes in many forms."""

import csv
from pathlib import Path

from bench.matching import Food, found_links, pairs_of
from holdfast.kit.matching import Catalogue, match_all, rate, read_records


def test_two_shops_find_their_common_goods(real_data: Path) -> None:
    folder = real_data / "catalogue_matching" / "abt_buy"
    left, right = (list(read_records(folder / f"{name}.csv")) for name in ("abt", "buy"))
    with (folder / "gt.csv").open() as file:
        true = {(row["D1"], row["D2"]) for row in csv.DictReader(file, delimiter="|")}
    found = match_all(left, Catalogue(right)).found
    rating = rate({(match.left, match.right) for match in found}, true)
    assert (rating.f1 or 0) >= 0.9
    stopped = {(match.left, match.right) for match in found if match.answer == "suppress"}
    assert len(stopped) > 600
    assert (rate(stopped, true).precision or 0) >= 0.99


def test_every_published_link_of_a_food_recall_is_found_among_its_neighbours(
    real_data: Path,
) -> None:
    food = Food(real_data / "recalls_fda_upc_asin")
    found, _note = found_links(food)
    assert food.true - pairs_of(found) == set()
    assert (rate(pairs_of(found), food.true).precision or 0) >= 0.85
