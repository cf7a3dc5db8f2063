"""The UK's PRISM: its levels and inputs are known, the cells of its grid are not."""

from __future__ import annotations

from holdfast.kit.risk.source import Source

METHOD = "uk_opss_prism"
SOURCE = Source(
    "OPSS Product Safety Risk Assessment Methodology (PRISM), version 2, October 2024",
    ("https://www.gov.uk/guidance/product-safety-risk-assessment-methodology-prism",),
    "recalled",
    status="non-statutory; for authorities in Great Britain",
    confidence_note="gov.uk says that it reflects the risk matrix of the EU's Safety Gate, and "
    "that a presumption of serious risk is no exemption from an assessment there. The guide with "
    "its cells was not opened.",
)
LEVELS = ("low", "medium", "high", "serious")
INPUTS = (
    "severity of harm, four levels",
    "probability of harm, in bands",
    "number of products and exposure",
    "uncertainty, as a step of its own",
    "tolerability of the risk, as a step of its own",
)
SENTENCE = (
    "Unknown: the cells of the PRISM grid were not opened, so no level is given. gov.uk says that "
    "it reflects the EU's matrix: assess by eu_safety_gate_risk_grid and say so, or open the guide."
)


def answer() -> dict[str, object]:
    """What can be said: the source, the inputs, and that the level is unknown."""
    return {
        "method": METHOD,
        **SOURCE.as_json(),
        "answer": None,
        "sentence": SENTENCE,
        "levels": list(LEVELS),
        "inputs": list(INPUTS),
    }
