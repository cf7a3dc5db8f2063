"""Messages to people: nothing lost, nothing twice, or it is listed."""
