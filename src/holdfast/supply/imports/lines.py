"""Rows of an order file as lines ready to store; what cannot be a line is rejected with why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import blake2b

from holdfast.kit.tables import country_code, tidy_identifier
from holdfast.supply.catalog.rules import code_key, is_pseudo
from holdfast.supply.imports.cells import (
    REMEMBERED,
    Fault,
    Readers,
    Rejects,
    clean_rows,
    picker,
    shown,
    too_long,
)
from holdfast.supply.imports.fields import ADDRESS, CONTACT, FIELDS, squeezed
from holdfast.supply.imports.people import merged_person, person_row
from holdfast.supply.imports.reading import Reading
from holdfast.supply.orders.rules import line_kind

# The columns of a staged line, in the order `order_lines` yields them.
STAGED = (
    "line",
    "order_number",
    "sku",
    "p",
    "position",
    "kind",
    "c",
    "quantity",
    "cancelled",
    "ordered_at",
    "shipped_at",
    "moved_at",
    "country",
    "market",
    "language",
    "unit_price",
    "currency",
    "channel",
    "site",
    "lot",
    "serial",
    "container",
    "refers_to",
    "fingerprint",
)


@dataclass
class Found:
    """What the lines refer to, each once: products and customers by running number."""

    products: list[list[object]] = field(default_factory=list)
    customers: list[tuple[object, ...]] = field(default_factory=list)
    scattered: set[str] = field(default_factory=set)
    # Numbers that a sound line refers to: a rejected row leaves no product and no customer behind.
    sold: set[int] = field(default_factory=set)
    bought: set[int | None] = field(default_factory=set)


def order_lines(reading: Reading, found: Found, reject: Rejects) -> Iterator[tuple[object, ...]]:
    """Staged lines of an order file, filling `found` on the way."""
    lines = _OrderLines(reading, found)
    column = reading.columns.columns
    for line, row in lines.rows(reject):
        try:
            yield lines.staged(line, row)
        except Fault as fault:
            del row[len(reading.table.columns) :]
            reject(line, column.get(fault.name, fault.name), fault.reason, row)


class _OrderLines:
    def __init__(self, reading: Reading, found: Found) -> None:
        self.reading, self.found = reading, found
        self.form = reading.columns.format
        self.read = Readers(reading)
        self.pick, self.extra = picker(reading, FIELDS["orders"])
        self.products: dict[str, int] = {}
        self.spelled: dict[str, int] = {}
        self.people: dict[object, int | None] = {}
        self.keys: dict[str, int] = {}
        self.told_at: list[str] = []
        self.places: dict[str, tuple[str, str]] = {"": ("", "")}
        # What a line says depends on its cells and on how they are read: both make its mark.
        how = (reading.columns.as_json(), reading.styles, str(reading.zone))
        self.key = blake2b(repr(how).encode(), digest_size=32).digest()
        self.untitled: set[int] = set()
        self.order = ""
        self.counts: dict[int, int] = {}
        self.ended: set[str] = set()
        self.simple = not reading.has(*[name for name in CONTACT if name != "country"])
        self.can_cancel = reading.has("payment", "status", "line_status", "cancelled_at")
        self.cancel_cache: dict[tuple[str, str, str, str], bool] = {}

    def rows(self, reject: Rejects) -> Iterator[tuple[int, list[str]]]:
        """Clean rows with the fixed values appended and order cells carried down."""
        extra = self.extra
        carried = self._carried_places()
        singles, address = self._stand_ins()
        if not (carried or singles or address):
            for line, row in clean_rows(self.reading, reject):
                row.extend(extra)
                yield line, row
            return
        at = self.reading.places["order"]
        first: dict[str, list[str]] = {}
        for line, row in clean_rows(self.reading, reject):
            order = row[at].strip()
            for place, other in singles:
                if not row[place]:
                    row[place] = row[other]
            if address and not any(row[place] for place, _ in address):
                for place, other in address:
                    row[place] = row[other]
            top = first.get(order)
            if top is None:
                if len(first) > REMEMBERED:
                    first.clear()
                first[order] = [row[i] for i in carried]
            elif not any(row[i] for i in self._order_only):
                for i, text in zip(carried, top, strict=True):
                    if not row[i]:
                        row[i] = text
            row.extend(extra)
            yield line, row

    def _stand_ins(self) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
        """`(place, place of the stand-in)` of single cells, and of the address as one thing."""
        by_name = {squeezed(c): at for at, c in enumerate(self.reading.table.columns)}
        singles: list[tuple[int, int]] = []
        address: list[tuple[int, int]] = []
        for name, others in self.form.instead.items():
            place = self.reading.places.get(name)
            other = next((by_name[squeezed(o)] for o in others if squeezed(o) in by_name), None)
            if place is None or other is None or place == other:
                continue
            (address if name in ADDRESS else singles).append((place, other))
        return singles, address

    def _carried_places(self) -> list[int]:
        places = self.reading.places
        carried = [places[name] for name in self.form.carried if name in places]
        # A row that repeats its order's state is a row of its own, not a continuation.
        keys = ("status", "payment", "currency", "cancelled_at")
        self._order_only = [places[n] for n in keys if n in self.form.carried and n in places]
        return carried if "order" in places else []

    def staged(self, line: int, row: list[str]) -> tuple[object, ...]:
        """One row as a staged line. Raises `Fault`."""
        (
            order, product, quantity, ordered, shipped, customer, email, name, first, last, phone,
            street, street2, postcode, city, region, country, language, title, variant, gtin, price,
            currency, channel, site, lot, serial, container, status, payment, line_status,
            cancelled_at, refunded, cancels, kind,
        ) = self.pick(row)  # fmt: skip
        order = order.strip()
        if not order:
            raise Fault("order", "no order number")
        if "." in order:
            order = tidy_identifier(order)
        if len(order) > 120:
            too_long("order", order)
        p = self.spelled.get(product)
        if p is None:
            p = self._product(product, title, variant, gtin)
        amount = self.read.amount(quantity, "quantity", 3)
        if amount is None:
            raise Fault("quantity", "no quantity")
        units, plain = amount
        ordered_at = self.read.moment(ordered, "ordered_at")
        shipped_at = self.read.moment(shipped, "shipped_at")
        place = self.places.get(country)
        if place is None:
            place = self._place(country)
        if self.simple:
            c = self.people.get(customer, -1)
            if c == -1:
                c = self._person(customer, ("",) * len(CONTACT), ordered_at)
        else:
            contact = (email, name, first, last, phone, street, street2, postcode, city, region)
            who = (customer, *contact, place[1], language)
            c = self.people.get(who, -1)
            if c == -1:
                c = self._person(customer, (*contact, place[1], language), ordered_at, who)
        if not kind:
            if units >= 0 and order[0] not in "Cc":
                kind = "sale"
            else:
                kind = line_kind(
                    order,
                    units,
                    known_customer=c is not None or bool(cancels.strip()),
                    c_orders=self.form.c_orders,
                )
        elif kind not in ("sale", "cancellation", "adjustment"):
            raise Fault("kind", f"not sale, cancellation or adjustment: {shown(kind)}")
        if units > 0 and kind == "cancellation":
            plain = f"-{plain}"
        cancelled = "0"
        if kind == "sale":
            if refunded:
                taken = self.read.amount(refunded, "refunded_quantity", 3)
                cancelled = f"{min(abs(taken[0]), units):f}" if taken else "0"
            if self.can_cancel and self._cancelled(payment, status, line_status, cancelled_at):
                cancelled = plain
        if title and kind != "adjustment" and p in self.untitled:
            self._title(p, title)
        unit_price = self.read.price(price)
        if lot or serial or site or container or cancels:
            lot, serial, site = tidy_identifier(lot), serial.strip(), site.strip()
            container, cancels = container.strip(), cancels.strip()
            for field_name, text in (
                ("lot", lot), ("serial", serial), ("site", site), ("container", container),
                ("cancels", cancels),
            ):  # fmt: skip
                too_long(field_name, text)
        if order != self.order:
            self._next_order(order)
        position = self.counts.get(p, 0)
        self.counts[p] = position + 1
        self.found.sold.add(p)
        self.found.bought.add(c)
        sku = product.strip() or str(self.found.products[p][0])
        mark = blake2b("\x1f".join(row).encode(), digest_size=8, key=self.key)
        return (
            line, order, sku, p, position, kind, c, plain, cancelled, ordered_at, shipped_at,
            shipped_at or ordered_at, place[0], place[1], language.strip()[:12], unit_price,
            currency.strip()[:3].upper(), channel.strip()[:40], site, lot, serial, container,
            cancels, int.from_bytes(mark.digest(), "big", signed=True),
        )  # fmt: skip

    def _next_order(self, order: str) -> None:
        self.ended.add(self.order)
        if order in self.ended:
            self.found.scattered.add(order)
        self.order, self.counts = order, {}

    def _cancelled(self, payment: str, status: str, line_status: str, at: str) -> bool:
        state = (payment, status, line_status, at)
        known = self.cancel_cache.get(state)
        if known is None:
            if len(self.cancel_cache) > 10_000:
                self.cancel_cache.clear()
            known = self.cancel_cache[state] = self.form.cancels(
                payment.strip(), status.strip(), line_status.strip(), at.strip()
            )
        return known

    def _place(self, country: str) -> tuple[str, str]:
        text = country.strip()
        too_long("country", text)
        place = (text, country_code(text))
        if len(self.places) < REMEMBERED:
            self.places[country] = place
        return place

    # -- products --------------------------------------------------------------------------

    def _product(self, product: str, title: str, variant: str, gtin: str) -> int:
        code = tidy_identifier(product)
        if not code and self.form.product_from_title:
            code = title.strip()[:200]
        if not code:
            raise Fault("product", "no product code")
        too_long("product", code)
        key = code_key(code)
        p = self.products.get(key)
        if p is None:
            p = len(self.found.products)
            self.products[key] = p
            digits = gtin.strip() if gtin.strip().isdigit() and len(gtin.strip()) <= 14 else ""
            kind = "pseudo" if is_pseudo(code, "") else "product"
            self.untitled.add(p)
            self.found.products.append([code, key, "", variant.strip()[:200], digits, kind])
        # A line without code is known by its title, so its empty code must not be remembered.
        if product.strip() and len(self.spelled) < 2_000_000:
            self.spelled[product] = p
        return p

    def _title(self, p: int, title: str) -> None:
        """The title of the first line that was sold: stock corrections are called “damaged”."""
        title = title.strip()
        if not title:
            return
        product = self.found.products[p]
        self.untitled.discard(p)
        product[2] = title[:300]
        if is_pseudo(str(product[0]), title):
            product[5] = "pseudo"

    # -- customers -------------------------------------------------------------------------

    def _person(
        self,
        customer: str,
        contact: tuple[str, ...],
        ordered_at: str | None,
        who: object | None = None,
    ) -> int | None:
        person = person_row(self.reading.people, customer, contact)
        number = None if person is None else self._known(person, ordered_at or "")
        if len(self.people) > 2_000_000:
            self.people.clear()
        self.people[customer if who is None else who] = number
        return number

    def _known(self, person: tuple[object, ...], ordered_at: str) -> int:
        """The number of this person; what the newest order says of them goes first."""
        key = str(person[0])
        people = self.found.customers
        number = self.keys.get(key)
        if number is None:
            number = self.keys[key] = len(people)
            people.append(person)
            self.told_at.append(ordered_at)
        elif ordered_at > self.told_at[number]:
            people[number] = merged_person(person, people[number])
            self.told_at[number] = ordered_at
        else:
            people[number] = merged_person(people[number], person)
        return number
