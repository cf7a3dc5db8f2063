"""Events that hold in, rows of the five trace tables out; the mapping is docs/epcis.md."""

from holdfast.kit.epcis.derive.rows import TABLES, Rows, derive

__all__ = ["TABLES", "Rows", "derive"]
