"""What we take from it."""
