"""EPCIS 1.2 and 2.0: reads the five event types, says what the standard forbids, derives rows."""
