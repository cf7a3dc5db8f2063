"""EU Safety Gate: the weekly alerts on dangerous products."""
