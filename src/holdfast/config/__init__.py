"""Wires all, decides nothing."""
