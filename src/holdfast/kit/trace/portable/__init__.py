"""The trace beyond one machine: a layout any warehouse loads, and one question for all of them."""

from holdfast.kit.trace.portable.asking import Tables, affected_lots, counted, reach
from holdfast.kit.trace.portable.writing import SCHEMAS, write_portable

__all__ = ["SCHEMAS", "Tables", "affected_lots", "counted", "reach", "write_portable"]
