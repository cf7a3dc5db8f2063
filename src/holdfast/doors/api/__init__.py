"""The door for other programs: JSON in, JSON out, a token that opens one thing."""
