"""Legal duties of a recall, each with its clock, its owner and its end."""
