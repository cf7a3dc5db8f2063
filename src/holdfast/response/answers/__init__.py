"""The street: what people say in public, corrections of it, and replies of approved words."""
