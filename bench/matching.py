"""How right the matching is: two shops, food recalls by code, notices by words, strangers.

Food links: the recalls that have one are set against a catalogue made here. It holds the linked
products; every other UPC with a fitting check digit that the enforcement reports name (with the
words of its report, codes cut out), unless one of those recalls names it too; and for each linked
product its twenty neighbours: the same company, the item number up to ten lower or higher. Linked
products and neighbours have no words, so only the code can tell them apart.
"""

from __future__ import annotations

import csv
import gzip
import json
import random
import re
import sys
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

from bench._house import figure, tell
from holdfast.kit.identifiers.check_digits import check_digit, has_check_digit
from holdfast.kit.matching import Catalogue, Match, Rating, Record, match_all, rate, read_records
from tests.plugins.strict import data_folder

Pairs = set[tuple[str, str]]
NEIGHBOURS = 10
LONGEST_BRAND = 30
PHOTO_TEXT = 600


def pairs_of(found: list[Match], answer: str = "") -> Pairs:
    """The pairs of one answer, or of both."""
    return {(one.left, one.right) for one in found if answer in ("", one.answer)}


def percent(name: str, rating: Rating, target: str = "", note: str = "") -> None:
    """Precision, recall and F1 with their intervals, F1 against the target."""
    told = rating.as_json()
    for part in ("precision", "recall", "f1"):
        share, interval = told[part], told[f"{part}_interval"]
        if share is None:
            continue
        low, high = (100 * end for end in interval)
        wanted = target if part == "f1" else ""
        figure(f"{name}: {part}", 100 * share, "%", wanted, f"{low:.1f} to {high:.1f}; {note}")


def shops(folder: Path) -> None:
    """Abt-Buy: as it is, by halves, and where most records have no partner."""
    abt, buy = (list(read_records(folder / f"{name}.csv")) for name in ("abt", "buy"))
    with (folder / "gt.csv").open() as file:
        true = {(row["D1"], row["D2"]) for row in csv.DictReader(file, delimiter="|")}
    found = match_all(abt, Catalogue(buy)).found
    percent("two shops", rate(pairs_of(found), true), ">= 75", "1,076 × 1,076, no labels")
    stopped = rate(pairs_of(found, "suppress"), true)
    figure("two shops: precision of suppress", 100 * (stopped.precision or 0), "%", "",
           f"{stopped.hits + stopped.wrong} pairs")  # fmt: skip
    turned = match_all(buy, Catalogue(abt)).found
    flipped = {(one.right, one.left) for one in turned}
    percent("two shops, sides exchanged", rate(flipped, true))
    for share, every in ((50, 2), (20, 5)):
        some = [record for number, record in enumerate(buy) if number % every == 0]
        kept = {record.id for record in some}
        rating = rate(
            pairs_of(match_all(abt, Catalogue(some)).found),
            {pair for pair in true if pair[1] in kept},
        )
        percent(f"two shops, {share} % have a partner", rating, "", f"1,076 × {len(some)}")


def otherwise(folder: Path) -> None:
    """The same shops with copies of rows and with a blank in every model number."""
    abt, buy = (list(read_records(folder / f"{name}.csv")) for name in ("abt", "buy"))
    with (folder / "gt.csv").open() as file:
        true = {(row["D1"], row["D2"]) for row in csv.DictReader(file, delimiter="|")}
    copies = [replace(one, id=f"{one.id} again") for one in buy]
    both = true | {(one, f"{other} again") for one, other in true}
    twice = match_all(abt, Catalogue([*buy, *copies])).found
    percent("two shops, each product twice", rate(pairs_of(twice), both))
    for name, left, right in (("recalls", True, False), ("products", False, True)):
        asked = [blanked(one) if left else one for one in abt]
        shop = Catalogue([blanked(one) if right else one for one in buy])
        found = match_all(asked, shop).found
        percent(f"two shops, a blank in models of {name}", rate(pairs_of(found), true))


def blanked(record: Record) -> Record:
    """`PSLX350H` as `PSLX 350H`."""
    apart = re.compile(r"\b([A-Z]{2,})(\d+)")
    title, rest = (apart.sub(r"\1 \2", text) for text in (record.title, record.rest))
    return replace(record, title=title, rest=rest)


def pictured(folder: Path) -> None:
    """The same shops with a text as read in a photograph: of the right product, of another one."""
    abt, buy = (list(read_records(folder / f"{name}.csv")) for name in ("abt", "buy"))
    with (folder / "gt.csv").open() as file:
        partner = {row["D1"]: row["D2"] for row in csv.DictReader(file, delimiter="|")}
    true = set(partner.items())
    text = {one.id: one.text[:PHOTO_TEXT] for one in buy}
    chance = random.Random(1)
    for name, seen in (
        ("the right product", [text[partner[one.id]] for one in abt]),
        ("another product", chance.sample(list(text.values()), len(abt))),
    ):
        left = [replace(one, photo=seen[at]) for at, one in enumerate(abt)]
        found = match_all(left, Catalogue(buy)).found
        sure = rate(pairs_of(found, "suppress"), true)
        note = f"{sure.hits} pairs to suppress, {sure.wrong} of them wrong"
        percent(f"two shops, a photograph of {name}", rate(pairs_of(found), true), "", note)


def rows_of(path: Path) -> list[dict[str, str]]:
    """The rows of a packed table; some of its bytes are no UTF-8."""
    text = gzip.decompress(path.read_bytes()).decode("utf-8", "replace")
    return [
        {key: value or "" for key, value in row.items() if key}
        for row in csv.DictReader(text.splitlines(keepends=True))
    ]


def middle(upc: str) -> str:
    """The ten digits of a UPC that say company and item, as the lists of the source print it."""
    cut = {10: (0, 10), 11: (0, 10), 12: (1, 11), 14: (3, 13)}.get(len(upc))
    return upc[slice(*cut)] if cut else ""


class Food:
    """Enforcement reports and press releases, the codes each names, and the published links."""

    def __init__(self, folder: Path) -> None:
        self.recalls: dict[str, Record] = {}
        self.named: dict[str, set[str]] = defaultdict(set)
        self.whole: dict[str, dict[str, str]] = {}
        for row in rows_of(folder / "fda_food_enforcement_2012_2016_with_upcs.csv.gz"):
            key = row["Recall.Number"]
            self._name(key, row["upcs"])
            self.recalls[key] = Record(
                key, row["Product.Description"], row["Recalling.Firm"], rest=row["Code.Info"]
            )
            for code in row["upcs"].split(";"):
                self.whole.setdefault(code.strip(), row)
        for row in rows_of(folder / "fda_press_releases_2009_2013_upc_asin.csv.gz"):
            if row["press_index"].isdigit():
                key = f"press {row['press_index']}"
                self._name(key, row["upcs_string"])
                self.recalls[key] = Record(
                    key, row["PRODUCT_DESCRIPTION"], row["BRAND_NAME"], rest=row["COMPANY"],
                    codes=row["upcs_string"].replace(";", " ; "),
                )  # fmt: skip
        self.true: Pairs = set()
        with (folder / "recallnumber_upc_asin.csv").open() as file:
            self.true |= {(row["Recall.Number"], row["upc"]) for row in csv.DictReader(file)}
        with (folder / "upc_asin_pressindex.csv").open() as file:
            for row in csv.DictReader(file):
                self.true.add((f"press {place(int(row['recall_number']))}", row["upc"]))

    def _name(self, key: str, listed: str) -> None:
        self.named[key] |= {middle(code.strip()) for code in listed.split(";")} - {""}


def place(index: int) -> int:
    """The row that a link means: the links count rows that the list of releases has no more."""
    return index - (4 if index < 1200 else 5 if index < 1900 else 6)


def found_links(food: Food) -> tuple[list[Match], str]:
    """The pairs found among distractors, and what was asked."""
    asked = sorted({key for key, _upc in food.true})
    named = set().union(*(food.named[key] for key in asked))
    shop = {upc: Record(upc, codes=upc) for _key, upc in sorted(food.true)}
    for upc, row in food.whole.items():
        if len(upc) == 12 and has_check_digit(upc) and middle(upc) not in named:
            words = re.sub(r"[\d -]{9,}", " ", row["Product.Description"])
            shop.setdefault(upc, Record(upc, words, row["Recalling.Firm"], codes=upc))
    for _key, upc in sorted(food.true):
        for step in range(-NEIGHBOURS, NEIGHBOURS + 1):
            digits = f"{int(upc[:11]) + step:011d}"[-11:]
            other = digits + check_digit(digits)
            if middle(other) not in named:
                shop.setdefault(other, Record(other, codes=other))
    found = match_all([food.recalls[key] for key in asked], Catalogue(shop.values())).found
    note = f"{len(food.true)} different ones of 163; {len(asked)} recalls × {len(shop):,} products"
    return found, note


def linked(food: Food) -> None:
    """The published links among distractors."""
    found, note = found_links(food)
    percent("food links", rate(pairs_of(found), food.true), "", note)
    also = {pair for pair in pairs_of(found) if middle(pair[1]) in food.named[pair[0]]}
    percent("food links and what the recall itself lists", rate(pairs_of(found), food.true | also))


def worded(food: Food) -> None:
    """Press releases against enforcement reports without any code; nothing was chosen on these."""
    press = {key for key in food.recalls if key.startswith("press ") and food.named[key]}
    by_code: dict[str, set[str]] = defaultdict(set)
    for key in food.recalls.keys() - press:
        if not key.startswith("press "):
            for code in food.named[key]:
                by_code[code].add(key)
    true = {(key, other) for key in press for code in food.named[key] for other in by_code[code]}
    left = [stripped(food.recalls[key]) for key in sorted({key for key, _other in true})]
    right = [
        stripped(food.recalls[key]) for key in sorted(food.recalls.keys()) if key[:5] != "press"
    ]
    found = match_all(left, Catalogue(right)).found
    note = (
        f"{len(left)} × {len(right):,}, {len(true)} pairs share a UPC; short texts of another hand"
    )
    percent("food, words only", rate(pairs_of(found), true), "", note)
    reached = {key for key, _other in pairs_of(found) & true}
    figure("food, words only: recalls with a right pair", 100 * len(reached) / len(left), "%")


def stripped(record: Record) -> Record:
    """Without anything that could be a code."""
    cut = re.compile(r"\d[\d -]{7,}")
    return Record(
        record.id, cut.sub(" ", record.title), record.brand, rest=cut.sub(" ", record.rest)
    )


def notices(recalls: Path) -> None:
    """Each CPSC notice against brand and name of what it recalls; every other product is absent.

    The constants were chosen on every fourth notice; these are the other three quarters.
    """
    left, right = [], []
    for number, line in enumerate(gzip.decompress(recalls.read_bytes()).decode().splitlines()):
        item = json.loads(line)
        brand, called, _rest = item["title"].partition(" Recall")
        if number % 4 and called and item["products"] and len(brand) <= LONGEST_BRAND:
            left.append(Record(item["id"], item["title"], rest=item["description"] or ""))
            right.append(Record(item["id"], f"{brand} {item['products'][0]}"))
    there = right[::2]
    found = match_all(left, Catalogue(there)).found
    note = f"{len(left):,} notices × {len(there):,} products, one for every second notice"
    percent(
        "notice to product, words", rate(pairs_of(found), {(r.id, r.id) for r in there}), "", note
    )


def strangers(recalls: Path, shop: Path) -> None:
    """All recalls of the CPSC against a shop of electronics: how many must somebody read?"""
    left = list(read_records(recalls))
    right = list(read_records(shop))
    found = match_all(left, Catalogue(right)).found
    note = f"{len(left):,} recalls of 1973 to 2022 × {len(right):,} products"
    for answer in ("suppress", "review"):
        pairs = pairs_of(found, answer)
        figure(f"all CPSC recalls against one shop: {answer}", len(pairs), "pairs", "", note)
    for one in found[:20]:
        print(f"    {one.answer} {one.left}, {one.right}: {one.reason}", file=sys.stderr)


def main() -> None:
    """Measure and print."""
    data = data_folder()
    if not (data / "catalogue_matching").exists():
        sys.exit(f"the real catalogues are not at {data}; see HOLDFAST_SHARED_DATA")
    shops(data / "catalogue_matching" / "abt_buy")
    otherwise(data / "catalogue_matching" / "abt_buy")
    pictured(data / "catalogue_matching" / "abt_buy")
    food = Food(data / "recalls_fda_upc_asin")
    linked(food)
    worded(food)
    recalls = data / "recalls_cpsc" / "cpsc_recalls_1973_2022.jsonl.gz"
    notices(recalls)
    strangers(recalls, data / "catalogue_matching" / "abt_buy" / "buy.csv")
    tell()


if __name__ == "__main__":
    main()
