"""The log of trace events: what was recorded, and when we came to know it."""

from holdfast.kit.trace.log.manifest import Corrections, Manifest, Segment
from holdfast.kit.trace.log.store import Accounting, Counts, Log

__all__ = ["Accounting", "Corrections", "Counts", "Log", "Manifest", "Segment"]
