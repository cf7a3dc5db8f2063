"""`holdfast check` takes any code there is, and a picture of several."""

from __future__ import annotations

from pathlib import Path

from tests.drawing import picture
from tests.plugins.instance import Instance

GTIN = "07612345678900"
PRODUCTS = f"sku,title,gtin\nVL-10K,Power bank,{GTIN[1:]}\nLAMP,Lamp,\n"
RECEIPTS = """lot,sku,site,received_at,quantity
B17,VL-10K,Lyon,2026-02-18,62
B18,VL-10K,Lyon,2026-03-15,50
"""


def test_any_code_and_any_picture_gets_its_answer(instance: Instance, tmp_path: Path) -> None:
    for name, text in (("products", PRODUCTS), ("receipts", RECEIPTS)):
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
        instance.json("import", name, tmp_path / f"{name}.csv")
    instance.json("recall", "open", "--product", "VL-10K", "--lot", "B17", "--outcome", "fire")

    assert instance.json("check", "urn:epc:class:lgtin:7612345.067890.B17") == {
        "answer": "affected",
        "recalls": ["R-2026-001"],
        "why": "Lot B17 is recalled.",
    }
    file = tmp_path / "label.png"
    file.write_bytes(picture(("EAN13", GTIN[1:]), ("DataMatrix", f"(01){GTIN}(10)B17")))
    found = instance.json("check", "--photo", file)
    assert (found["answer"], found["recalls"]) == ("affected", ["R-2026-001"])
    assert [(one["symbol"], one["answer"]) for one in found["codes"]] == [
        ("EAN13", "cannot_tell"),
        ("DataMatrix", "affected"),
    ]
    file.write_bytes(b"GIF89a")
    for words, code in (
        (("check", "B17", "--photo", file), "code_missing"),
        (("check", "--photo", file), "picture_kind"),
    ):
        assert instance.json(*words, expect=2)["error"]["code"] == code
