"""Measures of a recall: rates per level, mass balance, ease grade, funnel and curve."""
