"""Products, people, firms, receipts and stock: new rows, known rows, rejected rows."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from holdfast.supply.catalog.models import Product
from holdfast.supply.imports.models import ImportRun
from holdfast.supply.orders.models import Customer, OrderLine
from holdfast.supply.parties.models import Consignee, Site, Supplier
from holdfast.supply.traceability.models import Receipt, StockOnHand
from tests.supply.imports.conftest import Bring

pytestmark = pytest.mark.django_db

RECEIPTS = (
    "lot,sku,site,received_at,depleted_at,quantity,supplier\n"
    "B17,VL-10K,main,2026-02-18,2026-03-18,7200,S-07\n"
    "B17,VL-10K,main,2026-02-18,,40,S-07\n"
    "B18,vl-10k,main,2026-03-18,,1000,\n"
)
FILES = {
    "receipts": (RECEIPTS, 3),
    "products": ("sku,title,gtin,price\nA,Lamp,4006381333931,39.00\nB,Chair,,\n", 2),
    "customers": ("customer id,email,country\n7,ana@example.org,Portugal\n8,,DE\n", 2),
    "suppliers": ("supplier,name,email\nS-07,Cells Ltd,q@example.org\n", 1),
    "consignees": ("consignee,name,level\nR-1,Corner shop,retailer\nD-1,Big,Wholesaler\n", 2),
    "stock": ("sku,site,lot,quantity\nA,main,B17,40\nA,main,B17,2\nA,,,1\n", 2),
}


@pytest.mark.parametrize("kind", FILES)
def test_the_same_file_again_changes_nothing(bring: Bring, kind: str) -> None:
    text, new = FILES[kind]
    first = bring(text, kind)
    assert (first.imported, first.rejected) == (new, 0)
    models = (Product, Customer, Supplier, Consignee, Site, Receipt, StockOnHand)
    before = [list(model.objects.order_by("pk").values()) for model in models]
    again = bring(text, kind)
    assert (again.imported, again.merged) == (0, first.rows)
    assert [list(model.objects.order_by("pk").values()) for model in models] == before
    assert ImportRun.objects.filter(kind=kind).count() == 2


def test_receipts_bring_lots_with_their_stay_and_supplier(bring: Bring) -> None:
    bring(RECEIPTS, "receipts")
    first = Receipt.objects.select_related("supplier", "product").order_by("pk")[0]
    assert (first.lot, first.product.code, first.site, first.quantity) == (
        "B17",
        "VL-10K",
        "main",
        7200,
    )
    assert first.received_at == datetime(2026, 2, 17, 23, tzinfo=UTC)
    assert first.supplier is not None
    assert first.supplier.code == "S-07"
    assert list(Receipt.objects.values_list("lot", "position")) == [
        ("B17", 0),
        ("B17", 1),
        ("B18", 0),
    ]
    assert Product.objects.count() == 1
    assert Site.objects.get().code == "main"


def test_a_receipt_learns_when_it_was_used_up(bring: Bring) -> None:
    head = "lot,sku,site,received_at,depleted_at,quantity,supplier\n"
    bring(f"{head}B17,A,main,2026-02-18,,7200,\n", "receipts")
    outcome = bring(f"{head}B17,A,main,2026-02-18,2026-03-18,7200,\n", "receipts")
    assert (outcome.merged, Receipt.objects.get().depleted_at is not None) == (1, True)


@pytest.mark.parametrize(
    ("kind", "text", "column"),
    [
        ("receipts", "lot,sku,quantity\n,A,1\n", "lot"),
        ("receipts", "lot,sku,quantity\nB,,1\n", "sku"),
        ("receipts", "lot,sku,quantity\nB,A,-1\n", "quantity"),
        ("receipts", "lot,sku,quantity,received_at\nB,A,1,soon\n", "received_at"),
        ("products", "sku,gtin\nA,4.00638E+12\n", "gtin"),
        ("products", "sku,title\n,Lamp\n", "sku"),
        ("customers", "customer id,email\n7,not an address\n", "email"),
        ("customers", "customer id,email\n,\n", "customer id"),
        ("suppliers", "supplier,name\n,Cells\n", "supplier"),
        ("stock", "sku,quantity\nA,many\n", "quantity"),
    ],
)
def test_rows_with_a_fault_are_rejected(bring: Bring, kind: str, text: str, column: str) -> None:
    outcome = bring(text, kind)
    assert [(one.line, one.column) for one in outcome.rejects] == [(2, column)]


def test_a_receipt_whose_quantity_nobody_wrote_down_is_kept_as_unknown(bring: Bring) -> None:
    outcome = bring("lot,sku,quantity\nB17,A,\n", "receipts")
    assert (outcome.imported, outcome.rejected) == (1, 0)
    assert Receipt.objects.get().quantity is None


def test_several_counts_of_one_shelf_are_added_up(bring: Bring) -> None:
    bring(FILES["stock"][0], "stock")
    assert StockOnHand.objects.get(lot="B17").quantity == 42


def test_customers_join_the_orders_of_their_source(bring: Bring) -> None:
    bring("order,sku,quantity,customer id\n1,A,1,17850.0\n")
    bring("customer id,name,email,country\n17850,Ana Alves,ana@example.org,Portugal\n", "customers")
    person = OrderLine.objects.select_related("customer").get().customer
    assert person is not None
    assert (person.name, person.email, person.country) == ("Ana Alves", "ana@example.org", "PT")


def test_a_newer_customer_file_moves_a_person_as_a_whole(bring: Bring) -> None:
    head = "customer id,name,street,zip,city\n"
    bring(f"{head}7,Ana,Old Street 1,11111,Leeds\n", "customers")
    bring(f"{head}7,,New Street 2,,Norwich\n", "customers")
    person = Customer.objects.get()
    assert (person.name, person.street, person.postcode, person.city) == (
        "Ana", "New Street 2", "", "Norwich",
    )  # fmt: skip


def test_shopify_products_carry_their_title_to_every_variant(bring: Bring) -> None:
    head = (
        "Handle,Title,Vendor,Option1 Name,Option1 Value,Variant SKU,Variant Price,Variant Barcode\n"
    )
    rows = "lamp,Lamp,Lumen,Size,Small,L-S,10,\nlamp,,,,Large,L-L,12,4006381333931\nlamp,,,,,,,\n"
    outcome = bring(head + rows, "products")
    assert outcome.reading["format"] == "shopify"
    assert set(Product.objects.values_list("code", "title", "variant")) == {
        ("L-S", "Lamp", "Small"),
        ("L-L", "Lamp", "Large"),
    }
    assert [one.reason for one in outcome.rejects] == ["only a picture"]
