"""Codes people read off a product: look-alikes, GTIN, lot, serial, GS1 strings."""
