"""Codes people read off a product: look-alikes, GTIN, lot, serial, element strings, Digital Link."""
