"""What a cancellation takes away, and what it must never touch."""

from __future__ import annotations

import pytest

from holdfast.supply.imports.queries import unmatched_returns
from holdfast.supply.orders.models import CancellationMatch, OrderLine
from tests.supply.imports.conftest import Bring, left

pytestmark = pytest.mark.django_db
HEAD = "order,product,quantity,date,customer\n"


def test_earlier_lines_of_the_same_customer_and_product_are_reduced_newest_first(
    bring: Bring,
) -> None:
    rows = "1,A,5,2026-03-01,X\n2,A,4,2026-03-02,X\n3,A,9,2026-03-09,X\n4,A,9,2026-03-01,Y\n"
    outcome = bring(f"{HEAD}{rows}C5,A,-6,2026-03-05,X\n")
    assert left() == {"1/A/0": 3, "2/A/0": 0, "3/A/0": 9, "4/A/0": 9}
    assert outcome.unmatched_returns == 0
    assert [int(match.quantity) for match in CancellationMatch.objects.order_by("-quantity")] == [
        4,
        2,
    ]


def test_never_below_zero_and_never_another_customer(bring: Bring) -> None:
    outcome = bring(f"{HEAD}1,A,2,2026-03-01,X\n2,A,5,2026-03-01,Y\nC3,A,-7,2026-03-05,X\n")
    assert left() == {"1/A/0": 0, "2/A/0": 5}
    assert outcome.unmatched_returns == 1
    assert [int(line.left) for line in unmatched_returns()] == [5]


def test_a_return_before_the_sale_or_of_an_unknown_customer_reduces_nothing(bring: Bring) -> None:
    outcome = bring(f"{HEAD}C1,A,-1,2026-02-01,X\n2,A,5,2026-03-01,X\nC3,A,-1,2026-03-05,\n")
    assert (left(), outcome.unmatched_returns) == ({"2/A/0": 5}, 2)


def test_a_stock_adjustment_reduces_nothing(bring: Bring) -> None:
    outcome = bring(f"{HEAD}1,A,5,2026-03-01,\n2,A,-5,2026-03-02,\n")
    assert (left(), outcome.unmatched_returns) == ({"1/A/0": 5}, 0)
    assert OrderLine.objects.get(order_number="2").kind == "adjustment"


def test_a_later_import_of_earlier_orders_resolves_an_unmatched_return(bring: Bring) -> None:
    late, early = f"{HEAD}C2,A,-3,2026-03-05,X\n", f"{HEAD}1,A,5,2026-03-01,X\n"
    assert bring(late).unmatched_returns == 1
    bring(early)
    assert left() == {"1/A/0": 2}
    assert not unmatched_returns().exists()
    for text in (late, early):
        before = list(CancellationMatch.objects.values())
        assert bring(text).imported == 0
        assert (left(), list(CancellationMatch.objects.values())) == ({"1/A/0": 2}, before)


def test_codes_match_whatever_their_letter_case(bring: Bring) -> None:
    bring(f"{HEAD}1,85123A,5,2026-03-01,X\nC2,85123a,-5,2026-03-02,X\n")
    assert left() == {"1/85123A/0": 0}


def test_without_dates_the_order_of_the_rows_decides(bring: Bring) -> None:
    bring("order,product,quantity,customer\nC1,A,-1,X\n2,A,5,X\n3,A,4,X\nC4,A,-2,X\n")
    assert left() == {"2/A/0": 5, "3/A/0": 2}


def test_a_cancellation_that_names_its_order_reduces_exactly_that(bring: Bring) -> None:
    head = "order,product,quantity,date,customer,original order\n"
    rows = (
        "1,A,5,2026-03-01,X,\n2,A,4,2026-03-02,X,\n9,A,-3,2026-03-05,X,1\nC8,A,-1,2026-03-06,X,\n"
    )
    bring(head + rows)
    assert left() == {"1/A/0": 2, "2/A/0": 3}


def test_a_correction_of_the_sale_is_seen_by_its_cancellation(bring: Bring) -> None:
    bring(f"{HEAD}1,A,5,2026-03-01,X\nC2,A,-4,2026-03-02,X\n")
    outcome = bring(f"{HEAD}1,A,3,2026-03-01,X\n")
    line = OrderLine.objects.get(order_number="1")
    assert (outcome.merged, line.quantity, line.cancelled) == (1, 3, 3)
    assert [int(one.left) for one in unmatched_returns()] == [1]


def test_a_line_that_changes_its_customer_takes_its_cancellations_back(bring: Bring) -> None:
    bring(f"{HEAD}1,A,5,2026-03-01,X\nC2,A,-4,2026-03-02,X\n")
    bring(f"{HEAD}1,A,5,2026-03-01,Y\n")
    assert left() == {"1/A/0": 5}
    assert unmatched_returns().count() == 1


def test_a_status_that_says_cancelled_leaves_no_unit(bring: Bring) -> None:
    head = "order,product,quantity,status,refunded quantity\n"
    bring(f"{head}1,A,5,Shipped,\n2,A,5,Cancelled,\n3,A,5,storniert,\n4,A,5,shipped,2\n")
    assert left() == {"1/A/0": 5, "2/A/0": 0, "3/A/0": 0, "4/A/0": 3}
