"""Suppliers, consignees and sites."""
