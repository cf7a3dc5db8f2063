"""What is decided about a complaint without a database."""
