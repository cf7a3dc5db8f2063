"""Writes of the traceability room."""

from holdfast.supply.traceability.actions.receiving import record_receipt

__all__ = ["record_receipt"]
