"""Lots, receipts and stock on hand."""
