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


def test_a_logistic_unit_is_answered_by_the_lots_that_lie_in_it_now(
    instance: Instance, tmp_path: Path
) -> None:
    (tmp_path / "receipts.csv").write_text(RECEIPTS, encoding="utf-8")
    (tmp_path / "products.csv").write_text(PRODUCTS, encoding="utf-8")
    for name in ("products", "receipts"):
        instance.json("import", name, tmp_path / f"{name}.csv")
    pallet, case, other = "376123450000000016", "C-1", "P-9"
    folder = tmp_path / "events"
    folder.mkdir()
    (folder / "packings.csv").write_text(
        "container,child,packed_at,unpacked_at\n"
        f"{pallet},{case},2026-03-01T08:00:00Z,\n"
        f"{case},B17,2026-03-01T07:00:00Z,\n"
        f"{other},B17,2026-03-01T07:00:00Z,2026-03-02T07:00:00Z\n"
        f"{other},B18,2026-03-03T07:00:00Z,\n"
        f"{other},B19,2026-03-03T07:00:00Z,\n"
    )
    instance.json("import", "events", folder)
    instance.json("recall", "open", "--product", "VL-10K", "--lot", "B17", "--outcome", "fire")
    before = instance.json("check", f"(00){pallet}")
    assert before["answer"] == "cannot_tell", "nobody published what came in"
    instance.json("trace", "publish")
    for code in (f"(00){pallet}", pallet, f"https://id.gs1.org/00/{pallet}", case):
        found = instance.json("check", code)
        assert (found["answer"], found["recalls"]) == ("affected", ["R-2026-001"]), code
        assert found["why"].endswith("now: Lot B17 is recalled.")
    found = instance.json("check", other)
    assert found["answer"] == "cannot_tell", "of lot B19 nothing is known but that it lies there"
    assert "B19" in found["why"]
    assert instance.json("check", "P-10")["answer"] == "cannot_tell"
    (folder / "packings.csv").write_text(
        f"container,child,packed_at,unpacked_at\n{other},B19,2026-03-03T07:00:00Z,2026-03-04T07:00:00Z\n"
        f"{case},B17,2026-03-01T07:00:00Z,2026-03-05T07:00:00Z\n"
    )
    instance.json("import", "events", folder)
    assert instance.json("check", other)["answer"] == "cannot_tell", "what is old answers nothing"
    instance.json("trace", "publish")
    found = instance.json("check", other)
    assert (found["answer"], found["why"]) == (
        "not_affected",
        "In P-9 now: Lot B18 is known, and no recall is open for it.",
    )
    assert instance.json("check", pallet)["answer"] == "cannot_tell", "it is empty by the records"
