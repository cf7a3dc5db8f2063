"""Goods stopped: channels, warehouses, transit, consignees."""
