"""A file of complaints: every row is imported, merged or rejected with line, column and reason."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from holdfast.decision.intake.models import Complaint
from holdfast.ground.journal.models import Entry
from holdfast.kit.refusals import Unreadable
from holdfast.supply.imports.actions import Outcome, bring_in
from holdfast.supply.imports.models import ImportRun
from holdfast.supply.imports.reading import Wishes
from tests.decision.conftest import LEAD, NOW, Shop

pytestmark = pytest.mark.django_db
Bring = Callable[..., Outcome]
RETURNS = (
    "Return date,Order ID,SKU,Return reason,Customer comments,Customer email\n"
    "2026-04-02,1001,KETTLE,Defective,It caught fire on the first day.,ana@example.org\n"
    "2026-04-03,1002,KETTLE,No longer needed,,bo@example.org\n"
    "yesterday,1003,KETTLE,Defective,The lid broke.,cy@example.org\n"
    "2031-01-01,1004,KETTLE,,,dy@example.org\n"
    "2031-01-01,1005,KETTLE,Wrong colour,,dy@example.org\n"
)


@pytest.fixture
def bring(tmp_path: Path, shop: Shop) -> Bring:
    """Write a file and import it as complaints."""

    def bring(data: str | bytes, name: str = "file.csv", **said: object) -> Outcome:
        path = tmp_path / name
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        wishes = Wishes(**said)  # type: ignore[arg-type]
        return bring_in(path=str(path), kind="complaints", wishes=wishes, by=LEAD, now=NOW)

    return bring


def test_a_shops_returns_are_read_by_their_own_columns(bring: Bring, shop: Shop) -> None:
    line = shop.line("KETTLE", order_number="1001")
    done = bring(RETURNS)
    assert (done.rows, done.imported, done.merged, done.rejected) == (5, 3, 0, 2)
    told = [(one.line, one.column, one.reason) for one in done.rejects]
    assert told[0] == (4, "Return date", "not a date: 'yesterday'")
    assert told[1][:2] == (5, "Customer comments")
    fire = Complaint.objects.get(line=2)
    assert (fire.kind, fire.urgency, fire.text) == (
        "return", 0, "Defective: It caught fire on the first day.",
    )  # fmt: skip
    assert fire.links.get(kind="order").order_line == line
    future = Complaint.objects.get(line=6)
    assert future.received_at == NOW
    assert "in the future" in future.notes[0]


def test_no_word_about_harm_is_passed_over_in_silence(bring: Bring) -> None:
    """An injury told by its kind alone, and what the column says in words of its own."""
    done = bring(
        'id,kind,sku,text,injury\n1,injury,KETTLE,,\n2,,KETTLE,Fell.,"Ja, Krankenhaus"\n'
        "3,,KETTLE,Fell.,Schnitt- und Verletzung am Finger\n4,,KETTLE,Fell.,perhaps\n"
        '5,,KETTLE,Fell.,"no, but see my arm"\n6,,KETTLE,Fell.,n/a\n'
    )
    assert (done.rows, done.imported, done.rejected) == (6, 6, 0)
    told = {one.source_id: one for one in Complaint.objects.all()}
    assert [told[n].urgency for n in "123"] == [0, 0, 0]
    assert [told[n].harm for n in "456"] == [None, None, None]
    assert told["2"].text == "Fell.\nJa, Krankenhaus"
    assert told["4"].notes == ["What it says of harm is no word known here: “perhaps”."]
    assert not told["6"].notes


def test_the_same_file_again_changes_nothing(bring: Bring) -> None:
    bring(RETURNS)
    before, entries = Complaint.objects.count(), set(Entry.objects.values_list("kind", flat=True))
    again = bring(zstandard.compress(RETURNS.encode()), name="again.csv.zst")
    assert (again.rows, again.imported, again.merged, again.rejected) == (5, 0, 3, 2)
    assert Complaint.objects.count() == before
    assert entries == {"ComplaintsImported", "FirstInformationNoted", "FileImported"}


def test_the_journal_of_an_import_names_nobody(bring: Bring) -> None:
    bring(RETURNS)
    told = "".join(Entry.objects.values_list("payload", flat=True))
    assert not any(word in told for word in ("example.org", "caught fire", "1001", "Defective"))


def test_a_file_that_says_nothing_is_refused_with_what_was_found(bring: Bring) -> None:
    with pytest.raises(Unreadable) as refused:
        bring("id,sku\n1,KETTLE\n")
    assert refused.value.column == "text"
    assert refused.value.extra["proposal"]["mapping"] == {"source_id": "id", "product": "sku"}
    with pytest.raises(Unreadable):
        bring(b"id,text\n1,\xff\xfe\x81 caf\xc3\xa9\n", encoding="utf-8")
    assert not ImportRun.objects.exists()


def test_tickets_of_a_help_desk_are_read_and_a_doubled_text_is_refused_by_name(
    bring: Bring,
) -> None:
    done = bring(
        "Ticket ID,Created time,What happened,Requester email\n7,2026-02-01,It smokes.,a@b.c\n"
    )
    assert done.reading["mapping"] == {
        "source_id": "Ticket ID",
        "text": "What happened",
        "received_at": "Created time",
        "email": "Requester email",
    }
    with pytest.raises(Unreadable) as refused:
        bring("date,text,text\n2026-02-01,one,two\n")
    assert (refused.value.code, refused.value.column) == ("column_twice", "text")


def test_a_pasted_flood_is_one_complaint_and_its_copies(bring: Bring) -> None:
    text = "This power bank is a fraud and nobody should ever buy from these people again"
    rows = "".join(f"{number},2026-04-01,{text}\n" for number in range(1000, 1400))
    done = bring("review_id,review_date,review_text\n" + rows)
    assert done.imported == 400
    assert Complaint.objects.filter(duplicate_of=None).count() == 1


def test_alike_rows_that_name_nobody_are_as_many_reports(bring: Bring) -> None:
    file = "date,text,sku,order,email\n" + "2026-04-01,caught fire,KETTLE,,\n" * 600
    file += "2026-04-01,caught fire,KETTLE,,ana@example.org\n" * 2
    file += "2026-04-01,caught fire,KETTLE,1001,\n" * 2
    done = bring(file)
    assert (done.rows, done.imported, done.merged) == (604, 602, 2)
    again = bring(file)
    assert (again.imported, again.merged) == (0, 604)


def test_one_return_of_two_products_is_two_complaints(bring: Bring, shop: Shop) -> None:
    shop.product("KETTLE")
    shop.product("POT")
    file = "id,date,reason,sku\nR1,2026-04-01,defective,KETTLE\nR1,2026-04-01,defective,POT\n"
    done = bring(file)
    assert (done.imported, done.merged) == (2, 0)
    again = bring(file)
    assert (again.imported, again.merged) == (0, 2)


ROW = st.fixed_dictionaries(
    {
        "id": st.sampled_from(["", "7", "8", "R-100234", "x" * 130]),
        "text": st.sampled_from(["", "  ", "It burned.", "=1+1", "ß" * 50, "zwei\nZeilen", "a\0b"]),
        "date": st.sampled_from(["", "2026-03-01", "13/13/2026", "soon", "2999-01-01"]),
        "injury": st.sampled_from(["", "no", "yes", "Death", "purple"]),
        "sku": st.sampled_from(["", "KETTLE", "kett1e", "unknown", "s" * 300]),
        "email": st.sampled_from(["", "ana@example.org", "no address"]),
    }
)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ROW, max_size=25))
def test_rows_are_always_accounted_for(bring: Bring, rows: list[dict[str, str]]) -> None:
    held = io.StringIO()
    table = csv.DictWriter(held, ["id", "text", "date", "injury", "sku", "email"])
    table.writeheader()
    table.writerows(rows)
    before = Complaint.objects.count()
    done = bring(held.getvalue(), dates="dmy")
    assert done.rows == len(rows) == done.imported + done.merged + done.rejected
    assert Complaint.objects.count() == before + done.imported
    assert all(one.line and one.reason for one in done.rejects)
    again = bring(held.getvalue(), dates="dmy")
    assert (again.imported, again.rejected) == (0, done.rejected)


def test_files_of_authorities_and_marketplaces_are_read_as_they_are(
    bring: Bring, real_data: Path
) -> None:
    import gzip

    def head(path: str, rows: int) -> bytes:
        with gzip.open(real_data / path, "rt", newline="") as file:
            held = io.StringIO()
            copy = csv.writer(held)
            for number, row in enumerate(csv.reader(file)):
                if number > rows:
                    break
                copy.writerow(row)
        return held.getvalue().encode()

    toys = bring(
        head("complaints_saferproducts_toys/saferproducts_toys_reports_2011_2017.csv.gz", 60)
    )
    reviews = bring(
        head("complaints_amazon_food_reviews/amazon_reviews_of_recalled_foods_pre2014.csv.gz", 40)
    )
    devices = bring(head("complaints_maude/maude.csv.gz", 60))
    assert [one.imported for one in (toys, reviews, devices)] == [60, 40, 59]
    assert set(Complaint.objects.values_list("source", flat=True)) == {
        "saferproducts", "amazon_reviews", "maude",
    }  # fmt: skip
    toy = Complaint.objects.get(source_id="20110311-24FB2-2147481611")
    assert (toy.harm, toy.maker, toy.told["category"]) == (
        0,
        "battat",
        "Toy Musical Instruments (1344)",
    )
    assert (toy.received_at.date().isoformat(), toy.known_at) == ("2011-03-11", NOW)
