"""How right the matching is on records on which nothing was chosen: drugs, another API, Europe.

Drugs: an enforcement report in its own words against brand, maker and substance as the directory
of drug codes has them; codes are cut out. Notices: what a notice says against the fields that
another API gives of the same recall. Of every second one the product is absent. Codes: the numbers
those fields list, and the barcodes of Safety Gate, among twenty neighbours each.
"""

from __future__ import annotations

import csv
import gzip
import json
import re
import sys
from collections.abc import Iterable
from pathlib import Path

from bench._house import figure, tell
from bench.matching import Pairs, pairs_of, percent, stripped
from holdfast.kit.identifiers.check_digits import check_digit, has_check_digit
from holdfast.kit.matching import Catalogue, Record, match_all, rate
from tests.plugins.strict import data_folder

NEIGHBOURS = 10
DRUGS = "recalls_openfda/openfda_enforcement_drugs_2012_2021.jsonl.gz"


def told(name: str, left: list[Record], shop: dict[str, Record], true: Pairs) -> None:
    """Match, hold against the truth, and say how sure `suppress` was."""
    found = match_all(left, Catalogue(shop.values())).found
    asked = len({one.id for one in left})
    percent(name, rate(pairs_of(found), true), "", f"{asked:,} recalls × {len(shop):,} products")
    sure = rate(pairs_of(found, "suppress"), true)
    if sure.precision is not None:
        note = f"{sure.hits + sure.wrong} pairs"
        figure(f"{name}: precision of suppress", 100 * sure.precision, "%", "", note)


def drugs(file: Path) -> None:
    """Reports whose directory entry names one brand and one maker; 1,683 of 13,349 have entries."""
    left, shop, true = [], {}, set()
    for line in gzip.decompress(file.read_bytes()).decode().splitlines():
        item = json.loads(line)
        entry = item.get("openfda") or {}
        brands, makers = entry.get("brand_name", []), entry.get("manufacturer_name", [])
        if len(brands) != 1 or len(makers) != 1:
            continue
        key = f"{brands[0]}, {makers[0]}".casefold()
        substance = " ".join(entry.get("generic_name", [])[:3])
        shop.setdefault(key, Record(key, brands[0], makers[0], rest=substance))
        recall = Record(item["recall_number"], item["product_description"], item["recalling_firm"])
        left.append(stripped(recall))
        true.add((recall.id, key))
    there = dict(sorted(shop.items())[::2])
    told("drugs, words only", left, there, {pair for pair in true if pair[1] in there})


def fields_of(folder: Path) -> dict[str, dict[str, list[str]]]:
    """The other API's recalls of the CPSC, by number."""
    found = {}
    for file in sorted(folder.glob("*.json")):
        for item in json.loads(file.read_bytes())["success"]["results"]:
            if item["organization"] == "CPSC" and item["recall_number"]:
                found[str(item["recall_number"])] = item
    return found


def notices(file: Path, fields: dict[str, dict[str, list[str]]]) -> None:
    """Notice against fields, by words; the codes in the notice against the list of codes."""
    texts = {}
    for line in gzip.decompress(file.read_bytes()).decode().splitlines():
        item = json.loads(line)
        texts[item["id"]] = Record(item["id"], item["title"], rest=item["description"] or "")
    both = sorted(texts.keys() & fields.keys())
    shop = {}
    for number in both[::2]:
        item = fields[number]
        if item["descriptions"] and item["manufacturers"]:
            title, maker = item["descriptions"][0][:300], item["manufacturers"][0]
            shop[number] = Record(number, title, maker)
    true = {(number, number) for number in shop}
    told("notice to another API's words", [texts[one] for one in both], shop, true)
    listed = {
        (number, code.strip())
        for number in both
        for code in fields[number].get("upcs") or ()
        if len(code.strip()) in (12, 13) and has_check_digit(code.strip())
    }
    printed = {
        (number, code)
        for number, code in listed
        if code.lstrip("0")[:-1] in _joined(texts[number].text)
    }
    asked = sorted({number for number, _code in listed})
    note = f"{len(printed)} of {len(listed)} listed numbers stand in the notice at all"
    figure("listed numbers in the notice", 100 * len(printed) / len(listed), "%", "", note)
    codes = among_neighbours({code for _number, code in listed})
    shown = {one: _joined(texts[one].text) for one in asked}
    printed |= {
        (number, code)
        for number, text in shown.items()
        for code in codes
        if code.lstrip("0")[:-1] in text
    }
    told("notice to another API's codes", [texts[one] for one in asked], codes, printed)


def _joined(text: str) -> str:
    return re.sub(r"(?<=\d)[ -]{1,3}(?=\d)", "", text)


def europe(file: Path) -> None:
    """Alerts as they come against products known by their barcode alone; half of them absent."""
    left, true = [], set()
    with file.open(encoding="utf-8", errors="replace") as table:
        for number, row in enumerate(csv.DictReader(table)):
            key = row["alert_number"] or f"row {number}"
            codes = [
                one
                for one in re.findall(r"\d+", re.sub(r"(?<=\d) (?=\d)", "", row["barcode"]))
                if len(one) in (8, 12, 13, 14) and has_check_digit(one)
            ]
            if codes:
                words = (row["product_name"], row["product_description"], row["batch_number"])
                left.append(
                    Record(key, words[0], row["brand"], rest="\n".join(words[1:]),
                           codes=row["barcode"])
                )  # fmt: skip
                true |= {(key, one) for one in codes}
    present = {code for _key, code in sorted(true)[::2]}
    shop = among_neighbours(present, without={code for _key, code in true} - present)
    told("Safety Gate to barcodes", left, shop, {pair for pair in true if pair[1] in present})


def among_neighbours(codes: Iterable[str], without: set[str] | None = None) -> dict[str, Record]:
    """Products without words, each beside twenty of the same company."""
    shop = {code: Record(code, codes=code) for code in sorted(codes)}
    for code in sorted(codes):
        for step in range(-NEIGHBOURS, NEIGHBOURS + 1):
            body = f"{int(code[:-1]) + step:0{len(code) - 1}d}"[-(len(code) - 1) :]
            other = body + check_digit(body)
            if other not in (without or ()):
                shop.setdefault(other, Record(other, codes=other))
    return shop


def main() -> None:
    """Measure and print."""
    data = data_folder()
    if not (data / DRUGS).exists():
        sys.exit(f"the real recalls are not at {data}; see HOLDFAST_SHARED_DATA")
    drugs(data / DRUGS)
    fields = fields_of(data / "recalls_gsa_api_2013")
    notices(data / "recalls_cpsc" / "cpsc_recalls_1973_2022.jsonl.gz", fields)
    europe(data / "recalls_eu_safety_gate" / "safety_gate_alerts_part1.csv")
    tell()


if __name__ == "__main__":
    main()
