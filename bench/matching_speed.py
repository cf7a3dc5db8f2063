"""Fifty thousand real recalls against a million invented products, and one recall alone."""

from __future__ import annotations

import os
import random
import resource
import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from bench._house import figure, tell
from holdfast.kit.identifiers.check_digits import check_digit
from holdfast.kit.matching import Catalogue, Record, Rivals, match_all, match_one, read_records
from tests.plugins.strict import data_folder

RECALLS = int(os.environ.get("BENCH_RECALLS", "50000"))
PRODUCTS = int(os.environ.get("BENCH_PRODUCTS", "1000000"))
PLANTED = 1000
ALONE = 200
COLOURS = ("black", "white", "red", "blue", "green", "grey", "pink", "silver", "oak", "natural")
FILES = (
    ("recalls_openfda/openfda_enforcement_food_2012_2021.jsonl.gz", ("product_description",)),
    ("recalls_openfda/openfda_enforcement_drugs_2012_2021.jsonl.gz", ("product_description",)),
    ("recalls_cpsc/cpsc_recalls_1973_2022.jsonl.gz", ("Title", "Description")),
)


def real_recalls(folder: Path) -> list[Record]:
    """Recalls of the FDA and the CPSC; where they are too few, from the front again."""
    found: list[Record] = []
    for name, _fields in FILES:
        found += read_records(folder / name)
    known = len(found)
    again = (Record(f"{one.id}, again", one.title, one.brand, one.model, one.rest, one.codes)
             for one in found[: max(0, RECALLS - known)])  # fmt: skip
    return [*found, *again][:RECALLS]


def invented(recalls: list[Record], chance: random.Random) -> Iterator[Record]:
    """Products whose brands and words are those of the recalls, so that much is alike."""
    brands = sorted({one.brand.split("\n")[0][:40] for one in recalls if one.brand})
    words = [word for one in recalls[::7] for word in one.title.split()[:12] if word.isalpha()]
    for number in range(PRODUCTS):
        brand = brands[int(len(brands) * chance.random() ** 2)]
        model = f"{chance.choice('ABCDEHKLMPRSTX')}{chance.choice('ABCDKLX')}{number % 99991:05d}"
        title = " ".join(chance.choices(words, k=chance.randint(4, 8)))
        code = f"2{number:010d}"
        yield Record(
            f"p{number}", f"{title} {model} {chance.choice(COLOURS)}", brand, model,
            codes=code + check_digit(code),
        )  # fmt: skip


def planted(
    products: list[Record], chance: random.Random
) -> tuple[list[Record], set[tuple[str, str]]]:
    """Recalls of products that are there: by code, by model written otherwise, by words alone."""
    recalls, true = [], set()
    for number, product in enumerate(products):
        words = product.title.split()
        code = product.codes
        kind = number % 3
        if kind == 0:
            text = f"Certain goods. UPC {code[0]} {code[1:6]} {code[6:11]} {code[11]}"
        elif kind == 1:
            text = f"{words[0]} by {product.brand}, model {product.model[:2]}-{product.model[2:]}"
        else:
            chance.shuffle(kept := words[:-2])
            text = " ".join(kept)
        brand = "" if kind == 0 else product.brand
        recalls.append(Record(f"planted {number}", text, brand))
        true.add((f"planted {number}", product.id))
    return recalls, true


def main() -> None:
    """Index, match all, ask one at a time."""
    folder = data_folder()
    if not (folder / FILES[0][0]).exists():
        sys.exit(f"the real recalls are not at {folder}; see HOLDFAST_SHARED_DATA")
    chance = random.Random(5)
    recalls = real_recalls(folder)
    kept: list[Record] = []

    def passing() -> Iterator[Record]:
        for number, product in enumerate(invented(recalls, chance)):
            if number % (PRODUCTS // PLANTED) == 0:
                kept.append(product)
            yield product

    began, busy = time.perf_counter(), time.process_time()
    catalogue = Catalogue(passing())
    indexed = time.perf_counter() - began
    extra, true = planted(kept, chance)
    recalls = [*recalls[: RECALLS - len(extra)], *extra]
    note = (
        f"{len(recalls):,} recalls (real, {len(extra):,} planted), {PRODUCTS:,} invented products"
    )
    began = time.perf_counter()
    matches = match_all(recalls, catalogue)
    matched = time.perf_counter() - began
    whole = indexed + matched
    worked = time.process_time() - busy
    figure("matching, index", indexed, "s", "", f"{PRODUCTS:,} products, one process")
    figure("matching, all recalls", matched, "s", "", note)
    figure("matching, index and all recalls", whole, "s", "<= 600", note)
    figure("matching, processor time of both", worked, "s", "", "one core; the clock counts others")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    figure("matching, highest memory", memory, "MB", "", "recalls, index and answers")
    rivals = matches.rivals
    took = []
    for recall in recalls[:: len(recalls) // ALONE][:ALONE]:
        began = time.perf_counter()
        match_one(recall, catalogue, Rivals(rivals.best, rivals.second))
        took.append((time.perf_counter() - began) * 1000)
    figure("matching, one new recall, median", statistics.median(took), "ms", "", "index kept")
    figure("matching, one new recall, slowest", max(took), "ms", "<= 1000", f"of {ALONE}")
    found = {(match.left, match.right) for match in matches.found}
    for kind, name in enumerate(("by code", "by model written otherwise", "by words alone")):
        of = [pair for pair in true if int(pair[0].split()[1]) % 3 == kind]
        figure(
            f"planted recalls found {name}", 100 * sum(pair in found for pair in of) / len(of), "%"
        )
    figure("pairs found", len(found), "", "", "invented products of real words: not rated")
    tell()


if __name__ == "__main__":
    main()
