"""The RAPEX guideline method of 2019: as far as we recall the same grid, with its own standing."""

from __future__ import annotations

from collections.abc import Sequence

from holdfast.kit.risk import eu_grid
from holdfast.kit.risk.product import ProductRisk, assess_product
from holdfast.kit.risk.scenario import Scenario
from holdfast.kit.risk.source import Source

METHOD = "eu_rapex_2019_417"
SOURCE = Source(
    "Implementing Decision (EU) 2019/417, Part III and Appendix 6",
    (
        "https://www.legislation.gov.uk/eudn/2019/417",
        "http://www.legislation.gov.uk/eudn/2010/15/annex/part/IV/division/6/adopted",
    ),
    "recalled",
    status="superseded for notifications by Delegated Regulation (EU) 2024/3173; still named in "
    "Regulation (EU) 2023/988 Art 18(3)(a)",
    confidence_note="The grid is taken to be that of 2024/3173; the cells of 2019/417 were not "
    "opened.",
    conventions=eu_grid.CONVENTIONS,
)


def assess_by_rapex(scenarios: Sequence[Scenario]) -> ProductRisk:
    """As `assess_product`; what it presumed to be serious is not known here, so nothing is."""
    return assess_product(scenarios, method=METHOD, source=SOURCE)
