"""The unit ledger: every affected unit in exactly one evidenced state."""
