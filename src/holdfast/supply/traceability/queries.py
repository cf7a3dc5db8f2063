"""Reads of the traceability room: where the log of trace events lies, and what is in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings

from holdfast.kit.epcis.store import EventStore
from holdfast.kit.trace.log import Log


def trace_folder() -> Path:
    """The folder of the home that holds all there is to the trace, wherever the tables are."""
    return Path(settings.HOME) / "trace"


def trace_log() -> Log:
    """The log of trace events of this instance."""
    return Log(trace_folder())


def epcis_store() -> EventStore:
    """The EPCIS events of this instance, as they were captured."""
    return EventStore(trace_folder() / "epcis")


def trace_facts() -> dict[str, Any]:
    """What the doctor says of the trace: events that hold, files, and the digest of both."""
    manifest = trace_log().manifest()
    return {
        "events": manifest.events,
        "segments": len(manifest.live()),
        "generation": manifest.generation,
        "input_digest": manifest.input_digest,
    }
