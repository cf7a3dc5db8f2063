"""Delivery status notifications: what a mail server tells later about a message it took."""
