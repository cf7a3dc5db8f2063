"""What somebody tells us is read, linked, compared and kept, and the journal names nobody."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from holdfast.decision.intake.actions import take_in_all, take_in_complaint
from holdfast.decision.intake.models import Complaint
from holdfast.decision.intake.queries import first_told, reports_of
from holdfast.decision.intake.queries.linking import Linker
from holdfast.decision.intake.rules.told import Told
from holdfast.decision.recalls.actions import open_recall
from holdfast.ground.journal.models import Entry
from holdfast.kit.actors import PUBLIC
from holdfast.kit.refusals import NotPermitted, Unreadable
from tests.decision.conftest import LEAD, NOW, VIEWER, Shop

pytestmark = pytest.mark.django_db

BURNT = Told(
    text="The kettle caught fire and burned my hand, I went to the hospital. Lot B-17 on the base.",
    channel="portal",
    product="kettle",
    name="Erika Beispiel",
    email="erika@example.org",
)


def take(told: Told, **more: object) -> Complaint:
    return take_in_complaint(told=told, by=LEAD, now=NOW, **more)


def test_an_injury_is_urgent_linked_and_starts_what_clocks_count_from(shop: Shop) -> None:
    shop.receipt("B17", "KETTLE")
    found = take(BURNT)
    assert (found.urgency, found.harm, found.product.code) == (0, 3, "KETTLE")
    assert found.hazards.filter(hazard="fire", rank=0, is_denied=False).exists()
    words, start, end = found.hazards.get(hazard="fire", is_denied=False).words[0]
    assert found.text[start:end] == words
    lot = found.links.get(kind="lot")
    assert (lot.value, lot.reason) == ("B17", "“B-17” looks like lot B17.")
    noted = Entry.objects.get(kind="FirstInformationNoted")
    assert noted.fields["known_at"] == NOW.isoformat() == found.known_at.isoformat()
    told = "".join(Entry.objects.values_list("payload", flat=True))
    assert not any(word in told for word in ("Erika", "erika", "hospital", "my hand"))
    assert found.informant.name == "Erika Beispiel"


def test_what_failed_and_who_was_hurt_is_kept_in_the_table_and_not_in_the_journal() -> None:
    found = take(Told(text="The wheel came off, my 3 year old son hit his head. Nobody else saw."))
    assert found.particulars == {
        "parts": {"wheel": "wheel"},
        "body_parts": {"head": "head"},
        "ages_in_months": [36],
        "harm": "hit his head",
    }
    assert take(Told(text="Late again, and the box was dented.")).particulars == {}
    told = "".join(Entry.objects.values_list("payload", flat=True))
    assert "his head" not in told
    assert "ages" not in told


def test_what_the_catalogue_sells_decides_which_hazards_are_looked_for(shop: Shop) -> None:
    torch = shop.product("TR-5")
    torch.title = "Travel torch"
    torch.save()
    sand = "The button sticks after it fell into the sand."
    linked = take(Told(text=sand, product="TR-5"))
    assert not linked.hazards.exists()
    assert linked.particulars["goods"] == {"electrical": "torch"}
    unknown = take(Told(text=sand))
    assert unknown.hazards.filter(hazard="foreign_body").exists()
    assert "goods" not in unknown.particulars


def test_a_product_called_by_a_food_keeps_its_fires_urgent(shop: Shop) -> None:
    boiler = shop.product("EB-1")
    boiler.title = "Egg boiler"
    boiler.save()
    told = take(Told(text="It caught fire.", product="EB-1"))
    assert told.urgency == 0
    assert told.hazards.filter(hazard="fire").exists()


def test_where_no_hazard_is_told_a_scratched_lens_hurts_nobody() -> None:
    told = take(Told(text="The arm sinks down by itself and was scratched by the stand."))
    assert told.particulars.keys() & {"harm", "body_parts"} == set()


def test_the_same_report_again_changes_nothing(shop: Shop) -> None:
    first = take(replace(BURNT, source="shop", source_id="77"))
    entries = Entry.objects.count()
    again = take(replace(BURNT, source="shop", source_id="77"))
    assert (again.pk, Entry.objects.count()) == (first.pk, entries)


SHORT = Told(text="It broke.", channel="api", source="Tickets", source_id="7", product="KETTLE")


@pytest.mark.parametrize(
    "more", [{"harm": 3}, {"kind": "injury"}, {"product": "POT"}, {"lot": "B2"}]
)
def test_the_same_number_and_words_that_say_more_are_a_report_of_their_own(
    shop: Shop, more: dict[str, object]
) -> None:
    first = take(replace(SHORT, lot="B1"))
    other = take(replace(SHORT, **{"lot": "B1", **more}))
    assert other != first
    assert other.duplicate_of is None
    assert take(replace(SHORT, lot="B1")) == first
    assert take(replace(SHORT, **{"lot": "B1", **more})) == other


def test_a_worse_harm_is_not_hidden_behind_a_lighter_one(shop: Shop) -> None:
    take(replace(SHORT, source_id="T-00007", harm=1))
    worse = take(
        replace(SHORT, source_id="T-00007", text="It broke and I was in hospital.", harm=3)
    )
    assert worse.duplicate_of is None


def test_two_desks_that_count_from_one_tell_of_two_things(shop: Shop) -> None:
    shop.product("KETTLE")
    shop.product("POT")
    take(replace(SHORT, source_id="100234"))
    other = replace(SHORT, source="Returns", source_id="100234", text="The colour is wrong.")
    assert take(replace(other, product="POT")).duplicate_of is None
    assert take(replace(other, product="KETTLE")).duplicate_of is not None


def test_who_says_the_same_an_hour_later_tells_it_again(shop: Shop) -> None:
    told = Told(text="It caught fire.", product="KETTLE", channel="form")
    first = take(told)
    assert take(told) == first
    later = take_in_complaint(told=told, by=LEAD, now=NOW + timedelta(days=2))
    assert (later.pk == first.pk, later.duplicate_of) == (False, None)


def test_it_was_known_when_it_was_told_and_not_when_it_happened_or_will_be(shop: Shop) -> None:
    happened = NOW - timedelta(days=90)
    live = take(replace(BURNT, happened_at=happened))
    assert (live.known_at, live.received_at, live.happened_at) == (NOW, NOW, happened)
    soon = take(Told(text="It caught fire just now.", received_at=NOW + timedelta(hours=20)))
    assert (soon.known_at, soon.received_at) == (NOW, NOW)
    row = Told(text="It caught fire in spring.", channel="import", line=2, happened_at=happened)
    kept = take(row)
    assert kept.known_at == happened
    assert kept.notes == ["It does not say when you were told; the day it happened is taken."]
    empty = take(Told(text="It caught fire once.", received_at=datetime(1900, 1, 1, tzinfo=UTC)))
    assert (empty.known_at, len(empty.notes)) == (NOW, 1)


def test_of_one_report_told_twice_the_first_day_counts_whichever_came_in_first(
    shop: Shop,
) -> None:
    shop.product("KETTLE")
    first = take(replace(BURNT, received_at=NOW - timedelta(days=2)))
    before = NOW - timedelta(days=9)
    again = take(replace(BURNT, channel="email", source_id="m1@mail", received_at=before))
    assert again.duplicate_of == first
    told = first_told([first.pk])
    assert told is not None
    assert (told.pk, told.known_at) == (again.pk, before)
    noted = Entry.objects.filter(kind="FirstInformationNoted").order_by("index")
    assert [one.fields["known_at"] for one in noted][-1] == before.isoformat()
    late = take(replace(BURNT, channel="email", source_id="m2@mail", received_at=NOW))
    assert late.duplicate_of == first
    assert noted.count() == 2
    recall = open_recall(outcome="fire", products=("KETTLE",), complaints=[first], by=LEAD, now=NOW)
    assert recall.known_at == before


def test_told_again_with_a_later_day_of_publication_it_is_public_since_the_first(
    shop: Shop,
) -> None:
    told = replace(BURNT, source="saferproducts", source_id="2026-0077", published_at=NOW)
    first = take(replace(told, published_at=NOW - timedelta(days=20)))
    assert take(told) == first
    assert Complaint.objects.get().published_at == NOW - timedelta(days=20)


def test_one_incident_told_by_form_and_mail_is_one(shop: Shop) -> None:
    shop.product("KETTLE")
    first = take(BURNT)
    said = "My kettle was in flames last week, as I wrote in your form."
    mail = take(replace(BURNT, text=said, channel="email", email="ERIKA@example.org"))
    assert mail.duplicate_of == first
    assert mail.duplicate_why == "The same person about the same product, on the same day."
    assert [one.id for one in reports_of(first.product)] == [first.ref]


def test_nearly_the_same_text_is_the_same_and_other_words_are_not(shop: Shop) -> None:
    shop.product("KETTLE")
    text = (
        "I bought this kettle in March for my mother and after two weeks the lid came loose while "
        "it was boiling, so that hot water ran over the handle and onto the floor of the kitchen."
    )
    first = take(Told(text=text, product="KETTLE"))
    near = take(Told(text=text.replace("March", "April"), product="KETTLE"))
    other = take(Told(text=text, product="POT", maker="Pots Inc"))
    short = take(Told(text="The lid is loose.", product="KETTLE"))
    assert near.duplicate_of == first
    assert "of their phrases are the same" in near.duplicate_why
    assert (other.duplicate_of, short.duplicate_of) == (None, None)


def test_a_more_urgent_report_never_hides_behind_another(shop: Shop) -> None:
    shop.product("KETTLE")
    take(replace(BURNT, text="The lid does not close as it should."))
    hurt = take(replace(BURNT, channel="email"))
    assert (hurt.urgency, hurt.duplicate_of) == (0, None)


def test_fifty_reports_of_one_person_are_one_voice(shop: Shop) -> None:
    shop.product("KETTLE")
    tolds = [
        replace(
            BURNT,
            text=f"It burned again, number {number}, at my home.",
            source_id=f"X-{number:05}",
            channel="form",
        )
        for number in range(50)
    ]
    taken = take_in_all(tolds=tolds, is_import=True, by=LEAD, now=NOW)
    assert len(taken.complaints) == 50
    assert len(reports_of(shop.product("KETTLE"))) == 1


def test_bad_days_and_floods_are_kept_and_said(shop: Shop) -> None:
    flood = take(Told(text="pasted " * 20_000, received_at=NOW + timedelta(days=400)))
    assert len(flood.text) == 50_000
    assert flood.received_at == NOW
    assert len(flood.notes) == 2
    with pytest.raises(Unreadable, match="what happened"):
        take(Told(text=" \u200b\u2060 "))


def test_who_may_tell(shop: Shop) -> None:
    take_in_complaint(told=BURNT, by=PUBLIC, now=NOW)
    with pytest.raises(NotPermitted):
        take_in_complaint(told=BURNT, by=VIEWER, now=NOW)


@pytest.mark.parametrize(
    ("told", "link"),
    [
        (Told(text="The VL-10K lamp hums, from lot B17."), ("product", "probable", "names VL-10K")),
        (Told(text="My vl-10k. hums"), ("product", "probable", "Its text names VL-10K.")),
        (Told(text="It hums.", lot="Lot no. B17."), ("lot", "probable", "looks like lot B17")),
        (Told(text="It hums.", order="1OO1"), ("order", "probable", "looks like order 1001")),
        (Told(text="Bestellnr. 1001 brummt"), ("order", "certain", "names the order 1001")),
        (Told(text="It hums.", product="wall lamp"), ("product", "possible", "lamp, wall")),
    ],
)
def test_what_is_named_nearly_or_in_a_sentence_is_linked_with_the_reason(
    shop: Shop, told: Told, link: tuple[str, str, str]
) -> None:
    lamp = shop.line("VL-10K", order_number="1001").product
    lamp.title = "Wall lamp with arm"
    lamp.save()
    shop.receipt("B17", "VL-10K")
    links = Linker().links(told)
    kind, certainty, words = link
    found = next(one for one in links if one.kind == kind)
    assert (found.certainty, found.product) == (certainty, lamp.pk)
    assert words in found.reason
    assert not any(one.value == "VL-10K" for one in links), "a product code is no lot"


def test_small_words_of_a_subject_name_no_product(shop: Shop) -> None:
    lamp = shop.product("LAMP")
    lamp.title = "Wall lamp with arm"
    lamp.save()
    assert Linker().links(Told(text="See there.", title="With the picture")) == []


def test_the_journal_names_the_product_by_its_code_however_it_was_found(shop: Shop) -> None:
    shop.line("KETTLE", order_number="#77")
    shop.receipt("B17", "LAMP")
    for more, code in (
        ({"product": "kettle"}, "KETTLE"),
        ({"order": "#77"}, "KETTLE"),
        ({"lot": "B17"}, "LAMP"),
        ({}, ""),
    ):
        take(Told(text=f"It hums, {more}.", **more))
        assert (
            Entry.objects.filter(kind="ComplaintReceived").latest("index").fields["product"] == code
        )
