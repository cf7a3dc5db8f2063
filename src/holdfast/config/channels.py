"""Which adapter carries which channel; a drill has none, so it cannot send."""

from holdfast.config.home import is_drill

CHANNELS: dict[str, str] = (
    {} if is_drill() else {"email": "holdfast.connectors.smtp.carrier.SmtpCarrier"}
)
