"""What a line is told about its lots says whether they are affected."""

from __future__ import annotations

from datetime import date

import pytest

from holdfast.kit.trace.reasons import reason
from holdfast.kit.trace.values import Certainty, Verdict


@pytest.mark.parametrize(
    ("rule", "lots", "end"),
    [
        ("window_none", ("B14",), "lot B14 was in stock then, and it is not affected."),
        ("window_none", ("B14", "B15"), "were in stock then, and none of them is affected."),
        ("container_none", ("B14",), "lot B14 was in the container then, and it is not affected."),
        ("window_all", ("B17",), "only lot B17 was in stock then, and it is affected."),
        ("window_all", ("B17", "B18"), "were in stock then, and all of them are affected."),
    ],
)
def test_lots_that_are_not_affected_are_said_to_be_not(
    rule: str, lots: tuple[str, ...], end: str
) -> None:
    verdict = Verdict(Certainty.EXCLUDED, rule, lots=lots)
    said = reason(verdict, lot="", sku="VL", site="Lyon", day=date(2026, 3, 1))
    assert said.startswith("Shipped 1 Mar 2026 from Lyon; ")
    assert said.endswith(end)
