"""What may go wrong, what is wrong, what we decide."""
