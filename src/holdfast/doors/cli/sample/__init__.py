"""The sample company Lumen & Vale: invented, seeded, and built by the same actions as real data."""
