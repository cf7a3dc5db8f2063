"""Rows of product, customer, supplier, consignee, receipt and stock files, ready to store."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal

from holdfast.kit.tables import country_code, tidy_identifier
from holdfast.supply.catalog.rules import code_key, is_pseudo
from holdfast.supply.imports.cells import (
    Fault,
    Readers,
    Rejects,
    clean_rows,
    picker,
    too_long,
)
from holdfast.supply.imports.fields import CONTACT, FIELDS
from holdfast.supply.imports.people import person_row
from holdfast.supply.imports.reading import Reading

GTIN = re.compile(r"^\d{8}$|^\d{12,14}$")
MANGLED = re.compile(r"^\d[.,]\d+[eE]\+?\d+$")
Cells = dict[str, str]


def thing_rows(reading: Reading, reject: Rejects) -> Iterator[tuple[object, ...]]:
    """One tuple a sound row, its line number first; the columns are those of the kind below."""
    make: Callable[[Reading, Readers, Cells], tuple[object, ...]] = MAKERS[reading.kind]
    names = FIELDS[reading.kind]
    pick, extra = picker(reading, names)
    readers = Readers(reading)
    places = reading.places
    form = reading.columns.format
    carried = [places[name] for name in form.carried if name in places]
    group = places.get("handle", -1)
    top: list[str] = []
    for line, row in clean_rows(reading, reject):
        if carried and group >= 0:
            if top and row[group] == top[group]:
                for at in carried:
                    row[at] = row[at] or top[at]
            else:
                top = list(row)
        if form.name == "shopify" and reading.kind == "products" and _is_picture(reading, row):
            reject(line, reading.columns.columns.get("product", ""), "only a picture", row)
            continue
        row.extend(extra)
        cells = dict(zip(names, pick(row), strict=True))
        try:
            yield (line, *make(reading, readers, cells))
        except Fault as fault:
            del row[len(reading.table.columns) :]
            reject(line, reading.columns.columns.get(fault.name, fault.name), fault.reason, row)


def _is_picture(reading: Reading, row: list[str]) -> bool:
    """A row of Shopify's product export that only adds a picture to the product above."""
    at = [
        reading.places[name] for name in ("product", "variant", "price") if name in reading.places
    ]
    return not any(row[i] for i in at)


def _identifier(cells: Cells, name: str, words: str) -> str:
    text = tidy_identifier(cells[name])
    if not text:
        raise Fault(name, f"no {words}")
    too_long(name, text)
    return text


def _product(reading: Reading, readers: Readers, cells: Cells) -> tuple[object, ...]:
    code = tidy_identifier(cells["product"])
    if not code and cells.get("handle"):
        # A shop without codes: the address of the product page names it, with its variant.
        code = "/".join(part for part in (cells["handle"], cells["variant"]) if part)[:200]
        code = code.removesuffix("/Default Title")
    if not code:
        raise Fault("product", "no product code")
    too_long("product", code)
    title = cells["title"].strip()
    gtin = cells["gtin"].strip().lstrip("'")
    if MANGLED.match(gtin):
        raise Fault("gtin", f"digits were lost by a spreadsheet: {gtin!r}")
    kind = cells["kind"].strip().lower()
    if kind not in ("product", "pseudo"):
        kind = "pseudo" if is_pseudo(code, title) else "product"
    price = readers.amount(cells["price"], "price", 4)
    return (
        code,
        code_key(code),
        title[:300],
        cells["brand"].strip()[:200],
        cells["model"].strip()[:200],
        cells["variant"].strip()[:200],
        gtin if GTIN.match(gtin) else "",
        kind,
        None if price is None else f"{round(price[0], 2):f}",
        cells["currency"].strip().upper()[:3],
    )


def _customer(reading: Reading, readers: Readers, cells: Cells) -> tuple[object, ...]:
    contact = [cells[name] for name in CONTACT]
    contact[CONTACT.index("country")] = country_code(cells["country"])
    email = cells["email"].strip()
    if email and ("@" not in email or " " in email):
        raise Fault("email", f"not an e-mail address: {email[:60]!r}")
    person = person_row(reading.source, cells["customer"], tuple(contact))
    if person is None:
        raise Fault("customer", "no customer number, e-mail address, phone number or name")
    return person


def _supplier(reading: Reading, readers: Readers, cells: Cells) -> tuple[object, ...]:
    return (
        _identifier(cells, "supplier", "supplier code"),
        cells["name"].strip()[:200],
        _email(cells),
        cells["phone"].strip()[:64],
        country_code(cells["country"]),
    )


def _consignee(reading: Reading, readers: Readers, cells: Cells) -> tuple[object, ...]:
    names = ("street", "street2", "postcode", "city", "region")
    name = cells["name"].strip() or f"{cells['first_name']} {cells['last_name']}".strip()
    level = cells["level"].strip().lower()
    is_wholesale = any(word in level for word in ("distrib", "whole", "gross", "mayor"))
    return (
        _identifier(cells, "consignee", "code of the consignee"),
        name[:200],
        "distributor" if is_wholesale else "retailer",
        _email(cells),
        cells["phone"].strip()[:64],
        "\n".join(cells[one].strip() for one in names if cells[one].strip()),
        country_code(cells["country"]),
        cells["language"].strip()[:12],
    )


def _email(cells: Cells) -> str:
    email = cells["email"].strip()
    if email and ("@" not in email or " " in email):
        raise Fault("email", f"not an e-mail address: {email[:60]!r}")
    too_long("email", email)
    return email


def _receipt(reading: Reading, readers: Readers, cells: Cells) -> tuple[object, ...]:
    lot = _identifier(cells, "lot", "lot")
    code = _identifier(cells, "product", "product code")
    site, supplier = cells["site"].strip(), tidy_identifier(cells["supplier"])
    too_long("site", site)
    too_long("supplier", supplier)
    # Nobody wrote it down: the trace then counts lots instead of units.
    found = readers.amount(cells["quantity"], "quantity", 3)
    quantity = None if found is None else f"{found[0]:f}"
    if found is not None and found[0] < 0:
        raise Fault("quantity", f"a receipt of {quantity} units")
    received = readers.moment(cells["received_at"], "received_at")
    depleted = readers.moment(cells["depleted_at"], "depleted_at")
    if received and depleted and depleted < received:
        raise Fault("depleted_at", "used up before it was received")
    return (lot, code, code_key(code), site, received, depleted, quantity, supplier)


def _stock(reading: Reading, readers: Readers, cells: Cells) -> tuple[object, ...]:
    code = _identifier(cells, "product", "product code")
    site, lot = cells["site"].strip(), tidy_identifier(cells["lot"])
    too_long("site", site)
    too_long("lot", lot)
    quantity = _quantity(readers, cells)
    counted = readers.moment(cells["counted_at"], "counted_at")
    return (code, code_key(code), site, lot, f"{quantity:f}", counted)


def _quantity(readers: Readers, cells: Cells) -> Decimal:
    found = readers.amount(cells["quantity"], "quantity", 3)
    if found is None:
        raise Fault("quantity", "no quantity")
    return found[0]


MAKERS: dict[str, Callable[[Reading, Readers, Cells], tuple[object, ...]]] = {
    "products": _product,
    "customers": _customer,
    "suppliers": _supplier,
    "consignees": _consignee,
    "receipts": _receipt,
    "stock": _stock,
}
