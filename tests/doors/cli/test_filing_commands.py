"""`holdfast recall filing`, `fact` and `letter` from outside, on a home of their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.plugins.instance import Instance

R = "R-2026-001"
ORDERS = """Order,Product,Quantity,Customer,Email,Country,Shipped
1001,VL-10K,2,Ana,ana@example.org,US,2026-03-02
1002,VL-10K,1,Bea,bea@example.org,DE,2026-03-03
"""


@pytest.fixture
def recall(instance: Instance) -> Instance:
    """A recall with a confirmed scope in two countries."""
    file = instance.home.parent / "orders.csv"
    file.write_text(ORDERS)
    instance.run("recall", "open", "--product", "VL-10K", "--outcome", "fire", "--title", "VL-10K")
    instance.run("import", "orders", file, expect=None)
    instance.run("recall", "scope", R, "--product", "VL-10K", "--confirm", expect=None)
    return instance


def test_from_draft_to_receipt_on_the_command_line(recall: Instance, tmp_path: Path) -> None:
    letter = "letter.ch_prsg.art8_5"
    begun = recall.json("recall", "filing", R, "--draft", letter, "--country", "CH", expect=1)
    one = begun["filings"][0]
    assert (one["filing"], one["state"]) == ("F-1", "draft")
    wanted = {fact for missing in one["missing"] for fact in missing["facts"]}
    assert "contact_name" in wanted
    refused = recall.json("recall", "filing", R, "--propose", expect=3)
    assert refused["error"]["code"] == "is_complete"
    sets = [word for fact in wanted for word in ("--unknown", f"{fact}=being looked up")]
    folder = tmp_path / "out"
    done = recall.json(
        "recall", "filing", R, *sets, "--propose", "--release",
        "--export", folder, "--format", "csv,sheet,json", "--filed", "SECO 12/26",
    )  # fmt: skip
    assert done["filings"][0]["state"] == "filed"
    assert done["filings"][0]["alone"] is True
    assert sorted(path.suffix for path in folder.iterdir()) == [".csv", ".json", ".txt"]
    listed = recall.json("recall", "filing", R, "--list")
    assert listed["filings"][0]["reference"] == "SECO 12/26"
    assert recall.json("doctor")["journal"]["entries"] > 5


def test_facts_are_stated_with_source_and_shown(recall: Instance) -> None:
    missing = recall.json("recall", "fact", R, "incidents=4", expect=2)
    assert missing["error"]["code"] == "source_needed"
    told = recall.json(
        "recall", "fact", R, "incidents=4", "units_imported@us=1200", "--source", "importer",
        "--as-of", "2026-05-04T10:20:00+02:00", "--history",
    )  # fmt: skip
    by_name = {one["fact"]: one for one in told["facts"]}
    assert by_name["incidents"]["value"] == "4"
    assert by_name["units_imported@US"]["by"].startswith("person:")
    assert by_name["units_sold@US"]["value"] == "2"
    assert len(told["history"]) == 2
    bad = recall.json("recall", "fact", R, "incidents=four", "--source", "x", expect=2)
    assert bad["error"]["code"] == "bad_number"


def test_letters_keep_questions_with_their_clock(recall: Instance, tmp_path: Path) -> None:
    mail = tmp_path / "mail.eml"
    mail.write_text("How many units?")
    asked = recall.json(
        "recall", "letter", R, "--from", "OPSS", "--subject", "Questions", "--file", mail,
        "--asks", "How many units reached Wales?", "--due", "2026-01-02T17:00:00+00:00", expect=1,
    )  # fmt: skip
    assert asked["requests"][0]["is_overdue"] is True
    done = recall.json(
        "recall", "letter", R, "--to", "OPSS", "--subject", "Answer", "--answers", "1"
    )
    assert done["requests"][0]["state"] == "answered"
