"""Amazon: its seller reports."""
