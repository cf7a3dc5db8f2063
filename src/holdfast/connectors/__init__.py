"""One slice per outside system; the only place that touches the outside."""
