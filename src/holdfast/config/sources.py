"""The authorities whose recalls can be read; each connector declares its own."""

FEED_SOURCES = (
    "holdfast.connectors.openfda.recalls.SOURCE",
    "holdfast.connectors.cpsc.recalls.SOURCE",
    "holdfast.connectors.fda_ires.recalls.SOURCE",
    "holdfast.connectors.fsis.recalls.SOURCE",
    "holdfast.connectors.nhtsa.recalls.SOURCE",
    "holdfast.connectors.health_canada.recalls.SOURCE",
    "holdfast.connectors.opss.alerts.SOURCE",
    "holdfast.connectors.fsa.alerts.SOURCE",
    "holdfast.connectors.accc.recalls.SOURCE",
    "holdfast.connectors.safety_gate.alerts.SOURCE",
    "holdfast.connectors.rasff.notifications.SOURCE",
    "holdfast.connectors.syndication.feeds.SOURCE",
    "holdfast.connectors.cap.alerts.SOURCE",
    "holdfast.connectors.tabular.announcements.SOURCE",
)
