"""Reads everything below, writes nothing but its own results."""
