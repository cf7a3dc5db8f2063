"""What pytest needs before Django wakes: a database server, a browser, no mercy for skips."""
