"""Acceptance sampling by attributes: plans, switching rules, operating curves, exact intervals."""
