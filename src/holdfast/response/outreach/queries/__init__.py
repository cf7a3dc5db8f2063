"""Reads of outreach."""

from holdfast.response.outreach.queries.gates import NOT_LOOKED_AT, look_at_gates, versions
from holdfast.response.outreach.queries.people import (
    UNREACHED_COLUMNS,
    Owner,
    Reach,
    Unreached,
    WaveResult,
    answered,
    owners,
    reach,
    released_texts,
    sent_by_law,
    speakers,
    unreachable,
    unreachable_rows,
    wave_results,
    waves,
)

__all__ = [
    "NOT_LOOKED_AT",
    "UNREACHED_COLUMNS",
    "Owner",
    "Reach",
    "Unreached",
    "WaveResult",
    "answered",
    "look_at_gates",
    "owners",
    "reach",
    "released_texts",
    "sent_by_law",
    "speakers",
    "unreachable",
    "unreachable_rows",
    "versions",
    "wave_results",
    "waves",
]
