"""Order lines, the people who ordered, and what was cancelled."""
