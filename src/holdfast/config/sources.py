"""The authorities whose recalls can be read; each connector declares its own."""

FEED_SOURCES = (
    "holdfast.connectors.openfda.recalls.SOURCE",
    "holdfast.connectors.cpsc.recalls.SOURCE",
    "holdfast.connectors.safety_gate.alerts.SOURCE",
    "holdfast.connectors.rasff.notifications.SOURCE",
)
