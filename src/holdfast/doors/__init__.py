"""Through which people and machines come in; no door knows another."""
