"""The exports of Shopify, WooCommerce and Amazon as they really look."""

from __future__ import annotations

import csv
import io

import pytest

from holdfast.supply.catalog.models import Product
from holdfast.supply.orders.models import Customer, OrderLine
from tests.supply.imports.conftest import Bring, left

pytestmark = pytest.mark.django_db

SHOPIFY = (
    "Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Accepts Marketing,"
    "Currency,Subtotal,Shipping,Taxes,Total,Discount Code,Discount Amount,Shipping Method,"
    "Created at,"
    "Lineitem quantity,Lineitem name,Lineitem price,Lineitem compare at price,Lineitem sku,"
    "Lineitem requires shipping,Lineitem taxable,Lineitem fulfillment status,Billing Name,"
    "Billing Street,Billing Address1,Billing Address2,Billing Company,Billing City,Billing Zip,"
    "Billing Province,Billing Country,Billing Phone,Shipping Name,Shipping Street,"
    "Shipping Address1,Shipping Address2,Shipping Company,Shipping City,Shipping Zip,"
    "Shipping Province,Shipping Country,Shipping Phone,Notes,Note Attributes,Cancelled at,"
    "Payment Method,Payment Reference,Refunded Amount,Vendor,Outstanding Balance,Employee,Location,"
    "Device ID,Id,Tags,Risk Level,Source,Lineitem discount,Phone,Receipt Number,Duties"
)
AMAZON = (
    "amazon-order-id\tmerchant-order-id\tpurchase-date\tlast-updated-date\torder-status\t"
    "fulfillment-channel\tsales-channel\torder-channel\turl\tship-service-level\tproduct-name\tsku\t"
    "asin\titem-status\tquantity\tcurrency\titem-price\titem-tax\tshipping-price\tshipping-tax\t"
    "gift-wrap-price\tgift-wrap-tax\titem-promotion-discount\tship-promotion-discount\tship-city\t"
    "ship-state\tship-postal-code\tship-country\tpromotion-ids"
)
UNSHIPPED = (
    "order-id\torder-item-id\tpurchase-date\tpayments-date\tbuyer-email\tbuyer-name\t"
    "buyer-phone-number\tsku\tproduct-name\tquantity-purchased\tcurrency\titem-price\titem-tax\t"
    "shipping-price\tshipping-tax\tship-service-level\trecipient-name\tship-address-1\t"
    "ship-address-2\tship-address-3\tship-city\tship-state\tship-postal-code\tship-country"
)
WOO_ITEMS = (
    "order_id,order_number,date,status,shipping_total,order_total,order_currency,payment_method,"
    "customer_id,billing_first_name,billing_last_name,billing_email,billing_phone,"
    "billing_address_1,billing_postcode,billing_city,billing_country,shipping_first_name,"
    "shipping_last_name,shipping_address_1,shipping_postcode,shipping_city,shipping_country,"
    "customer_note,item_id,item_product_id,item_name,item_sku,item_quantity,item_total,"
    "item_refunded,item_refunded_qty"
)
WOO_ADVANCED = (
    "Order Number,Order Status,Order Date,Customer Note,First Name (Billing),Last Name (Billing),"
    "Address 1&2 (Billing),City (Billing),Postcode (Billing),Country Code (Billing),"
    "Email (Billing),Phone (Billing),First Name (Shipping),Last Name (Shipping),"
    "Address 1&2 (Shipping),City (Shipping),Postcode (Shipping),Country Code (Shipping),"
    "Payment Method Title,Order Total Amount,SKU,Item #,Item Name,Quantity,Item Cost"
)


def export(header: str, rows: list[dict[str, object]], separator: str = ",") -> str:
    """Rows given by column name as the text of an export."""
    names = header.split(separator)
    held = io.StringIO()
    writer = csv.writer(held, delimiter=separator)
    writer.writerow(names)
    for row in rows:
        assert set(row) <= set(names), set(row) - set(names)
        writer.writerow([row.get(name, "") for name in names])
    return held.getvalue()


def shopify(order: str, sku: str, quantity: int = 1, **more: object) -> dict[str, object]:
    return {
        "Name": order,
        "Lineitem sku": sku,
        "Lineitem name": more.pop("title", "Power bank - 10K"),
        "Lineitem quantity": quantity,
        "Lineitem price": "39.00",
        "Created at": "2026-03-02 14:30:00 +0100",
        **{key.replace("_", " "): value for key, value in more.items()},
    }


TOP = {
    "Email": "ana@example.org",
    "Financial Status": "paid",
    "Fulfillment Status": "fulfilled",
    "Fulfilled at": "2026-03-03 09:00:00 +0100",
    "Currency": "EUR",
    "Shipping Name": "Ana Alves",
    "Shipping Address1": "Rua A 1",
    "Shipping City": "Lisboa",
    "Shipping Zip": "'1000-001",
    "Shipping Country": "PT",
    "Source": "web",
}


def test_shopify_is_recognised_and_the_cells_of_an_order_hold_for_all_its_rows(
    bring: Bring,
) -> None:
    rows = [{**shopify("#1001", "VL-10K", 2), **TOP}, shopify("#1001", "VL-20K")]
    outcome = bring(export(SHOPIFY, rows))
    assert (outcome.reading["format"], outcome.reading["source"]) == ("shopify", "shopify")
    first, second = OrderLine.objects.select_related("customer").order_by("pk")
    assert first.customer_id == second.customer_id
    assert second.market == "PT"
    assert second.shipped_at == first.shipped_at is not None
    assert first.customer is not None
    assert first.customer.email == "ana@example.org"
    assert first.order_number == "#1001"
    assert first.currency == second.currency == "EUR"


def test_shopify_lines_without_code_are_known_by_their_title(bring: Bring) -> None:
    rows = [{**shopify("#1", "", title="Lamp"), **TOP}, shopify("#1", "", title="Chair")]
    assert bring(export(SHOPIFY, rows)).imported == 2
    assert set(Product.objects.values_list("code", flat=True)) == {"Lamp", "Chair"}


def test_shopify_cancellations_and_refunds_reduce_what_they_cancel(bring: Bring) -> None:
    unshipped = {"Fulfillment Status": "unfulfilled", "Fulfilled at": ""}
    cases = {
        "#1": ({}, "fulfilled", 2),
        "#2": ({"Cancelled at": "2026-03-04 10:00:00 +0100", **unshipped}, "pending", 0),
        "#3": (
            {"Financial Status": "refunded", "Refunded Amount": "78.00", **unshipped},
            "pending",
            0,
        ),
        # Money back is not the unit back: it may still be in a home.
        "#4": ({"Financial Status": "refunded", "Refunded Amount": "78.00"}, "fulfilled", 2),
        "#5": (
            {"Financial Status": "partially_refunded", "Refunded Amount": "39.00"},
            "fulfilled",
            2,
        ),
        "#6": ({"Financial Status": "refunded"}, "restocked", 0),
    }
    rows = []
    for order, (change, line, _units) in cases.items():
        rows.append(
            {**shopify(order, "A", 2), **TOP, **change, "Lineitem fulfillment status": line}
        )
    bring(export(SHOPIFY, rows))
    assert left() == {f"{order}/A/0": units for order, (_c, _l, units) in cases.items()}


def test_shopify_keeps_all_rows_of_a_cancelled_order_visible_with_zero_units(bring: Bring) -> None:
    top = {**TOP, "Cancelled at": "2026-03-04 10:00:00 +0100"}
    bring(export(SHOPIFY, [{**shopify("#1", "A", 2), **top}, shopify("#1", "B", 1)]))
    assert left() == {"#1/A/0": 0, "#1/B/0": 0}


def test_shopify_order_numbers_starting_with_c_are_sales(bring: Bring) -> None:
    bring(export(SHOPIFY, [{**shopify("C1001", "A", 2), **TOP}]))
    assert OrderLine.objects.get().kind == "sale"


def test_amazon_reports_are_recognised_and_have_no_buyer(bring: Bring) -> None:
    row = {
        "amazon-order-id": "402-8748300-6936363",
        "purchase-date": "2026-03-02T06:43:27+00:00",
        "order-status": "Shipped",
        "sales-channel": "Amazon.de",
        "product-name": '12" pan, the "sharp one',
        "sku": "00-KGZ9",
        "item-status": "Shipped",
        "quantity": 1,
        "ship-country": "DE",
        "ship-city": "Kassel",
    }
    gone = {**row, "amazon-order-id": "402-2", "item-status": "Cancelled", "quantity": 2}
    outcome = bring(export(AMAZON, [row, gone], "\t"), name="orders.txt")
    assert (outcome.reading["format"], outcome.reading["separator"]) == ("amazon", "\t")
    assert left() == {"402-8748300-6936363/00-KGZ9/0": 1, "402-2/00-KGZ9/0": 0}
    assert not Customer.objects.exists()
    assert Product.objects.get().title == '12" pan, the "sharp one'


def test_amazon_unshipped_orders_bring_their_buyers(bring: Bring) -> None:
    row = {
        "order-id": "402-1",
        "order-item-id": "1",
        "purchase-date": "2026-03-02T06:43:27+00:00",
        "buyer-email": "x1@marketplace.example",
        "recipient-name": "Ben Braun",
        "sku": "A",
        "quantity-purchased": 3,
        "ship-address-1": "Mühlweg 3",
        "ship-postal-code": "01067",
        "ship-country": "DE",
    }
    bring(export(UNSHIPPED, [row], "\t"))
    person = Customer.objects.get()
    assert (person.name, person.postcode, person.country) == ("Ben Braun", "01067", "DE")
    assert OrderLine.objects.get().quantity == 3


def test_woocommerce_rows_of_items_with_their_refunds(bring: Bring) -> None:
    row = {
        "order_id": 7,
        "order_number": "7",
        "date": "2026-03-02 14:30:00",
        "status": "completed",
        "billing_email": "ana@example.org",
        "shipping_country": "PT",
        "item_name": "Lamp",
        "item_sku": "L",
        "item_quantity": 3,
    }
    rows = [
        {**row, "item_refunded_qty": -1},
        {**row, "order_number": "8", "status": "wc-cancelled"},
        {**row, "order_number": "9", "item_sku": "", "item_name": "Chair"},
    ]
    outcome = bring(export(WOO_ITEMS, rows))
    assert outcome.reading["format"] == "woocommerce"
    assert left() == {"7/L/0": 2, "8/L/0": 0, "9/Chair/0": 3}


def test_woocommerce_advanced_export_is_recognised(bring: Bring) -> None:
    row = {
        "Order Number": "7",
        "Order Status": "Completed",
        "Order Date": "2026-03-02 14:30",
        "First Name (Billing)": "Ana",
        "Last Name (Billing)": "Alves",
        "Email (Billing)": "ana@example.org",
        "Country Code (Shipping)": "PT",
        "SKU": "L",
        "Item Name": "Lamp",
        "Quantity": 3,
    }
    outcome = bring(
        export(WOO_ADVANCED, [row, {**row, "Order Number": "8", "Order Status": "Failed"}])
    )
    assert outcome.reading["format"] == "woocommerce"
    assert left() == {"7/L/0": 3, "8/L/0": 0}
    assert Customer.objects.get().name == "Ana Alves"


def test_a_table_that_only_resembles_an_export_is_guessed(bring: Bring) -> None:
    outcome = bring("order_id,sku,product_name,purchase_date,qty\n1,A,Lamp,2026-03-02,2\n")
    assert (outcome.reading["format"], left()) == ("csv", {"1/A/0": 2})
