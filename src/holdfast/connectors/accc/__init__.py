"""ACCC: product safety recalls of Australia."""
