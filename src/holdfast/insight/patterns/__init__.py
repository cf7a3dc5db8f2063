"""Patterns: what recurs across complaints, recalls, suppliers, components, sites and time."""
