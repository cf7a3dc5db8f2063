"""Shopify: its exports."""
