"""Recorded answers of authorities become one model, and nothing in them goes unnoticed."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from holdfast.connectors.cpsc.recalls import FLAT as CPSC_FLAT
from holdfast.connectors.cpsc.recalls import SHAPE as CPSC
from holdfast.connectors.openfda.recalls import SHAPE as OPENFDA
from holdfast.connectors.rasff.notifications import SHAPE as RASFF
from holdfast.connectors.safety_gate.alerts import SHAPE as SAFETY_GATE
from holdfast.kit.announcements import Shape, read_answer
from holdfast.kit.matching import Catalogue, Record, match_one

pytestmark = pytest.mark.once
HEATERS = {
    "RecallID": 9, "RecallNumber": "17057", "RecallDate": "2016-12-20T00:00:00",
    "Title": "Warmo Recalls Heaters", "Description": "Model HX4000, sold in white.", "URL": "",
    "Products": [{"Name": "Oil heaters", "Description": "", "Model": "HX4000", "Type": "",
                  "CategoryID": "", "NumberOfUnits": "About 40"}],
    "Manufacturers": [{"Name": "Warmo Inc. of Dedham", "CompanyID": ""}],
    "Retailers": [{"Name": "Bigstore", "CompanyID": ""}], "Importers": [], "Distributors": [],
    "ProductUPCs": [{"UPC": "708953602028"}], "SoldAtLabel": None,
    "Hazards": [{"Name": "Fire", "HazardType": "", "HazardTypeID": ""}],
}  # fmt: skip
FILES: list[tuple[str, Shape, int, set[str]]] = [
    ("recalls_openfda/openfda_enforcement_drugs_2012_2021.jsonl.gz", OPENFDA, 13_349, set()),
    ("recalls_cpsc/cpsc_recalls_1973_2022.jsonl.gz", CPSC_FLAT, 8_522, set()),
    (
        "recalls_eu_safety_gate/safety_gate_alerts_part1.csv",
        SAFETY_GATE,
        196,
        {"date_unreadable"},  # this copy has no days
    ),
    (
        "recalls_eu_safety_gate/slovak_soi_dangerous_products.csv",
        SAFETY_GATE,
        0,
        {"unreadable_record"},  # an authority of its own, without numbers
    ),
    (
        "recalls_rasff/rasff_notifications_2024.csv.gz",
        RASFF,
        5_389,
        {"number_twice"},  # this copy lost the zeros at the end
    ),
    (
        "recalls_feed_recordings/openfda_res_raw_report_sample.json",
        OPENFDA,
        0,
        {"unknown_field", "field_missing", "unreadable_record"},  # before they became openFDA's
    ),
]


def test_a_recall_of_the_cpsc_is_read_whole(tmp_path: Path) -> None:
    file = tmp_path / "answer.json"
    file.write_text(json.dumps([HEATERS]))
    answer = read_answer(file, CPSC)
    assert answer.drift == []
    recall = answer.recalls[0]
    assert (recall.number, recall.published_on) == ("17057", date(2016, 12, 20))
    assert [(firm.name, firm.part) for firm in recall.firms] == [
        ("Warmo Inc. of Dedham", "manufacturer"),
        ("Bigstore", "retailer"),
    ]
    assert recall.original == HEATERS
    shop = Catalogue([Record("p", "Warmo heater HX4000"), Record("q", "Bigstore garden hose")])
    assert [(one.right, one.answer) for one in match_one(recall.as_record(), shop)] == [
        ("p", "suppress")
    ]


@pytest.mark.parametrize(("name", "shape", "recalls", "drifts"), FILES)
def test_recorded_answers_are_read_to_the_last_record(
    real_data: Path, name: str, shape: Shape, recalls: int, drifts: set[str]
) -> None:
    answer = read_answer(real_data / name, shape)
    assert len(answer.recalls) == recalls
    assert {drift.kind for drift in answer.drift} == drifts
    assert len({drift.sentence for drift in answer.drift}) == len(answer.drift)
