"""Cancellations as a pure rule: what is taken adds up, whatever the rows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.supply.catalog.rules import is_pseudo
from holdfast.supply.orders.rules import Entry, line_kind, set_against

pytestmark = pytest.mark.once
START = datetime(2026, 3, 1, tzinfo=UTC)

ROW = st.tuples(
    st.booleans(),
    st.one_of(st.none(), st.integers(0, 6)),
    st.sampled_from(["1", "2", "3"]),
    st.one_of(st.none(), st.integers(1, 3)),
    st.integers(0, 5),
    st.sampled_from(["", "", "", "1", "2"]),
)


def entries(rows: list[tuple]) -> list[Entry]:  # type: ignore[type-arg]
    return [
        Entry(
            id=number,
            is_sale=is_sale,
            at=None if day is None else START + timedelta(days=day),
            order=order,
            customer=customer,
            left=Decimal(units),
            refers_to="" if is_sale else refers_to,
        )
        for number, (is_sale, day, order, customer, units, refers_to) in enumerate(rows)
    ]


@given(st.lists(ROW, max_size=14))
def test_nothing_is_taken_twice_from_nobody_else_and_never_below_zero(rows: list) -> None:  # type: ignore[type-arg]
    before = {one.id: one for one in entries(rows)}
    matches = set_against(entries(rows))
    for one in before.values():
        taken = sum(q for c, s, q in matches if one.id in (c, s))
        assert 0 <= taken <= one.left
    for cancellation, sale, quantity in matches:
        take, from_ = before[cancellation], before[sale]
        assert quantity > 0
        assert from_.is_sale
        assert not take.is_sale
        if take.refers_to:
            assert from_.order == take.refers_to
            assert None in (take.customer, from_.customer) or take.customer == from_.customer
        else:
            assert take.customer == from_.customer is not None
            if take.at and from_.at:
                assert from_.at <= take.at


@given(st.permutations(range(8)))
def test_the_order_of_the_rows_does_not_matter_where_times_differ(order: list[int]) -> None:
    rows = [(n % 3 != 2, n, str(n), 1, 2 + n % 3, "") for n in range(8)]
    plain = set_against(entries(rows))
    shuffled = entries(rows)
    assert set_against([shuffled[n] for n in order]) == plain


@pytest.mark.parametrize(
    ("order", "quantity", "known", "kind"),
    [
        ("536365", 6, True, "sale"),
        ("C536379", -1, True, "cancellation"),
        ("C536379", -1, False, "cancellation"),
        ("C-17", 1, True, "cancellation"),
        ("536589", -10, False, "adjustment"),
        ("536589", -10, True, "cancellation"),
        ("CA-2016-152156", 3, True, "sale"),
        ("Corner-7", 3, False, "sale"),
    ],
)
def test_kinds_of_lines(order: str, quantity: int, known: bool, kind: str) -> None:
    assert line_kind(order, quantity, known_customer=known, c_orders=True) == kind


def test_in_a_shop_that_says_what_it_cancels_a_c_is_a_letter() -> None:
    assert line_kind("C1001", 3, known_customer=True, c_orders=False) == "sale"


@pytest.mark.parametrize(
    ("code", "title", "pseudo"),
    [
        ("POST", "", True),
        ("DOT", "DOTCOM POSTAGE", True),
        ("M", "Manual", True),
        ("m", "", False),
        ("D", "Discount", True),
        ("B", "Adjust bad debt", True),
        ("X-1", "Versandkosten", True),
        ("X-2", "Frais de port", True),
        ("X-3", "Gastos de envío", True),
        ("X-4", "Standard shipping 4,90 €", True),
        ("X-5", "Gift voucher £20", True),
        ("X-6", "Geschenkkarte", True),
        ("22666", "POSTAGE STAMP MUG", False),
        ("22667", "Shipping container toy", False),
        ("22668", "TIP TOP TEAPOT", False),
        ("VL-10K", "Power bank", False),
        ("SHIP-IN-BOTTLE", "Ship in a bottle", False),
    ],
)
def test_what_is_no_product_is_known_and_a_product_is_not_mistaken(
    code: str, title: str, pseudo: bool
) -> None:
    assert is_pseudo(code, title) is pseudo


def test_a_reference_to_another_customers_order_takes_nothing_from_them() -> None:
    rows = [(True, 0, "5", 2, 2, ""), (False, 4, "C6", 1, 1, "5")]
    assert set_against(entries(rows)) == []
    by_nobody = [rows[0], (False, 4, "C6", None, 1, "5")]
    assert [str(units) for _, _, units in set_against(entries(by_nobody))] == ["1"]
