"""What recurs across suppliers, components, sites, products and time, and whether by chance."""
