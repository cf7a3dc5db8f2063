"""Funnel, correction curve and rates per level, never blended."""
