"""Runs that bring tables in, with every row accounted for."""
