"""From a product: rows of lots that no receipt tells of are counted and said, never cleared."""

from __future__ import annotations

import itertools
from pathlib import Path

from hypothesis import given, settings

from holdfast.kit.trace.answers import forward_answer
from holdfast.kit.trace.engine import Trace
from tests.kit.trace.worlds import micros, trace_of, when, worlds
from tests.plugins.chance import examples

NUMBER = itertools.count()


def row(line: str, sku: str, lot: str, hour: int) -> dict[str, object]:
    return {
        "line": line, "order": line, "customer": "Ada", "sku": sku, "lot": lot, "container": "",
        "site": "A", "shipped_at": when(hour), "quantity": 1,
    }  # fmt: skip


def told(trace: Trace, key: str, at: int | None = None) -> dict[str, int]:
    found = trace.resolve(key)
    reach = trace.forward_from(found, at=at)
    return {
        str(flag["code"]): int(flag["count"])
        for flag in forward_answer(found, reach, milliseconds=0)["flags"]
    }


def test_rows_of_lots_that_nobody_received_are_counted_as_they_were_shipped(tmp_path: Path) -> None:
    received = {
        "lot": "L1", "sku": "SOUP", "site": "A", "received_at": when(2), "depleted_at": None,
        "quantity": None, "supplier": "ACME",
    }  # fmt: skip
    trace = trace_of(
        {
            "receipts": [received],
            "order_lines": [
                row("known", "SOUP", "L1", 3),
                row("named 1", "SOUP", "L2", 4),
                row("named 2", "SOUP", "L2", 6),
                row("nothing", "SOUP", "", 7),
                row("bread 1", "BREAD", "", 3),
                row("bread 2", "BREAD", "L9", 5),
                row("bread 3", "BREAD", "L1", 5),
            ],
        },
        tmp_path / "generation",
    )
    assert told(trace, "sku:SOUP") == {"product_not_followed": 2}
    assert told(trace, "sku:SOUP", micros(when(5))) == {"product_not_followed": 1}
    # L1 is soup by its receipt, so the bread that names it is a matter of the soup.
    assert told(trace, "sku:BREAD") == {"no_lot_known": 0, "product_not_followed": 2}
    assert told(trace, "sku:BREAD", micros(when(4))) == {
        "no_lot_known": 0,
        "product_not_followed": 1,
    }
    assert told(trace, "supplier:ACME") == {}
    assert told(trace, "lot:L2") == {}


@settings(max_examples=examples(6), deadline=None)
@given(rows=worlds())
def test_the_count_is_that_of_the_raw_rows(tmp_path_factory, rows) -> None:
    trace = trace_of(rows, tmp_path_factory.mktemp("worlds") / f"g{next(NUMBER)}")
    received = {one["lot"] for one in rows["receipts"]}
    for sku in sorted({one["sku"] for one in rows["order_lines"]}):
        reach = trace.forward_from(trace.resolve(f"sku:{sku}"))
        reached = set(reach.lot_names())
        wanted = sum(
            one["sku"] == sku
            and (one["lot"] not in received | reached if one["lot"] else not reached)
            for one in rows["order_lines"]
        )
        assert told(trace, f"sku:{sku}").get("product_not_followed", 0) == wanted
