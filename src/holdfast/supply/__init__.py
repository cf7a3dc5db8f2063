"""What was made and where it went."""
