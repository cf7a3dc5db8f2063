"""What somebody told us, read by fixed rules, not yet judged."""
