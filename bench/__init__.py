"""What Holdfast can do, measured: see README.md of this folder."""
