"""Making good: remedy policy, claims, payouts, personal links, injury reports."""
