"""What authorities announced comes in once, is matched with our products, and a person decides."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from holdfast.config.worker import run_reactions
from holdfast.decision.announcements.actions import (
    confirm_match,
    import_announcements,
    join_again,
    match_announcements,
    matching,
    part_announcements,
    refuse_match,
    reopen_match,
)
from holdfast.decision.announcements.models import (
    Announcement,
    AnnouncementRevision,
    CatalogueMatch,
    JointAnnouncement,
)
from holdfast.decision.announcements.queries import (
    catalogue,
    joined_to,
    match_counts,
    open_matches,
)
from holdfast.ground.journal.models import Entry
from holdfast.kit.actors import Actor
from holdfast.kit.refusals import Forbidden, NotPermitted, Unreadable
from holdfast.supply.catalog.models import Product
from holdfast.supply.imports.actions import bring_in
from holdfast.supply.imports.reading import Wishes

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 4, 14, 8, 5, tzinfo=UTC)
LEAD = Actor("person:1", "Lea Lead", frozenset({"lead"}), 1)
VIEWER = Actor("person:3", "Vi Viewer", frozenset({"viewer"}), 3)


def heater(number: str = "26101", **more: Any) -> dict[str, Any]:
    return {
        "RecallID": 9, "RecallNumber": number, "RecallDate": "2026-04-02T00:00:00",
        "Title": "Warmo Recalls Oil Heaters Due to Fire Hazard", "URL": "",
        "Description": "Model HX4000, sold in white.",
        "Products": [{"Name": "Oil heaters", "Model": "HX4000", "Type": "", "Description": ""}],
        "Manufacturers": [{"Name": "Warmo Inc."}], "Hazards": [{"Name": "Fire"}],
        "ProductUPCs": [], **more,
    }  # fmt: skip


def food(number: str = "F-0101-2026", **more: Any) -> dict[str, Any]:
    return {
        "recall_number": number, "product_description": "Ramen noodles, UPC 7 08953 60202 8",
        "reason_for_recall": "Undeclared peanut", "code_info": "Lot 12",
        "recalling_firm": "Noodle Co", "classification": "Class I", "report_date": "20260401",
        **more,
    }  # fmt: skip


@pytest.fixture
def bring(tmp_path: Path) -> Any:
    def bring(records: list[dict[str, Any]], source: str, **more: Any) -> Any:
        file = tmp_path / f"{source}.json"
        whole = {"meta": {}, "results": records} if source == "openfda" else records
        file.write_text(json.dumps(whole))
        taken = import_announcements(path=file, source=source, by=LEAD, now=NOW, **more)
        run_reactions(now=NOW)
        return taken

    return bring


def product(code: str, title: str, **more: str) -> Product:
    return Product.objects.create(code=code, code_key=code.casefold(), title=title, **more)


def pairs(**where: Any) -> set[tuple[str, str, str]]:
    rows = CatalogueMatch.objects.filter(is_current=True, **where)
    return {(row.announcement.number, row.product.code, row.answer) for row in rows}


def test_a_file_comes_in_is_matched_and_comes_again_without_a_trace(bring: Any) -> None:
    product("H1", "Oil heater HX4000", brand="Warmo")
    product("N1", "Ramen", gtin="708953602028")
    product("X1", "Garden hose")
    assert bring([heater()], "cpsc", is_rehearsal=True).new == 1
    assert not Announcement.objects.exists()
    taken = bring([heater()], "cpsc").as_json()
    assert (taken["rows"], taken["imported"], taken["merged"], taken["rejected"]) == (1, 1, 0, 0)
    bring([food(), food("F-2", code_info="Lot 13"), {"status": "?"}], "openfda")
    assert pairs() >= {("26101", "H1", "suppress"), ("F-0101-2026", "N1", "suppress")}
    assert not CatalogueMatch.objects.filter(product__code="X1").exists()
    row = Announcement.objects.get(number="26101")
    assert row.hazards == ["fire"]
    assert json.loads(row.original)["Manufacturers"] == [{"Name": "Warmo Inc."}]
    entries = Entry.objects.count()
    again = bring([heater()], "cpsc").as_json()
    assert (again["imported"], again["merged"], again["changed"]) == (0, 1, 0)
    assert Entry.objects.count() == entries + 1  # the import itself, and nothing else
    unread = bring([{"status": "?"}], "openfda").as_json()
    assert (unread["rows"], unread["rejected"]) == (1, 1)


def test_a_changed_announcement_keeps_what_it_said_and_is_matched_anew(bring: Any) -> None:
    product("H1", "Oil heater HX4000", brand="Warmo")
    product("K1", "Kettle KX9100", brand="Warmo")
    bring([heater()], "cpsc")
    bring([heater(Products=[{"Name": "Kettles", "Model": "KX9100"}], Title="Warmo Recalls Kettles",
                  Description="")], "cpsc")  # fmt: skip
    assert pairs() == {("26101", "K1", "suppress")}
    old = AnnouncementRevision.objects.get()
    assert "HX4000" in old.original
    assert Announcement.objects.get().revision == 2


def test_a_product_that_comes_later_finds_its_recall(bring: Any) -> None:
    bring([heater()], "cpsc")
    assert pairs() == set()
    product("H1", "Oil heater HX4000", brand="Warmo")
    match_announcements(by=LEAD, now=NOW)
    assert pairs() == {("26101", "H1", "suppress")}


def test_what_orders_and_stock_tell_of_a_product_is_matched_in_a_large_catalogue(
    bring: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue, "SMALL", 0)
    file = tmp_path / "file.csv"

    def told(kind: str, text: str) -> None:
        file.write_text(text)
        bring_in(path=str(file), kind=kind, wishes=Wishes(), by=LEAD, now=NOW)
        run_reactions(now=NOW)

    bring([heater()], "cpsc")
    told("orders", "order,sku,quantity\n0,K-1,1\n")
    assert not pairs()
    told("orders", "order,sku,title,quantity\n1,K-1,Warmo oil heater HX4000,1\n")
    assert [pair[1] for pair in pairs()] == ["K-1"]
    told("stock", "sku,site,lot,quantity\nHX4000 Warmo oil heaters,S,,3\n")
    assert "HX4000 Warmo oil heaters" in {pair[1] for pair in pairs()}


def test_a_person_decides_and_can_take_it_back(bring: Any) -> None:
    product("H1", "Oil heater HX4000", brand="Warmo")
    bring([heater()], "cpsc")
    match = open_matches().get()
    with pytest.raises(NotPermitted):
        refuse_match(match=match, because="no", by=VIEWER, now=NOW)
    with pytest.raises(Unreadable, match="reason"):
        refuse_match(match=match, because=" ", by=LEAD, now=NOW)
    refuse_match(match=match, because="we sell another", by=LEAD, now=NOW)
    with pytest.raises(Forbidden):
        confirm_match(match=match, recall="R-2026-001", by=LEAD, now=NOW)
    nothing = {"suppress": 0, "review": 0, "stopped": 0, "withdrawn": 0}
    assert match_counts() == {**nothing, "not_ours": 1}
    bring([heater(), heater("26102", Title="Other", Products=[], Description="")], "cpsc")
    assert open_matches("not_ours").get().because == "we sell another"
    reopen_match(match=match, by=LEAD, now=NOW)
    confirm_match(match=match, recall="R-2026-001", by=LEAD, now=NOW)
    kinds = list(
        Entry.objects.filter(kind__startswith="Match")
        .order_by("index")
        .values_list("kind", flat=True)
    )
    assert kinds == ["MatchDecided", "MatchReopened", "MatchDecided"]


def test_what_was_waved_off_as_doubtful_is_open_again_when_it_becomes_certain(bring: Any) -> None:
    product("H1", "Oil heater HX4000", brand="Warmo", gtin="4006381333931")
    bring([heater(ProductUPCs=[{"UPC": "708953602028"}])], "cpsc")
    match = open_matches().get()
    assert match.answer == "review"
    refuse_match(match=match, because="another code", by=LEAD, now=NOW)
    bring([heater(ProductUPCs=[{"UPC": "4006381333931"}])], "cpsc")
    assert open_matches().get().answer == "suppress"


def test_one_recall_of_two_authorities_is_joined_with_its_reason_and_can_be_parted(
    bring: Any,
) -> None:
    link = "https://recalls-rappels.canada.ca/en/alert-recall/warmo-oil-heaters-recalled"
    bring([heater(Inconjunctions=[{"URL": link}])], "cpsc")
    bring([food(more_code_info=f"see {link}"), food("F-9")], "openfda")
    pair = JointAnnouncement.objects.get()
    assert pair.rule == "link"
    assert "warmo-oil-heaters" in pair.reason
    row = Announcement.objects.get(number="26101")
    assert [str(other) for _, other in joined_to(row)] == ["US FDA F-0101-2026"]
    part_announcements(pair=pair, because="another product", by=LEAD, now=NOW)
    bring([heater(Inconjunctions=[{"URL": link}], Title="Warmo Recalls Again")], "cpsc")
    assert joined_to(row) == []
    join_again(pair=pair, by=LEAD, now=NOW)
    assert len(joined_to(row)) == 1


def test_a_number_that_looks_like_an_address_is_joined_and_decided_on(bring: Any) -> None:
    product("H1", "Oil heater HX4000", brand="Warmo")
    link = "https://recalls-rappels.canada.ca/en/alert-recall/warmo-oil-heaters-recalled"
    bring([heater("26-101@recalls.example.org", Inconjunctions=[{"URL": link}])], "cpsc")
    bring([food(more_code_info=f"see {link}")], "openfda")
    part_announcements(pair=JointAnnouncement.objects.get(), because="another", by=LEAD, now=NOW)
    refuse_match(match=open_matches().get(), because="we sell another", by=LEAD, now=NOW)
    told = Entry.objects.get(kind="MatchDecided").fields
    assert told["announcement"] == "US CPSC [address]"


def test_two_records_under_one_number_are_both_kept(bring: Any) -> None:
    taken = bring([food(), food(code_info="Lot 99")], "openfda")
    assert (taken.new, {one.kind for one in taken.drift}) == (2, {"number_twice"})
    numbers = set(Announcement.objects.values_list("number", flat=True))
    assert len(numbers) == 2
    assert "F-0101-2026" in numbers


def test_a_file_without_records_is_refused(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<!doctype html><html><p>Sorry, we are busy</p></html>")
    with pytest.raises(Unreadable, match="no records"):
        import_announcements(path=page, source="cpsc", by=LEAD, now=NOW)
    assert not Announcement.objects.exists()


def test_a_new_process_and_a_kept_one_come_to_the_same_pairs(bring: Any) -> None:
    """Files one by one, with a restart or without, changed or not: as everything at once."""
    for number in range(6):
        product(
            f"H{number}", f"Oil heater HX4{number % 3}00 {'white' * (number % 2)}", brand="Warmo"
        )
    steps = [
        [heater("1")],
        [heater("2", Products=[{"Name": "Oil heater", "Model": "HX4100"}], Description="")],
        [heater("1", Title="Kettles", Products=[], Description="")],
        [heater("3", Title="Oil heater white", Products=[], Description="")],
    ]
    for restarts in (True, False):
        Announcement.objects.all().delete()
        matching._kept.clear()
        for step in steps:
            if restarts:
                matching._kept.clear()
            bring(step, "cpsc")
        seen = pairs()
        Announcement.objects.update(needs_matching=True)
        CatalogueMatch.objects.all().delete()
        matching._kept.clear()
        match_announcements(by=LEAD, now=NOW)
        assert seen == pairs(), restarts
        assert seen


def test_what_no_database_stores_is_replaced_and_the_record_comes_in(bring: Any) -> None:
    deep: Any = {}
    for _ in range(500):
        deep = {"a": deep}
    odd = [
        heater(Title="Warmo\x00 heaters \ud83d", Hazards=[{"Name": "Fire\x00"}], URL="x" * 3000),
        heater("n" * 5000, Description="\udfff" * 9, Products=[{"Name": "\x00", "Model": "\x00"}]),
        heater("26103", ConsumerContact=deep),
    ]
    assert bring(odd, "cpsc").new == 3
    row = Announcement.objects.get(number="26101")
    assert (row.title, row.hazards) == ("Warmo\ufffd heaters ?", ["fire"])
    assert bring(odd, "cpsc").known == 3
