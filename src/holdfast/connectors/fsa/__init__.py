"""UK FSA: food alerts for England, Wales and Northern Ireland."""
