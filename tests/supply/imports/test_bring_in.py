"""Order files: each row is imported, merged or rejected; the same file again changes nothing."""

from __future__ import annotations

import csv
import io
import random
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from holdfast.ground.journal.models import Entry
from holdfast.kit.actors import Actor
from holdfast.kit.refusals import NotPermitted
from holdfast.supply.catalog.models import Product
from holdfast.supply.imports.actions import bring_in
from holdfast.supply.imports.models import ImportReject, ImportRun, SavedMapping
from holdfast.supply.imports.reading import Wishes
from holdfast.supply.orders.models import Customer, OrderLine
from tests.supply.imports.conftest import NOW, Bring, left

pytestmark = pytest.mark.django_db
HEADER = "order,product,quantity,date,customer id,country\n"


def test_rows_become_lines(bring: Bring) -> None:
    outcome = bring(f"{HEADER}1001,VL-10K,2,2026-03-02 14:30,C-7,Deutschland\n")
    line = OrderLine.objects.select_related("product", "customer").get()
    assert (line.source, line.order_number, line.sku, line.position) == ("csv", "1001", "VL-10K", 0)
    assert (line.kind, line.quantity, line.cancelled) == ("sale", 2, 0)
    assert line.moved_at == line.ordered_at == datetime(2026, 3, 2, 13, 30, tzinfo=UTC)
    assert (line.country, line.market) == ("Deutschland", "DE")
    assert line.customer is not None
    assert line.customer.key == "csv:C-7"
    assert outcome.as_json() == {
        "rows": 1,
        "imported": 1,
        "merged": 0,
        "rejected": 0,
        "seconds": round(outcome.seconds, 3),
        "unmatched_returns": 0,
        "format": "csv",
        "source": "csv",
        "mapping": {
            "order": "order",
            "product": "product",
            "quantity": "quantity",
            "ordered_at": "date",
            "customer": "customer id",
            "country": "country",
        },
        "encoding": "utf-8",
        "separator": ",",
        "date_order": "ymd",
        "decimal": ".",
        "sheet": None,
        "sha256": outcome.reading["sha256"],
        "notes": [],
    }


def test_identical_rows_are_separate_lines_and_the_same_file_again_merges_all(bring: Bring) -> None:
    text = f"{HEADER}" + "1001,VL-10K,1,2026-03-02,C-7,DE\n" * 3 + "1002,VL-10K,1,2026-03-02,,DE\n"
    assert (bring(text).imported, OrderLine.objects.count()) == (4, 4)
    before = list(OrderLine.objects.order_by("pk").values())
    again = bring(text)
    assert (again.imported, again.merged, again.rejected) == (0, 4, 0)
    assert list(OrderLine.objects.order_by("pk").values()) == before


def test_rows_of_an_order_that_do_not_stand_together_are_counted_over_the_file(
    bring: Bring,
) -> None:
    rows = ["1,A,1,2026-03-02,C,DE\n", "2,A,1,2026-03-02,C,DE\n"] * 3
    assert bring(HEADER + "".join(rows)).imported == 6
    assert sorted(OrderLine.objects.values_list("order_number", "position")) == [
        ("1", 0), ("1", 1), ("1", 2), ("2", 0), ("2", 1), ("2", 2),
    ]  # fmt: skip
    assert bring(HEADER + "".join(rows)).merged == 6


def test_a_changed_row_updates_its_line(bring: Bring) -> None:
    bring(f"{HEADER}1,A,5,2026-03-02,C,DE\n")
    key = OrderLine.objects.get().pk
    outcome = bring(f"{HEADER}1,A,3,2026-03-05,C,FR\n")
    line = OrderLine.objects.get()
    assert (outcome.merged, line.pk, line.quantity, line.market) == (1, key, 3, "FR")


def test_another_source_is_another_order(bring: Bring) -> None:
    text = f"{HEADER}1,A,5,2026-03-02,C,DE\n"
    bring(text)
    assert bring(text, source="outlet").imported == 1
    assert Customer.objects.count() == 2


def test_leading_zeros_survive_and_spreadsheet_floats_are_tidied(bring: Bring) -> None:
    bring("order,sku,quantity,customer id,lot\n00042,007,1,17850.0,0012\n")
    line = OrderLine.objects.select_related("customer").get()
    assert (line.order_number, line.sku, line.lot) == ("00042", "007", "0012")
    assert line.customer is not None
    assert line.customer.key == "csv:17850"


def test_codes_that_differ_in_case_are_one_product_and_keep_their_spelling(bring: Bring) -> None:
    bring("order,sku,quantity\n1,85123A,1\n1,85123a,1\n")
    assert Product.objects.get().code_key == "85123a"
    assert set(OrderLine.objects.values_list("sku", "position")) == {("85123A", 0), ("85123a", 1)}


def test_pseudo_products_are_kept_as_such(bring: Bring) -> None:
    rows = "1,POST,POSTAGE,1\n1,M,Manual,1\n1,22666,POSTAGE STAMP MUG,1\n1,G-50,Gift Card 50 €,1\n"
    bring(f"order,sku,description,quantity\n{rows}")
    kinds = dict(Product.objects.values_list("code", "kind"))
    assert kinds == {"POST": "pseudo", "M": "pseudo", "22666": "product", "G-50": "pseudo"}


BAD = {
    ",A,1,2026-03-02,,": ("order", "no order number"),
    "1,,1,2026-03-02,,": ("product", "no product code"),
    "1,A,,2026-03-02,,": ("quantity", "no quantity"),
    "1,A,two,2026-03-02,,": ("quantity", "not a number"),
    "1,A,1e999,2026-03-02,,": ("quantity", "not a number"),
    "1,A,NaN,2026-03-02,,": ("quantity", "not a number"),
    "1,A,99999999999,2026-03-02,,": ("quantity", "too large"),
    "1,A,0.0001,2026-03-02,,": ("quantity", "more than 3 decimals"),
    "1,A,=1+1,2026-03-02,,": ("quantity", "a formula"),
    "1,A,1,2026-02-30,,": ("date", "not a date"),
    "1,A,1,soon,,": ("date", "not a date"),
    "1,A,1,2026-03-02,,,,": ("", "8 fields, but only 6 columns"),
    "1,A,1,2026-03-02,,x,y": ("", "7 fields, but only 6 columns"),
    "1,A\0,1,2026-03-02,,": ("product", "a NUL"),
    f"{'9' * 121},A,1,2026-03-02,,": ("order", "longer than 120"),
}


@pytest.mark.parametrize("row", BAD)
def test_a_row_is_rejected_for_its_own_fault_with_line_column_and_reason(
    bring: Bring, row: str
) -> None:
    outcome = bring(f"{HEADER}7,A,1,2026-03-02,C,DE\n{row}\n8,A,1,2026-03-02,C,DE\n")
    column, reason = BAD[row]
    (one,) = outcome.rejects
    assert (one.line, one.column) == (3, column)
    assert reason in one.reason
    assert (outcome.imported, OrderLine.objects.count()) == (2, 2)
    stored = ImportReject.objects.get()
    assert (stored.line, stored.column, stored.reason) == (one.line, one.column, one.reason)


def test_cells_that_look_like_formulas_are_data(bring: Bring) -> None:
    bring("order,sku,quantity,customer id\n=1+1,@A,1,+C\n-7,-B,1,=X\n")
    assert set(OrderLine.objects.values_list("order_number", "sku")) == {
        ("=1+1", "@A"),
        ("-7", "-B"),
    }


def test_kinds_of_rows(bring: Bring) -> None:
    rows = [
        "1,A,5,,C",
        "C2,A,-1,,",
        "3,A,-2,,C",
        "4,A,-9,,",
        "CA-5,A,1,,C",
        "C6,A,1,,C",
        "7,A,0,,C",
    ]
    text = "order,sku,quantity,date,customer id\n" + "".join(f"{row}\n" for row in rows)
    assert bring(text).imported == 7
    assert dict(OrderLine.objects.values_list("order_number", "kind")) == {
        "1": "sale",
        "C2": "cancellation",
        "3": "cancellation",
        "4": "adjustment",
        "CA-5": "sale",
        "C6": "cancellation",
        "7": "sale",
    }
    assert OrderLine.objects.get(order_number="C6").quantity == -1


def test_a_person_may_say_what_kind_the_rows_are(bring: Bring) -> None:
    text = "order,sku,quantity,customer id\nC1001,A,2,7\n"
    bring(text, sets={"kind": "sale"})
    assert OrderLine.objects.get().kind == "sale"
    bring(text, sets={"kind": "cancellation"}, source="returns")
    assert OrderLine.objects.get(source="returns").quantity == -2
    outcome = bring(text, sets={"kind": "gift"}, source="gifts")
    assert [one.column for one in outcome.rejects] == ["kind"]


# -- mapping ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "header",
    [
        "InvoiceNo,StockCode,Quantity,InvoiceDate,CustomerID",
        "Bestellnummer;Artikelnummer;Menge;Bestelldatum;Kundennummer",
        "Numéro de commande;Référence produit;Quantité;Date de commande;N° client",
        "Número de pedido;Código de producto;Cantidad;Fecha de pedido;Nº cliente",
        "Order ID\tSKU\tQty\tOrdered at\tCustomer ID",
    ],
)
def test_columns_are_known_by_what_people_call_them(bring: Bring, header: str) -> None:
    sign = next(sign for sign in ";\t," if sign in header)
    outcome = bring(f"{header}\n{sign.join(['1001', 'VL-10K', '2', '2026-03-02', 'C-7'])}\n")
    names = header.split(sign)
    mapping = outcome.reading["mapping"]
    assert isinstance(mapping, dict)
    assert [mapping[n] for n in ("order", "product", "quantity", "ordered_at")] == names[:4]


def test_what_cannot_be_guessed_is_refused_with_the_proposal(refused) -> None:  # type: ignore[no-untyped-def]
    error = refused("order,colour,amount\n1,red,2\n")
    assert (error.code, error.exit_code) == ("column_missing", 2)
    proposal = error.as_json()["proposal"]
    assert proposal["mapping"] == {"order": "order"}
    assert proposal["columns"] == ["order", "colour", "amount"]
    assert error.extra["missing"] == ["product", "quantity"]


def test_a_person_may_say_columns_and_values(bring: Bring) -> None:
    outcome = bring("a,b\n1,VL\n", maps={"order": "a", "product": "B"}, sets={"quantity": "1"})
    assert outcome.reading["mapping"] == {"order": "a", "product": "b", "quantity": {"value": "1"}}
    assert OrderLine.objects.get().quantity == 1


def test_what_was_said_once_is_remembered_for_the_same_columns(bring: Bring) -> None:
    said = {"maps": {"order": "a", "product": "b"}, "sets": {"quantity": "1"}}
    bring("a,b\n1,VL\n", **said)
    assert bring("a,b\n2,VL\n").imported == 1
    assert SavedMapping.objects.count() == 1


@pytest.mark.parametrize(
    ("text", "said", "code"),
    [
        ("order,sku,sku,quantity\n1,A,B,2\n", {}, "column_twice"),
        ("order,sku,quantity\n1,A,2\n", {"maps": {"lot": "Lot"}}, "column_missing"),
        ("order,sku\n1,A\n", {}, "column_missing"),
        ("1001,VL-10K,2\n1002,VL-10K,1\n", {}, "no_header"),
    ],
)
def test_a_missing_or_doubled_column_refuses_the_file(refused, text, said, code) -> None:  # type: ignore[no-untyped-def]
    assert refused(text, **said).code == code


def test_dates_that_fit_both_ways_need_a_word(bring: Bring, refused) -> None:  # type: ignore[no-untyped-def]
    text = "order,sku,quantity,date\n1,A,1,03/04/2026\n2,A,1,05/06/2026\n"
    error = refused(text)
    assert (error.code, error.line, error.column) == ("dates_ambiguous", 2, "date")
    assert bring(text, dates="mdy").reading["date_order"] == "mdy"
    assert OrderLine.objects.order_by("pk")[0].ordered_at == datetime(2026, 3, 3, 23, tzinfo=UTC)


def test_a_german_file_is_read_as_one(bring: Bring) -> None:
    text = "Bestellnummer;Artikelnummer;Menge;Bestelldatum;Land\n1;A;1.000;31.12.2025;Österreich\n"
    outcome = bring(text.encode("cp1252"))
    line = OrderLine.objects.get()
    assert (outcome.reading["encoding"], outcome.reading["decimal"]) == ("cp1252", ",")
    assert (line.quantity, line.market, line.unit_price) == (1000, "AT", None)


# -- all or nothing -------------------------------------------------------------------------------


def test_a_rehearsal_keeps_nothing(bring: Bring) -> None:
    outcome = bring(f"{HEADER}1,A,1,2026-03-02,C,DE\n", is_rehearsal=True)
    assert (outcome.imported, outcome.run) == (1, 0)
    assert not OrderLine.objects.exists()
    assert not ImportRun.objects.exists()
    assert not Product.objects.exists()
    assert not Entry.objects.filter(kind="FileImported").exists()


def test_an_interruption_keeps_nothing(bring: Bring) -> None:
    def stop(share: float, rows: int) -> None:
        if rows >= 5_000:
            raise KeyboardInterrupt

    text = HEADER + "".join(f"{n},A,1,2026-03-02,C,DE\n" for n in range(8_000))
    with pytest.raises(KeyboardInterrupt):
        bring(text, watch=stop)
    assert not OrderLine.objects.exists()
    assert not Product.objects.exists()
    assert bring(text).imported == 8_000


def test_a_file_that_breaks_late_keeps_nothing(refused) -> None:  # type: ignore[no-untyped-def]
    text = HEADER + "".join(f"{n},A,1,2026-03-02,C,DE\n" for n in range(12_000)) + '1,"A,1\n'
    assert refused(text).code == "file_truncated"
    assert not Product.objects.exists()


def test_the_journal_keeps_counts_and_no_person(bring: Bring) -> None:
    bring("order,sku,quantity,email,name\n1,A,1,ana@example.org,Ana Alves\n")
    entry = Entry.objects.get(kind="FileImported")
    assert '"imported":1' in entry.payload
    assert '"file_sha256"' in entry.payload
    assert "ana" not in entry.payload.lower()
    assert "file.csv" not in entry.payload


def test_a_viewer_may_not_bring_data_in(tmp_path: Path) -> None:
    path = tmp_path / "o.csv"
    path.write_text("order,sku,quantity\n1,A,1\n")
    viewer = Actor("person:9", "Vi", frozenset({"viewer"}), 9)
    with pytest.raises(NotPermitted):
        bring_in(path=str(path), kind="orders", wishes=Wishes(), by=viewer, now=NOW)


# -- contacts -----------------------------------------------------------------------------------


def test_an_email_is_the_same_person_in_every_source(bring: Bring) -> None:
    for source in ("shop", "market"):
        bring("order,sku,quantity,email\n1,A,1,Ana@Example.org\n", source=source)
    assert Customer.objects.get().key == "email:ana@example.org"
    assert OrderLine.objects.count() == 2


def test_contacts_fill_what_was_missing_and_never_mix_two_addresses(bring: Bring) -> None:
    head = "order,sku,quantity,customer id,email,street,zip,city\n"
    bring(f"{head}1,A,1,7,,Old Street 1,11111,Leeds\n2,A,1,7,ana@example.org,,,\n")
    bring(f"{head}3,A,1,7,,New Street 2,22222,Norwich\n")
    person = Customer.objects.get()
    assert (person.email, person.street, person.postcode, person.city) == (
        "ana@example.org", "Old Street 1", "11111", "Leeds",
    )  # fmt: skip


def test_the_newest_order_of_a_file_says_where_a_person_lives_now(bring: Bring) -> None:
    head = "order,sku,quantity,date,customer id,street,zip,city,phone\n"
    old = "1,A,1,2025-01-01,7,Old Street 1,11111,Leeds,+44 20 1234567\n"
    new = "2,A,1,2026-01-01,7,New Street 2,22222,Norwich,\n"
    for source, rows in (("down", new + old), ("up", old + new)):
        bring(head + rows, source=source)
        person = Customer.objects.get(key=f"{source}:7")
        assert (person.street, person.postcode, person.city, person.phone) == (
            "New Street 2", "22222", "Norwich", "+44 20 1234567",
        )  # fmt: skip


def test_words_for_nobody_are_nobody(bring: Bring) -> None:
    rows = "".join(
        f"{n},A,1,{word}\n" for n, word in enumerate(["NULL", "nan", "n/a", "-", "Guest"])
    )
    bring("order,sku,quantity,customer id\n" + rows)
    assert not Customer.objects.exists()
    assert OrderLine.objects.filter(customer=None).count() == 5


def test_a_rejected_row_leaves_no_product_and_no_customer_behind(bring: Bring) -> None:
    bring("order,sku,quantity,price,customer id\n1,A,1,2.50,7\n2,B,1,a lot,8\n3,C,x,1,9\n")
    assert [one.code for one in Product.objects.all()] == ["A"]
    assert [one.key for one in Customer.objects.all()] == ["csv:7"]


# -- identities ---------------------------------------------------------------------------------

ROW = st.tuples(
    st.sampled_from(["1", "2", "C3", "", "4"]),
    st.sampled_from(["A", "b", "B", "", "POST"]),
    st.sampled_from(["1", "-2", "3", "x", "", "0"]),
    st.sampled_from(["2026-01-01", "2026-01-02", "never", ""]),
    st.sampled_from(["7", "8", ""]),
    st.sampled_from([0, 0, 0, 1, -1]),
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(ROW, max_size=14))
def test_rows_always_are_imported_plus_merged_plus_rejected(bring: Bring, rows: list) -> None:  # type: ignore[type-arg]
    OrderLine.objects.all().delete()
    held = io.StringIO()
    writer = csv.writer(held)
    writer.writerow(["order", "product", "quantity", "date", "customer"])
    for *row, extra in rows:
        writer.writerow([*row, "more"] if extra > 0 else row[:4] if extra < 0 else row)
    first = bring(held.getvalue())
    assert first.rows == len(rows)
    assert OrderLine.objects.count() == first.imported
    assert first.merged == 0
    before = list(OrderLine.objects.order_by("pk").values())
    second = bring(held.getvalue())
    assert (second.imported, second.merged, second.rejected) == (0, first.imported, first.rejected)
    assert list(OrderLine.objects.order_by("pk").values()) == before


def test_units_left_do_not_depend_on_how_orders_are_spread_over_files(bring: Bring) -> None:
    chance = random.Random(4)
    rows = []
    for number in range(300):
        customer, product = chance.choice("XYZ"), chance.choice("AB")
        # Every moment once: two sales at the very same moment are told apart by their rows only.
        moment, units = f"2026-03-{1 + number // 20:02} 08:{number % 20:02}", chance.randint(1, 9)
        is_return = chance.random() < 0.4
        order = f"C{number}" if is_return else f"{number}"
        rows.append(f"{order},{product},{-units if is_return else units},{moment},{customer}\n")
    head = "order,product,quantity,date,customer\n"
    chance.shuffle(rows)
    bring(head + "".join(rows))
    whole = left()
    unmatched = [run.unmatched_returns for run in ImportRun.objects.all()]
    OrderLine.objects.all().delete()
    chance.shuffle(rows)
    for start in range(0, 300, 50):
        bring(head + "".join(rows[start : start + 50]))
    assert {k.rsplit("/", 1)[0]: v for k, v in left().items()} == {
        k.rsplit("/", 1)[0]: v for k, v in whole.items()
    }
    assert unmatched[0] > 0
    assert sum(whole.values()) < sum(
        int(line.quantity) for line in OrderLine.objects.filter(kind="sale")
    )
    assert all(
        Decimal(0) <= line.cancelled <= line.quantity
        for line in OrderLine.objects.filter(kind="sale")
    )
