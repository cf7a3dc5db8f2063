"""Events that hold in, rows of the five trace tables out; the mapping is docs/epcis.md."""

from holdfast.kit.epcis.derive.rows import Rows, derive

__all__ = ["Rows", "derive"]
