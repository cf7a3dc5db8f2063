"""Alarms over what we were told, and the investigations that settle them."""
