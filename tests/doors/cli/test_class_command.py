"""`recall decide --scenario` and `recall class`: scenarios, presumption, two classes."""

from __future__ import annotations

from pathlib import Path

from tests.doors.cli.test_recall_commands import ORDERS
from tests.plugins.instance import Instance

FIRE = "Charged | severity: 4 | 1/200: fails | 1/4: near | 1/10: smoke"


def test_scenarios_and_both_classes_are_in_the_status(instance: Instance, tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text(ORDERS, encoding="utf-8")
    instance.json("import", "orders", tmp_path / "orders.csv")
    opened = instance.json("recall", "open", "--product", "VL-10K", "--outcome", "fire")
    ref = opened["recall"]
    instance.json("recall", "scope", ref, "--confirm")
    more = ("--remedy", "refund", "--remedy", "replacement", "--reason", "Fires")
    decided = instance.json("recall", "decide", ref, "--scenario", FIRE, *more)
    assert decided["risk"]["answer"] == "serious"
    assert decided["content"]["risk"]["probability"] == "1/8000"
    presumed = instance.json("recall", "decide", ref, "--presume", "electrical_defect", *more)
    assert presumed["risk"]["presumed"][0]["ground"] == "electrical_defect"
    assert presumed["decision"] == 2

    asked = instance.json(
        *("recall", "class", ref, "--method", "fsis_recall_class"),
        *("--fact", "serious_probable=no"),
        expect=2,
    )
    assert asked["error"]["missing"]["fact"] == "harm_remote"
    words = ("recall", "class", ref, "--method", "fda_recall_class")
    instance.json(*words, "--fact", "left_control=yes", "--fact", "violation=no")
    its = ("--set", "II", "--on", "2026-04-13", "--reference", "Z-0142-2026")
    shown = instance.json(*words, *its)
    assert shown["classes"]["authority"][0]["title"] == "Class II"
    instance.json(*words, "--set", "II", "--on", "soon", "--reference", "x", expect=2)
    status = instance.json("recall", "status", ref)
    assert status["risk"]["presumed"] == ["electrical_defect"]
    assert [one["title"] for one in status["classes"]["firm"]] == [
        "Serious",
        "Market withdrawal, no recall",
    ]
    assert status["classes"]["authority"][0]["authority"] == "FDA"
