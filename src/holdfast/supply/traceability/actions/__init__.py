"""Writes of the traceability room."""

from holdfast.supply.traceability.actions.epcis import import_epcis
from holdfast.supply.traceability.actions.feeding import feed_shop
from holdfast.supply.traceability.actions.importing import import_events
from holdfast.supply.traceability.actions.publishing import publish_trace
from holdfast.supply.traceability.actions.receiving import record_receipt

__all__ = ["feed_shop", "import_epcis", "import_events", "publish_trace", "record_receipt"]
