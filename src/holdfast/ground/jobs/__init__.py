"""Background work with progress, cancel and retry."""
