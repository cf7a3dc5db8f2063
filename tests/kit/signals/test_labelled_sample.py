"""The reader agrees with what a person read; the figures themselves are printed by `make bench`."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from holdfast.kit.signals.hazard_reading import read_hazards
from holdfast.kit.signals.taxonomy import taxonomy
from tests.kit.signals.labelled import LABELS, SETS, agreement, agreement_on_invented
from tests.kit.signals.labelled_codes import code_agreement

# Lowest precision and recall over all hazards, and share of texts whose first hazard is right.
FLOORS = {
    "incidents": (0.84, 0.9, 0.9),
    "held_out": (0.68, 0.76, 0.75),
    "reviews": (0.3, 0.8, 0.8),
    "reviews_with_a_hazard_word": (0.55, 0.85, 0.85),
    "incidents_in_full": (0.84, 0.86, 0.84),
    "incidents_in_full_held_out": (0.74, 0.82, 0.8),
    "reviews_more": (0.75, 0.85, 0.85),
    "reviews_more_held_out": (0.2, 0.3, 0.3),  # six texts speak of a hazard
    "announcements_held_out": (0.92, 0.82, 0.82),
    "announcements": (0.95, 0.93, 0.93),
    "incidents_later": (0.86, 0.84, 0.82),
    "incidents_later_held_out": (0.66, 0.62, 0.6),
    "reviews_later": (0.8, 0.8, 0.8),
    "reviews_later_held_out": (0.65, 0.7, 0.7),
    "reviews_later_with_a_hazard_word": (0.7, 0.85, 0.85),
    "reviews_later_with_a_hazard_word_held_out": (0.65, 0.8, 0.85),
    "incidents_fresh": (0.8, 0.8, 0.8),
    "incidents_fresh_held_out": (0.78, 0.78, 0.78),
    "vehicles_fresh": (0.7, 0.7, 0.7),
    "vehicles_fresh_held_out": (0.5, 0.5, 0.5),  # three speak of a hazard
    "reviews_fresh": (0.5, 0.5, 0.5),  # three
    "reviews_fresh_held_out": (1, 1, 1),  # none speaks of one, and none is read
    "announcements_fresh": (0.92, 0.92, 0.92),
    "announcements_fresh_held_out": (0.9, 0.88, 0.88),
}

# Lowest F1 of codes, by set and kind.
CODE_FLOORS = (
    ("codes", None, 0.94),
    ("codes", "lot", 0.94),
    ("codes", "expiry", 0.94),
    ("codes_held_out", None, 0.9),
    ("codes_held_out", "lot", 0.92),
    ("codes_of_products_held_out", None, 0.74),
    ("codes_of_products_second_held_out", None, 0.66),
    ("codes_of_products", None, 0.8),
    ("codes_of_products", "model", 0.88),
)


@pytest.mark.parametrize("name", SETS)
def test_the_reader_agrees_with_the_labels(real_data: Path, name: str) -> None:
    found = agreement(real_data, name)
    hits, false, missed = found.hazards.of()
    precision, recall, first = FLOORS[name]
    assert hits >= precision * (hits + false)
    assert hits >= recall * (hits + missed)
    assert found.first_right >= first * found.with_a_label


@pytest.mark.parametrize(
    ("name", "harm", "body", "months"),
    [
        ("incidents", 0.9, 0.78, 0.88),
        ("held_out", 0.74, 0.78, 0.88),
        ("incidents_in_full", 0.88, 0.84, 0.84),
        ("incidents_in_full_held_out", 0.64, 0.78, 0.84),
    ],
)
def test_harm_and_what_was_hurt_are_read_as_a_person_reads_them(
    real_data: Path, name: str, harm: float, body: float, months: float
) -> None:
    found = agreement(real_data, name)
    right = sum(count for (told, read), count in found.harm.items() if told == read)
    assert right / found.harm.total() >= harm
    for counts, floor in ((found.body, body), (found.months, months)):
        hits, false, missed = counts.of()
        assert 2 * hits / (2 * hits + false + missed) >= floor


@pytest.mark.parametrize("language", ["en", "de", "fr", "es"])
def test_invented_sentences_are_read(language: str) -> None:
    hits, false, missed = agreement_on_invented(language).of()
    assert hits / (hits + false) >= 0.93
    assert hits / (hits + missed) >= 0.93


def test_codes_of_real_recalls_are_read_as_a_person_reads_them(real_data: Path) -> None:
    for name, kind, floor in CODE_FLOORS:
        hits, false, missed = code_agreement(real_data, name).of(kind)
        assert 2 * hits / (2 * hits + false + missed) >= floor, (name, kind)


def test_most_german_food_warnings_name_a_hazard_of_the_list(real_data: Path) -> None:
    path = real_data / "recalls_de_lebensmittelwarnung/lebensmittelwarnungen.csv"
    with path.open(newline="") as file:
        said = [row["reason"] or "" for row in csv.DictReader(file)]
    told = [read_hazards(text, "de", goods="food") for text in said if text.strip()]
    assert sum(bool(one.hazards) for one in told) / len(told) >= 0.8


def test_labels_are_hazards_of_the_list_and_no_text_is_labelled_twice() -> None:
    told = json.loads(LABELS.read_text())
    keys = {one.key for one in taxonomy().hazards}
    ids = [text for name in SETS for text, *_ in told[name]]
    assert len(ids) == len(set(ids))
    assert len(ids) >= 300
    assert {label for name in SETS for _, labels, *_ in told[name] for label in labels} <= keys
