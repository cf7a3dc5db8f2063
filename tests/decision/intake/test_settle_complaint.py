"""What people decide about complaints stands, can be taken back, and a person can be forgotten."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from holdfast.config.worker import run_reactions
from holdfast.decision.intake.actions import (
    forget_informant,
    link_complaint,
    mark_duplicate,
    see_complaint,
    take_in_complaint,
    undo_duplicate,
    withdraw_link,
)
from holdfast.decision.intake.models import Complaint, Informant
from holdfast.decision.intake.queries import linking, reports
from holdfast.decision.intake.queries.listing import Asked, listed, waiting
from holdfast.decision.intake.rules.told import Told
from holdfast.decision.recalls.actions import open_recall
from holdfast.ground.journal.models import Entry
from holdfast.kit.refusals import NotPermitted, Unreadable
from holdfast.supply.imports.actions import bring_in
from holdfast.supply.imports.models import ImportReject
from holdfast.supply.imports.reading import Wishes
from tests.decision.conftest import LEAD, NOW, VIEWER, Shop
from tests.decision.intake.test_take_in_complaint import BURNT

pytestmark = pytest.mark.django_db
ACT = {"by": LEAD, "now": NOW}


def take(told: Told) -> Complaint:
    return take_in_complaint(told=told, **ACT)


def test_a_link_is_made_and_taken_back_by_a_person(shop: Shop) -> None:
    shop.product("KETTLE"), shop.product("POT")
    one = take(replace(BURNT, product=""))
    assert one.product is None
    one = link_complaint(complaint=one, product="kettle", lot="B-17", **ACT)
    assert one.product.code == "KETTLE"
    link = one.links.get(kind="product", withdrawn_at=None)
    one = withdraw_link(link=link, **ACT)
    one = withdraw_link(link=one.links.get(kind="lot", certainty="certain"), **ACT)
    assert one.product is None
    assert one.links.filter(withdrawn_at=None, product__isnull=False).count() == 0
    with pytest.raises(Unreadable, match="No product has the code"):
        link_complaint(complaint=one, product="NO SUCH", **ACT)
    with pytest.raises(NotPermitted):
        link_complaint(complaint=one, product="POT", by=VIEWER, now=NOW)


def test_a_duplicate_is_marked_and_undone_and_both_texts_stay(shop: Shop) -> None:
    first, other = take(BURNT), take(replace(BURNT, text="My pan smokes.", email="bo@example.org"))
    mark_duplicate(complaint=other, of=first, **ACT)
    assert waiting()["duplicates"] == 1
    with pytest.raises(Unreadable):
        mark_duplicate(complaint=first, of=other, **ACT)
    undo_duplicate(complaint=other, **ACT)
    other.refresh_from_db()
    assert (other.duplicate_of, other.is_distinct, other.text) == (None, True, "My pan smokes.")


def test_urgent_ones_stand_first_until_they_are_read(shop: Shop) -> None:
    calm = take(Told(text="The colour is not what I wanted at all."))
    hurt = take(replace(BURNT, received_at=NOW - timedelta(days=90)))
    assert list(listed(Asked())) == [hurt, calm]
    see_complaint(complaint=hurt, **ACT)
    see_complaint(complaint=hurt, **ACT)
    assert list(listed(Asked())) == [calm]
    assert Entry.objects.filter(kind="ComplaintSeen").count() == 1


def test_who_told_it_can_be_forgotten_and_what_was_told_stays(shop: Shop) -> None:
    shop.product("KETTLE")
    text = "I am Erika Beispiel (ERIKA), call +49 171 1234567: it caught fire, order no. 1001."
    one = take(replace(BURNT, text=text, order="1001"))
    two = take(replace(BURNT, text="It burned again.", received_at=NOW + timedelta(hours=1)))
    before = [(h.hazard, h.words) for h in one.hazards.order_by("pk")]
    assert forget_informant(complaint=one, **ACT) == 2
    one.refresh_from_db(), two.refresh_from_db()
    assert not Informant.objects.exists()
    assert not any(word in one.text for word in ("Erika", "ERIKA", "1234567", "1001"))
    assert "caught fire" in one.text
    assert len(one.text) == len(text)
    assert [(h.hazard, h.words) for h in one.hazards.order_by("pk")] == before
    assert one.voice == two.voice == f"nobody {one.pk}"
    assert "order" not in one.told
    told = "".join(Entry.objects.values_list("payload", flat=True))
    assert "Erika" not in told
    assert "1001" not in told
    again = take(replace(BURNT, text=text, order="1001"))
    assert again == one


def test_who_is_forgotten_is_forgotten_in_rejected_rows_too(shop: Shop, tmp_path: Path) -> None:
    one = take(replace(BURNT, text="It burned."))
    file = tmp_path / "told.csv"
    file.write_text(
        "id,text,received_at,email\n"
        "1,It melted.,soon,ERIKA@example.org\n2,It melted.,soon,bo@example.org\n"
        "3,It melted.,erika@example.org,\n"
    )
    done = bring_in(path=str(file), kind="complaints", wishes=Wishes(), **ACT)
    assert done.rejected == 3
    forget_informant(complaint=one, **ACT)
    rows = ImportReject.objects.order_by("line")
    assert [row.raw for row in rows][::2] == ["", ""]
    assert "bo@example.org" in rows[1].raw
    assert rows[0].reason == "not a date: 'soon'"
    assert "erika" not in rows[2].reason
    assert Entry.objects.get(kind="RejectedRowsErased").fields["rows"] == 2


def test_a_recall_from_a_complaint_counts_from_when_it_was_first_known(shop: Shop) -> None:
    shop.product("KETTLE")
    known = NOW - timedelta(days=3)
    one = take(replace(BURNT, received_at=known))
    late = take(replace(BURNT, text="Mine too!", email="bo@example.org"))
    recall = open_recall(outcome="fire", products=("KETTLE",), complaints=[late, one], **ACT)
    run_reactions(now=NOW + timedelta(minutes=1))
    start = recall.clock_starts.get(fact="first_information", withdrawn_at=None)
    assert (start.at, start.known_by) == (known, "person:1")
    assert start.source == f"complaint {one.ref}, received here"
    hurt = recall.clock_starts.get(fact="injury_known", occurrence=one.ref)
    assert hurt.at == known
    one.refresh_from_db()
    assert one.signal == recall.signal


def test_what_could_not_be_linked_is_linked_when_the_catalogue_comes_in(
    shop: Shop, tmp_path: Path
) -> None:
    one = take(Told(text="It wobbles.", product="TABLE-9", source_id="T-1"))
    assert one.product is None
    assert [report.product for report in reports()] == ["TABLE-9"]
    file = tmp_path / "products.csv"
    file.write_text("sku,title\nTABLE-9,Play table\n")
    bring_in(path=str(file), kind="products", wishes=Wishes(), **ACT)
    run_reactions(now=NOW + timedelta(minutes=1))
    assert Entry.objects.filter(kind="ComplaintsRelinked").count() == 1
    one.refresh_from_db()
    assert one.product.code == "TABLE-9"


def test_a_kept_index_of_the_catalogue_knows_what_came_in_since(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    del shop
    monkeypatch.setattr(linking, "KEPT_FROM", 1)
    file = tmp_path / "products.csv"
    linked = []
    for code, title in (("K1", "Warmo kettle KX9100"), ("H1", "Warmo oil heater HX4000")):
        file.write_text(f"sku,title,brand\n{code},{title},Warmo\n")
        bring_in(path=str(file), kind="products", wishes=Wishes(), **ACT)
        for turn in range(2):
            told = Told(text=f"The {title} wobbles, {turn}.", product_name=title, brand="Warmo")
            linked.append(take(told).product.code)
    assert linked == ["K1", "K1", "H1", "H1"]
