"""What authorities announced: their recalls as they came, the feeds they come by, and our goods."""
