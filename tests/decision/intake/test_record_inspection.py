"""Incoming inspections: judged by their plan, carried from lot to lot, imported row by row."""

from __future__ import annotations

from datetime import timedelta

import pytest

from holdfast.decision.intake.actions import (
    agree_reduced,
    record_inspection,
    resume_inspection,
)
from holdfast.decision.intake.actions.inspecting import Sampled
from holdfast.decision.intake.models import Inspection, InspectionSeries, TestResult
from holdfast.decision.intake.queries import inspected, of_lot, supplier_failures
from holdfast.ground.evidence.models import EvidenceFile
from holdfast.ground.journal.models import Entry
from holdfast.kit.refusals import Forbidden, NotPermitted, Unreadable
from holdfast.supply.imports.actions import bring_in
from holdfast.supply.imports.reading import Wishes
from holdfast.supply.parties.models import Supplier
from tests.decision.conftest import ALONE, NOW, VIEWER


@pytest.fixture
def supplier(db):
    return Supplier.objects.create(code="S-07", name="Cells Ltd")


@pytest.fixture
def look(shop, supplier):
    """Records the next lot of 1,000, a day after the last, with so many of 80 or 32 failed."""
    day = [0]

    def record(found, *, looked_at=None, lot="", at=None, file=None, **more):
        day[0] += 1
        when = NOW - timedelta(days=300 - day[0] if at is None else at)
        series = InspectionSeries.objects.filter(supplier=supplier).first()
        size = 32 if series and series.severity == "reduced" else 80
        sampled = Sampled(
            product=shop.product("VL-10K"),
            supplier=supplier,
            lot=lot or f"L{day[0]}",
            looked_at=looked_at or size,
            found=found,
            inspected_at=when,
            lot_size=1000,
            aql="2.5",
            **more,
        )
        return record_inspection(sampled=sampled, file=file, by=ALONE, now=NOW)

    return record


def test_a_lot_is_judged_by_its_plan_and_the_next_is_looked_at_harder(look, supplier):
    assert look(5).verdict == "accepted"
    first = look(6, file=("b17.pdf", [b"seen"]), inspector="Ida Inspector")
    assert (first.verdict, first.change) == ("rejected", "unchanged")
    assert EvidenceFile.objects.get(pk=first.file_id).name == "b17.pdf"
    second = look(7)
    assert (second.severity, second.change, second.severity_after) == (
        "normal",
        "two_of_five",
        "tightened",
    )
    third = look(4)  # 3/4 on tightened
    assert (third.severity, third.accept, third.verdict) == ("tightened", 3, "rejected")
    told = Entry.objects.get(kind="SeverityChanged").payload
    assert '"tightened"' in told
    assert "two_of_five" in told
    assert "Ida" not in "".join(Entry.objects.values_list("payload", flat=True))
    assert [one.lot for one in inspected(supplier="cells")] == ["L4", "L3", "L2", "L1"]


def test_the_same_inspection_again_is_the_same(look):
    one = look(5, lot="B17", at=40)
    assert look(5, lot="B17", at=40) == one
    assert Inspection.objects.count() == 1


def test_discontinued_accepts_nothing_by_sample_until_somebody_says_what_was_done(look):
    for found in (6, 6, 4, 4, 4, 4, 4):
        last = look(found)
    assert last.change == "discontinued"
    series = last.series
    with pytest.raises(Forbidden):
        look(0)
    assert look(0, looked_at=1000).verdict == "accepted"  # the whole lot
    with pytest.raises(Unreadable):
        resume_inspection(series=series, reason=" ", by=ALONE, now=NOW)
    resume_inspection(series=series, reason="new tool at the supplier", by=ALONE, now=NOW)
    series.refresh_from_db()
    assert (series.severity, series.is_discontinued) == ("tightened", False)
    assert "new tool" in Entry.objects.filter(kind="SeverityChanged").last().payload


def test_reduced_takes_the_score_and_a_word_and_ends_with_a_bad_lot(look):
    last = look(0)
    with pytest.raises(Unreadable):
        agree_reduced(series=last.series, reason="steady", by=ALONE, now=NOW)
    for _ in range(9):
        last = look(0)
    assert last.change == "may_reduce"
    agree_reduced(series=last.series, reason="steady for a year", by=ALONE, now=NOW)
    assert InspectionSeries.objects.get().severity == "reduced"
    at = NOW + timedelta(days=1)
    bad = Sampled(
        last.series.product, last.series.supplier, "L99", 32, 5, at, lot_size=1000, aql="2.5"
    )
    assert record_inspection(sampled=bad, by=ALONE, now=at).change == "rejected_on_reduced"
    assert InspectionSeries.objects.get().severity == "normal"


def test_a_lot_that_comes_in_late_takes_its_place(look):
    look(6, at=50)
    look(0, at=30)
    late = look(6, at=40)
    assert late.change == "two_of_five"
    assert Inspection.objects.get(inspected_at=NOW - timedelta(days=30)).severity_after == (
        "tightened"
    )


def test_too_few_looked_at_a_contradiction_and_a_viewer_are_refused(look, shop, supplier):
    for words in (
        {"found": 0, "looked_at": 12},
        {"found": 6, "verdict": "accepted"},
        {"found": 0, "at": -1},
    ):
        with pytest.raises(Unreadable):
            look(**words)
    sampled = Sampled(shop.product("VL-10K"), supplier, "B17", 80, 0, NOW, 1000, "2.5")
    with pytest.raises(NotPermitted):
        record_inspection(sampled=sampled, by=VIEWER, now=NOW)
    assert not Inspection.objects.exists()


INSPECTIONS = """lot;sku;supplier;lot size;sample;nonconforming;aql;verdict;inspection date
B1;VL-10K;Cells Ltd;1000;80;6;2,5;;2026-01-05
B2;VL-10K;S-07;1000;80;6;2,5;;2026-01-06
B3;VL-10K;S-07;1000;80;4;2,5;;2026-01-07
B4;VL-10K;S-07;1000;12;0;2,5;;2026-01-08
B5;VL-10K;S-07;;20;0;;accepted;2026-01-09
B6;XX;S-07;1000;80;0;2,5;;2026-01-09
B7;VL-10K;nobody;1000;80;0;2,5;;2026-01-09
B8;VL-10K;S-07;1000;80;0;3;;2026-01-09
B2;VL-10K;S-07;1000;80;6;2,5;;2026-01-06
"""
TESTS = """lot,sku,test,limit,value,unit,passed,lab,tested on
B1,VL-10K,lead,0.5,0.8,mg/kg,,North,2026-01-05
B1,VL-10K,cadmium,0.5,0.1,mg/kg,yes,North,2026-01-05
B1,VL-10K,drop,,,,failed,North,2026-01-05
B2,VL-10K,lead,0.5,0.8,mg/kg,passed,North,2026-01-05
B2,VL-10K,lead,,,,,North,2026-01-05
"""


def test_files_of_inspections_and_tests_account_for_every_row(shop, supplier, tmp_path):
    shop.product("VL-10K")
    shop.receipt("B1", "VL-10K", supplier="S-07")
    counts = {}
    for kind, text in (("inspections", INSPECTIONS), ("tests", TESTS)):
        path = tmp_path / f"{kind}.csv"
        path.write_text(text)
        for turn in (1, 2):
            told = bring_in(path=str(path), kind=kind, wishes=Wishes(), by=ALONE, now=NOW)
            counts[kind, turn] = (told.rows, told.imported, told.merged, told.rejected)
            reasons = {one.line: one.reason for one in told.rejects}
        counts[kind] = reasons
    assert counts["inspections", 1] == (9, 4, 1, 4)
    assert counts["inspections", 2] == (9, 0, 5, 4)
    assert set(counts["inspections"]) == {5, 7, 8, 9}
    assert "too few to accept" in counts["inspections"][5]
    third = Inspection.objects.get(lot="B3")
    assert (third.severity, third.verdict) == ("tightened", "rejected")
    assert counts["tests", 1] == (5, 3, 0, 2)
    assert counts["tests", 2] == (5, 0, 3, 2)
    assert "outside the limit" in counts["tests"][5]
    assert not TestResult.objects.get(what="lead").has_passed
    assert TestResult.objects.get(what="drop").supplier == supplier  # by the receipts of the lot


def test_the_words_of_a_german_goods_inwards_are_read(shop, supplier, tmp_path):
    shop.product("VL-10K")
    path = tmp_path / "eingang.csv"
    path.write_text(
        "lot;sku;supplier;sample;failed;verdict;severity;inspected_at\n"
        "A1;VL-10K;S-07;20;0;i.O.;verschärft;2026-01-05\n"
        "A2;VL-10K;S-07;20;3;n. i. O.;;2026-01-06\n"
    )
    told = bring_in(path=str(path), kind="inspections", wishes=Wishes(), by=ALONE, now=NOW)
    assert (told.imported, told.rejects) == (2, [])
    assert Inspection.objects.get(lot="A1").severity == "tightened"
    assert [one.verdict for one in Inspection.objects.order_by("lot")] == ["accepted", "rejected"]
    path.write_text(
        "lot;sku;test;laboratory;tested_at;passed\nA1;VL-10K;drop;Lab;2026-02-20;i.O.\n"
        "A2;VL-10K;drop;Lab;2026-02-20;n.i.O.\n"
    )
    told = bring_in(path=str(path), kind="tests", wishes=Wishes(), by=ALONE, now=NOW)
    assert (told.imported, told.rejects) == (2, [])
    assert [one.has_passed for one in TestResult.objects.order_by("lot")] == [True, False]


def test_suppliers_whose_lots_fail_more_than_those_of_others_come_first(shop, supplier, tmp_path):
    shop.product("VL-10K")
    Supplier.objects.create(code="S-08", name="Good Ltd")
    rows = [f"A{n},VL-10K,S-07,20,{n % 2},{'accepted' if n % 2 else 'rejected'}" for n in range(20)]
    rows += [f"G{n},VL-10K,S-08,20,0,accepted" for n in range(40)]
    path = tmp_path / "inspections.csv"
    head = "lot,sku,supplier,sample,failed,verdict,inspected_at\n"
    path.write_text(head + "".join(f"{row},2026-01-05\n" for row in rows))
    bring_in(path=str(path), kind="inspections", wishes=Wishes(), by=ALONE, now=NOW)
    first, second = supplier_failures()
    assert (first.supplier, first.failed, first.looked_at) == ("S-07", 10, 20)
    assert first.share_of_others == 0
    assert first.q < 0.001
    assert second.p == 1.0


def test_what_receipts_know_of_a_lot_is_offered(shop, supplier):
    shop.receipt("B17", "VL-10K", supplier="S-07", quantity=600)
    shop.receipt("B17", "VL-10K", supplier="S-07", quantity=400)
    known = of_lot("B17", shop.product("VL-10K"))
    assert (known.supplier, known.size) == (supplier, 1000)
    assert of_lot("B18", shop.product("VL-10K")).size is None


def test_what_would_not_fit_or_is_no_severity_is_rejected_by_name(shop, tmp_path):
    shop.product("VL-10K")
    whys = {}
    for kind, text in (
        ("inspections", "lot,sku,sample,failed,verdict,severity,inspected_at\n"
         "A1,VL-10K,20,0,accepted,as we always did it,2026-01-05\n"
         "A2,VL-10K,20,0,accepted,,2027-01-05\n"
         "A3,VL-10K,20,0,accepted,,2026-04-14\n"),
        ("tests", "lot,sku,test,value,passed,tested_at\n"
         f"A1,VL-10K,lead,{'1 ' * 100}x,yes,2026-01-05\n"
         "A2,VL-10K,lead,1,yes,2026-04-15\n"),
    ):  # fmt: skip
        path = tmp_path / f"{kind}.csv"
        path.write_text(text)
        told = bring_in(path=str(path), kind=kind, wishes=Wishes(), by=ALONE, now=NOW)
        assert told.rows == told.imported + told.merged + told.rejected
        whys[kind] = sorted((one.line, one.column, one.reason) for one in told.rejects)
    assert whys == {
        "inspections": [
            (2, "", "“as we always did it” is no severity of inspection."),
            (3, "inspected_at", "2027-01-05 lies in the future"),
        ],
        "tests": [
            (2, "value", "“value” is longer than 120 characters."),
            (3, "tested_at", "2026-04-15 lies in the future"),
        ],
    }
    assert [one.lot for one in Inspection.objects.all()] == ["A3"], "today is no future"
