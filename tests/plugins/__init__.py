"""What pytest needs before Django wakes: a database server, a browser, an instance, and no mercy for skips."""
