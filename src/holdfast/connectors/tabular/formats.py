"""The formats that guess: one a kind, from the words people use."""

from __future__ import annotations

from holdfast.connectors.tabular import words as w
from holdfast.supply.imports.formats import Format

CANCELLED = frozenset(
    {
        "cancelled",
        "canceled",
        "cancelled order",
        "void",
        "voided",
        "storniert",
        "storno",
        "annulé",
        "annulée",
        "annule",
        "cancelado",
        "cancelada",
        "anulado",
        "anulada",
    }
)


def cancels(payment: str, status: str, line_status: str, cancelled_at: str) -> bool:
    """A cancellation date, or a status that says cancelled in one of four languages."""
    return bool(cancelled_at) or status.strip().casefold() in CANCELLED


def _columns(**fields: str) -> dict[str, tuple[str, ...]]:
    return {field: tuple(dict.fromkeys(names.split())) for field, names in fields.items()}


_PERSON = {
    "email": w.EMAIL,
    "name": w.NAME,
    "first_name": w.FIRST_NAME,
    "last_name": w.LAST_NAME,
    "phone": w.PHONE,
    "street": w.STREET,
    "street2": w.STREET2,
    "postcode": w.POSTCODE,
    "city": w.CITY,
    "region": w.REGION,
    "country": w.COUNTRY,
    "language": w.LANGUAGE,
}

ORDERS = Format(
    name="csv",
    kind="orders",
    words="Table of orders",
    how="Any table with an order number, a product code and a quantity in each row.",
    columns=_columns(
        order=w.ORDER,
        product=w.PRODUCT,
        quantity=w.QUANTITY,
        ordered_at=w.ORDERED_AT,
        shipped_at=w.SHIPPED_AT,
        customer=w.CUSTOMER,
        **_PERSON,
        title=w.TITLE,
        variant=w.VARIANT,
        gtin=w.GTIN,
        price=w.PRICE,
        currency=w.CURRENCY,
        channel=w.CHANNEL,
        site=w.SITE,
        lot=w.LOT,
        serial=w.SERIAL,
        container=w.CONTAINER,
        status=w.STATUS,
        cancelled_at=w.CANCELLED_AT,
        refunded_quantity=w.REFUNDED_QUANTITY,
        cancels=w.CANCELS,
    ),
    c_orders=True,
    cancels=cancels,
)
PRODUCTS = Format(
    name="csv",
    kind="products",
    words="Table of products",
    how="Any table with a product code in each row.",
    columns=_columns(
        product=w.PRODUCT,
        title=f"{w.TITLE} name",
        brand=w.BRAND,
        model=w.MODEL,
        variant=w.VARIANT,
        gtin=w.GTIN,
        price=w.PRICE,
        currency=w.CURRENCY,
    ),
)
CUSTOMERS = Format(
    name="csv",
    kind="customers",
    words="Table of customers",
    how="Any table with a customer number or an e-mail address in each row.",
    columns=_columns(customer=f"{w.CUSTOMER} id number", **_PERSON),
)
SUPPLIERS = Format(
    name="csv",
    kind="suppliers",
    words="Table of suppliers",
    how="Any table with a supplier code or name in each row.",
    columns=_columns(
        supplier=w.SUPPLIER,
        name=f"supplier_name {w.NAME}",
        email=w.EMAIL,
        phone=w.PHONE,
        country=w.COUNTRY,
    ),
)
CONSIGNEES = Format(
    name="csv",
    kind="consignees",
    words="Table of consignees",
    how="Any table with the code or name of a distributor or retailer in each row.",
    columns=_columns(
        consignee=w.CONSIGNEE,
        **{**_PERSON, "name": f"consignee_name retailer_name {w.NAME}"},
        level=w.LEVEL,
    ),
)
RECEIPTS = Format(
    name="csv",
    kind="receipts",
    words="Table of receipts",
    how="lot, sku, site, received_at, depleted_at, quantity, supplier; an open end stays empty.",
    columns=_columns(
        lot=w.LOT,
        product=w.PRODUCT,
        site=w.SITE,
        received_at=w.RECEIVED_AT,
        depleted_at=w.DEPLETED_AT,
        quantity=f"{w.QUANTITY} quantity_received received_quantity",
        supplier=w.SUPPLIER.removesuffix(" code id name"),
    ),
)
STOCK = Format(
    name="csv",
    kind="stock",
    words="Table of stock on hand",
    how="sku, site, lot, quantity: what was counted where.",
    columns=_columns(
        product=w.PRODUCT, site=w.SITE, lot=w.LOT, quantity=w.ON_HAND, counted_at=w.COUNTED_AT
    ),
)
INSPECTIONS = Format(
    name="csv",
    kind="inspections",
    words="Table of inspections",
    how="lot, sku, supplier, lot_size, sample, failed, inspected_at; and aql, or a verdict.",
    columns=_columns(
        lot=w.LOT,
        product=w.PRODUCT,
        supplier=w.SUPPLIER,
        site=w.SITE,
        lot_size=w.LOT_SIZE,
        sample=w.SAMPLE,
        failed=w.FAILED,
        aql="aql acceptance_quality_limit annahmegrenze nqa nca",
        level="level inspection_level prufniveau pruefniveau niveau nivel",
        severity="severity inspection_severity prufscharfe pruefschaerfe severite severidad",
        verdict="verdict result disposition decision entscheid ergebnis resultat resultado",
        defects="defects defect findings remarks fehler mangel bemerkung defauts defectos",
        inspected_at=w.INSPECTED_AT,
        inspector="inspector inspected_by checked_by prufer pruefer inspecteur inspector_name",
    ),
)
TESTS = Format(
    name="csv",
    kind="tests",
    words="Table of laboratory tests",
    how="lot, sku, test, limit, value, unit, passed, laboratory, tested_at.",
    columns=_columns(
        lot=w.LOT,
        product=w.PRODUCT,
        supplier=w.SUPPLIER,
        test="test test_name parameter analyte analysis substance prufung pruefung parameter_name "
        "untersuchung essai analyse ensayo analisis",
        method="method test_method standard norm methode methode_d_essai metodo",
        limit="limit specification spec max_limit grenzwert sollwert limite",
        value="value result measured found wert messwert ergebnis valeur resultat valor resultado",
        unit="unit units uom einheit unite unidad",
        passed="passed pass pass_fail conform compliant verdict bestanden konform conforme",
        laboratory="laboratory lab lab_name labor prufinstitut laboratoire laboratorio",
        report="report report_no report_number certificate prufbericht rapport informe",
        tested_at=w.TESTED_AT,
    ),
)
