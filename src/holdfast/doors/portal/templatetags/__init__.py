"""Template tags of the consumer pages."""
