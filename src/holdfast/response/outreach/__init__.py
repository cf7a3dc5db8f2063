"""Waves, gates and the people not yet reached."""
