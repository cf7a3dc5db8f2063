"""Published risk methods, one a file; each carries its source and how sure we are of it."""
