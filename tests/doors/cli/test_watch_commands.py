"""`holdfast import announcements` and `holdfast watch`: rows add up, exit codes hold."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from PIL import Image

from tests.plugins.instance import Instance

RECALL = {
    "recall_number": "F-1-2026", "product_description": "Ramen, UPC 7 08953 60202 8",
    "reason_for_recall": "Undeclared peanut", "code_info": "Lot 12", "classification": "Class I",
    "recalling_firm": "Noodle Co", "report_date": "20260401",
}  # fmt: skip


def test_a_recorded_answer_ends_as_a_match_that_a_person_waves_off(
    instance: Instance, tmp_path: Path
) -> None:
    shop = tmp_path / "products.csv"
    shop.write_text("sku,title,gtin\nN1,Ramen,708953602028\n")
    instance.json("import", "products", shop)
    answer, rejects = tmp_path / "answer.json", tmp_path / "rejects.csv"
    answer.write_text(json.dumps({"meta": {}, "results": [RECALL, {"status": "?"}]}))
    words = ("import", "announcements", answer, "--from", "openfda")
    told = instance.json(*words, "--rejects", rejects, expect=1)
    assert told["rows"] == told["imported"] + told["merged"] + told["rejected"]
    assert {one["kind"] for one in told["drift"]} == {"unreadable_record", "field_missing"}
    assert len(list(csv.reader(rejects.open(encoding="utf-8-sig")))) == 2
    found = instance.json("watch", "matches")
    assert (found["counts"]["suppress"], found["not_matched_yet"]) == (1, 0)
    match = found["matches"][0]
    assert (match["answer"], match["product"]["sku"]) == ("suppress", "N1")
    assert match["announcement"]["hazards"] == ["allergen"]
    done = instance.json("watch", "not-ours", str(match["match"]), "--because", "another pack")
    assert (done["state"], done["because"]) == ("not_ours", "another pack")
    _photographs(instance, tmp_path, str(match["announcement"]["id"]))
    refused = instance.json("watch", "fetch", "cpsc", expect=2)
    assert refused["error"]["code"] == "no_feed"
    mail = tmp_path / "one.eml"
    mail.write_bytes(b"From: a@b.example\nMessage-ID: <1@b>\n\nThe kettle caught fire.\n")
    for more, is_rehearsal in ((("--dry-run",), True), ((), False)):
        told = instance.json("import", "complaints", mail, *more)
        assert (told["imported"], told.get("dry_run", False)) == (1, is_rehearsal)
    refused = instance.json("import", "complaints", mail, "--map", "text=Words", expect=2)
    assert "--map means nothing" in refused["error"]["message"]
    for option in ("--tag", "--state"):  # an empty list would read as: nobody says so
        refused = instance.json("mentions", option, "injurry", expect=2)
        assert refused["error"]["code"] == f"unknown_{option[2:]}"


def _photographs(instance: Instance, tmp_path: Path, told: str) -> None:
    """What the desk's page does: listed, added, read, saved, taken out."""
    words = ("watch", "photographs")
    picture, saved = tmp_path / "one.png", tmp_path / "saved.jpg"
    Image.new("RGB", (40, 30), "white").save(picture)
    number = instance.json(*words, "--add", picture, "--product", "n1")["added"]
    assert instance.json(*words, "--read")["read"] == 1
    (row,) = instance.json(*words)["photographs"]
    assert (row["photograph"], row["product"], row["state"]) == (number, "N1", "read")
    assert instance.json(*words, "--announcement", told)["photographs"] == []
    instance.json(*words, "--save", str(number), "--out", saved)
    assert Image.open(saved).size == (40, 30)
    for more, code in (
        (("--add", tmp_path / "none.png", "--product", "N1"), "file_unreadable"),
        (("--add", picture), "photograph_of_what"),
        (("--add", picture, "--product", "N9"), "no_product"),
        (("--save", "1"), "save_where"),
    ):
        assert instance.json(*words, *more, expect=2)["error"]["code"] == code
    assert instance.json(*words, "--drop", str(number))["photographs"] == []
