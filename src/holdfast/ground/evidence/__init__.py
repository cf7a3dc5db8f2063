"""Evidence files and the package that proves them offline."""
