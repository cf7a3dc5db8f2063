"""The texts that were labelled by hand, and how well the reader agrees with the labels.

The rule of labelling. Incidents are the 170 SaferProducts.gov reports whose number has the lowest
SHA-256 after “holdfast”; read were the first 520 characters and the last 60 (held out: the next 65
reports, 430 and 50). A label is a hazard that the text says happened, nearly happened, or is the
danger of the product, as a reader would name it without knowing the product; several may stand;
none where the danger is not named. Eleven reports whose excerpt did not say were left out.
Reviews are drawn likewise, 110 with three stars or fewer and 50 with more, and 75 more out of those
that have a word such as stone, mould or sick. Taste, price, staleness and packing are no hazard;
what may happen with other products is none either. Nine cut off in reading were left out.

One person labelled, who then wrote the words; the first three sets were read before. `held_out` was
drawn and labelled after the words were frozen, so its figures are the ones to believe.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from holdfast.kit.signals.hazard_reading import read_hazards

COMPLAINTS = "complaints_saferproducts_toys/saferproducts_toys_reports_2011_2017.csv.gz"
REVIEWS = "complaints_amazon_food_reviews/amazon_reviews_of_recalled_foods_pre2014.csv.gz"
LABELS = Path(__file__).with_name("labelled.json")
SETS = {
    "incidents": "products",
    "held_out": "products",
    "reviews": "food",
    "reviews_with_a_hazard_word": "food",
}


READ = {"incidents": (520, 60), "held_out": (430, 50)}  # first and last characters


@dataclass
class Agreement:
    """Hits, false ones and missed ones by hazard."""

    texts: int = 0
    first_right: int = 0
    with_a_label: int = 0
    hits: Counter[str] = field(default_factory=Counter)
    false: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)

    def counts(self, hazard: str = "") -> tuple[int, int, int]:
        """Hits, false, missed, of one hazard or of all."""
        if hazard:
            return self.hits[hazard], self.false[hazard], self.missed[hazard]
        return self.hits.total(), self.false.total(), self.missed.total()

    def hazards(self) -> list[str]:
        """All that were read or labelled."""
        return sorted({*self.hits, *self.false, *self.missed})


@cache
def texts(shared: Path) -> dict[str, str]:
    """The texts by the ids of the labels."""
    csv.field_size_limit(50_000_000)
    found = {}
    with gzip.open(shared / COMPLAINTS, "rt", newline="") as file:
        for row in csv.DictReader(file):
            found[row["Report No."]] = " ".join(row["Incident Description"].split())
    with gzip.open(shared / REVIEWS, "rt", newline="") as file:
        for row in csv.DictReader(file):
            told = row["unixReviewTime"] + row["summary"] + row["reviewText"]
            key = f"{row['asin']}-{hashlib.sha256(told.encode()).hexdigest()[:10]}"
            found[key] = f"{row['summary']}. {' '.join(row['reviewText'].split())}"
    return found


def excerpt(text: str, name: str) -> str:
    """What was read when it was labelled."""
    if name not in READ or len(text) <= sum(READ[name]):
        return text
    first, last = READ[name]
    return f"{text[:first]} … {text[-last:]}"


def agreement(shared: Path, name: str) -> Agreement:
    """How well the reader agrees with one set of labels."""
    by_id, found = texts(shared), Agreement()
    for key, labels in json.loads(LABELS.read_text())[name]:
        reading = read_hazards(excerpt(by_id[key], name), goods=SETS[name])
        read, wanted = set(reading.hazards), set(labels)
        found.texts += 1
        if wanted:
            found.with_a_label += 1
            found.first_right += bool(reading.hazards) and reading.hazards[0] in wanted
        found.hits.update(read & wanted)
        found.false.update(read - wanted)
        found.missed.update(wanted - read)
    return found
