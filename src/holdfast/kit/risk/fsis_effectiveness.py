"""FSIS effectiveness checks: who makes them is known, how many is not."""

from __future__ import annotations

from holdfast.kit.risk.source import Source

METHOD = "fsis_effectiveness_checks"
SOURCE = Source(
    "FSIS Directive 8080.1 Rev. 8, Attachment 1",
    (
        "https://www.fsis.usda.gov/policy/fsis-directives/8080.1",
        "https://foodcompliance.com/Government_Connection/Label_Regulations/regulation.jsp?R=2710",
    ),
    "unknown",
    confidence_note="That tables 2 to 5 give the number by class and by number of consignees was "
    "read; their cells were not obtained.",
)
SENTENCE = (
    "Unknown: FSIS reads the number from tables 2 to 5 of Attachment 1, whose cells we do not "
    "have. FSIS makes these checks itself, on a shuffled list of consignees without duplicates."
)


def answer() -> dict[str, object]:
    """What can be said; no number is made up."""
    return {
        "method": METHOD,
        **SOURCE.as_json(),
        "answer": None,
        "sentence": SENTENCE,
        "tables": {
            "2": "class I with illness, an outbreak or distribution to schools",
            "3": None,
            "4": None,
            "5": None,
        },
    }
