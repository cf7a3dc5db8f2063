"""What authorities are told: facts, filings, what they answer, and what was promised."""
