"""The texts that were labelled by hand, and how well the reader agrees with the labels.

The rule of labelling. A label is a hazard that the text says happened, nearly happened, or is the
danger of the product, as a reader would name it without knowing the product; several may stand;
none where the danger is not named. What follows is not what caused it: a fall that the product did
not cause is no fall, stitches after a blow are no cut, a cut by the edge one falls on is a cut.
Taste, price, staleness and packing are no hazard (spoilt and mouldy food is); what may happen with
other products is none either. Authorities' texts: a germ or doubtful sterility is `pathogen`, a
substance above its limit `poisoning`, a part that hits or falls on people `impact`; a wrong label
alone is none.

Also labelled on all incidents: `harm` (0 none told, 1 hurt, 2 a doctor, 3 a hospital, an
operation, a fracture or lasting harm, 4 death; null where the part read did not say), `body` (what
of a person was hurt or in danger), `months` (age of that person), `parts` (what of the product
failed). `denied` are hazards that a text names in order to deny them.

How the texts were drawn. Incidents: SaferProducts.gov reports by the SHA-256 of “holdfast” and the
number; 1 to 170, then 65 (`held_out`), then 65 (`incidents_in_full`), then its held-out part.
Reviews: 110 with three stars or fewer and 50 with more, 75 that have a word such as stone, mould
or sick, then 65 with one of forty such words and 25 at random (held out: 65 and 40 more).
Announcements: openFDA food and drugs, CPSC, RASFF and lebensmittelwarnung.de by the same SHA-256,
each source's first half (held out: the second). Read were the first and last characters that
`READ` says. Left out: sixteen incidents, ten reviews and one announcement whose excerpt did not
say. Sets called `later` were drawn when all others were there, by the SHA-256 of “later” and the
number: 55 incidents to look at, 60 held out, 90 more to look at; of reviews 145 and 169, most with
one of sixty words. 21 of these incidents were left out because their excerpt did not say.

Sets called `fresh` were drawn when all others were there, by the SHA-256 of “fresh ” and the id:
two samples of 120 and one more (`held_out`), of reports on toys, reviews, announcements and NHTSA
complaints about vehicles, which no set had before. The words were mended on the first, measured on
the second, which won nothing, mended on that too, and measured on the third. Two announcements of
the older `announcements_held_out` (15221, 17043) were seen while these words were mended. What a
brake, a steering or a wheel that fails on the road leads to is a `fall` (losing control). Left out:
seventeen whose excerpt did not say.

One person labelled, who then wrote the words; the labels of a set were written down before the
reader's answer was seen. `held_out` was labelled after the words of the first version were frozen,
the other sets that end in `held_out` after those of the second. All held-out incidents and reviews
but those called `later` have been looked at since, for the third version. Of those only counts were
seen, before and after each of its three drafts, and nothing was changed on them: their figures are
the ones to believe, with those of the announcements. Harm, body, age and part of the first two sets
were labelled later; the words for harm and age were changed once more after that, on sets without
`held_out`.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from holdfast.kit.signals.hazard_reading import Reading, read_hazards

COMPLAINTS = "complaints_saferproducts_toys/saferproducts_toys_reports_2011_2017.csv.gz"
VEHICLES = "recalls_nhtsa/nhtsa_complaints_sample_100.tsv"
REVIEWS = "complaints_amazon_food_reviews/amazon_reviews_of_recalled_foods_pre2014.csv.gz"
LABELS = Path(__file__).with_name("labelled.json")
SETS = {
    "incidents": "products",
    "held_out": "products",
    "incidents_in_full": "products",
    "incidents_in_full_held_out": "products",
    "reviews": "food",
    "reviews_with_a_hazard_word": "food",
    "reviews_more": "food",
    "reviews_more_held_out": "food",
    "announcements": "",
    "announcements_held_out": "",
    "incidents_later": "products",
    "incidents_later_held_out": "products",
    "reviews_later": "food",
    "reviews_later_held_out": "food",
    "reviews_later_with_a_hazard_word": "food",
    "reviews_later_with_a_hazard_word_held_out": "food",
    "incidents_fresh": "products",
    "incidents_fresh_held_out": "products",
    "vehicles_fresh": "products",
    "vehicles_fresh_held_out": "products",
    "reviews_fresh": "food",
    "reviews_fresh_held_out": "food",
    "announcements_fresh": "",
    "announcements_fresh_held_out": "",
}
READ = {  # first and last characters, of the held-out part too
    "incidents": (520, 60),
    "held_out": (430, 50),
    "incidents_in_full": (600, 80),
    "reviews_more": (700, 60),
    "announcements": (400, 80),
    "incidents_later": (430, 50),
    "reviews_later": (500, 60),
    "reviews_later_with_a_hazard_word": (400, 60),
    "incidents_fresh": (480, 60),
    "vehicles_fresh": (480, 60),
    "reviews_fresh": (400, 60),
    "announcements_fresh": (400, 80),
}
# What is known of an announcement before it is read: its language and what it is about.
SOURCES = {
    "openfda_food": ("en", "food"),
    "openfda_drugs": ("en", ""),
    "cpsc": ("en", "products"),
    "rasff": ("en", "food"),
    "lebensmittelwarnung": ("de", "food"),
}


@dataclass
class Counts:
    """Hits, false ones and missed ones by what was named."""

    hits: Counter[Any] = field(default_factory=Counter)
    false: Counter[Any] = field(default_factory=Counter)
    missed: Counter[Any] = field(default_factory=Counter)

    def add(self, read: set[Any], wanted: set[Any]) -> None:
        """One more text."""
        self.hits.update(read & wanted)
        self.false.update(read - wanted)
        self.missed.update(wanted - read)

    def of(self, name: Any = None) -> tuple[int, int, int]:
        """Hits, false, missed, of one name or of all."""
        if name is None:
            return self.hits.total(), self.false.total(), self.missed.total()
        return self.hits[name], self.false[name], self.missed[name]

    def names(self) -> list[Any]:
        """All that were read or labelled."""
        return sorted({*self.hits, *self.false, *self.missed})


@dataclass
class Agreement:
    """What was read beside what was labelled; `harm` counts (labelled, read)."""

    texts: int = 0
    first_right: int = 0
    with_a_label: int = 0
    hazards: Counts = field(default_factory=Counts)
    body: Counts = field(default_factory=Counts)
    months: Counts = field(default_factory=Counts)
    parts: Counts = field(default_factory=Counts)
    harm: Counter[tuple[int, int]] = field(default_factory=Counter)
    denied: int = 0
    denied_and_asserted: int = 0

    def add(self, reading: Reading, labels: list[str], more: dict[str, Any]) -> None:
        """One more text."""
        wanted = set(labels)
        self.texts += 1
        if wanted:
            self.with_a_label += 1
            self.first_right += bool(reading.hazards) and reading.hazards[0] in wanted
        self.hazards.add(set(reading.hazards), wanted)
        self.denied += len(more.get("denied", ()))
        self.denied_and_asserted += len(set(more.get("denied", ())) & set(reading.hazards))
        if "body" in more:
            self.body.add(set(reading.body_parts), set(more["body"]))
            self.months.add(set(reading.ages_in_months), set(more["months"]))
            self.parts.add(set(reading.parts), set(more["parts"]))
            if more["harm"] is not None:
                self.harm[more["harm"], reading.severity] += 1


@cache
def texts(shared: Path) -> dict[str, str]:
    """The texts by the ids of the labels."""
    csv.field_size_limit(50_000_000)
    found = {}
    with gzip.open(shared / COMPLAINTS, "rt", newline="") as file:
        for row in csv.DictReader(file):
            found[row["Report No."]] = row["Incident Description"]
    with gzip.open(shared / REVIEWS, "rt", newline="") as file:
        for row in csv.DictReader(file):
            told = row["unixReviewTime"] + row["summary"] + row["reviewText"]
            key = f"{row['asin']}-{hashlib.sha256(told.encode()).hexdigest()[:10]}"
            found[key] = f"{row['summary']}. {row['reviewText']}"
    for line in (shared / VEHICLES).read_text(encoding="latin-1").splitlines():
        cells = line.split("\t")
        found[f"nhtsa:{cells[0]}"] = cells[19]
    for name in ("food", "drugs"):
        path = shared / f"recalls_openfda/openfda_enforcement_{name}_2012_2021.jsonl.gz"
        for one in lines_of(path, "recall_number", _wanted(f"openfda_{name}")):
            found[f"openfda_{name}:{one['recall_number']}"] = one["reason_for_recall"]
    path = shared / "recalls_cpsc/cpsc_recalls_1973_2022.jsonl.gz"
    for one in lines_of(path, "id", _wanted("cpsc")):
        found[f"cpsc:{one['id']}"] = one["hazard"]
    path = shared / "recalls_rasff/rasff_notifications_2024.csv.gz"
    with gzip.open(path, "rt", newline="") as file:
        for row in csv.DictReader(file):
            found[f"rasff:{row['reference']}:{row['date'][:10]}"] = row["subject"]
    path = shared / "recalls_de_lebensmittelwarnung/lebensmittelwarnungen.csv"
    with path.open(newline="") as file:
        for row in csv.DictReader(file):
            number = row["detail_link"].rsplit("/", 1)[-1]
            found[f"lebensmittelwarnung:{number}"] = row["reason"] or ""
    return {key: " ".join(text.split()) for key, text in found.items()}


def lines_of(path: Path, name: str, wanted: set[str]) -> list[dict[str, Any]]:
    """The lines of a packed JSON-lines file whose `name` is wanted; the others are not parsed."""
    number = re.compile(f'"{name}": "([^"]*)"')
    with gzip.open(path, "rt") as file:
        told = [line for line in file if (hit := number.search(line)) and hit.group(1) in wanted]
    return [json.loads(line) for line in told]


def _wanted(source: str) -> set[str]:
    ids = (
        one[0].partition(":") for some in json.loads(LABELS.read_text()).values() for one in some
    )
    return {number for told, _, number in ids if told == source}


def excerpt(text: str, name: str) -> str:
    """What was read when it was labelled."""
    first, last = READ.get(name) or READ.get(name.removesuffix("_held_out"), (len(text), 0))
    if len(text) <= first + last:
        return text
    return f"{text[:first]} … {text[-last:]}"


def read_labelled(shared: Path, name: str) -> list[tuple[str, Reading, list[str], dict[str, Any]]]:
    """Every text of a set: its id, what is read, what was labelled, and what else was."""
    by_id, found = texts(shared), []
    for key, labels, *more in json.loads(LABELS.read_text())[name]:
        language, goods = SOURCES.get(key.partition(":")[0], ("", SETS[name]))
        reading = read_hazards(excerpt(by_id[key], name), language, goods=goods)
        found.append((key, reading, labels, more[0] if more else {}))
    return found


def agreement(shared: Path, name: str) -> Agreement:
    """How well the reader agrees with one set of labels."""
    found = Agreement()
    for _, reading, labels, more in read_labelled(shared, name):
        found.add(reading, labels, more)
    return found


def invented() -> list[tuple[str, str, frozenset[str], str]]:
    """The invented sentences: language, goods, hazards, sentence."""
    language = ""
    found = []
    for line in Path(__file__).with_name("invented.txt").read_text().splitlines():
        if line.startswith("["):
            language = line.strip("[]")
        elif line and not line.startswith("#"):
            labels, _, sentence = line.partition(" | ")
            hazards, _, goods = labels.partition("@")
            found.append((language, goods, frozenset(hazards.split()), sentence))
    return found


def agreement_on_invented(language: str) -> Counts:
    """How well the reader agrees on the invented sentences; it is not told their language."""
    counts = Counts()
    for told, goods, hazards, sentence in invented():
        if told == language:
            counts.add(set(read_hazards(sentence, goods=goods).hazards), set(hazards))
    return counts
