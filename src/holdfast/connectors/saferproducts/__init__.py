"""SaferProducts.gov: what the American public tells about consumer products."""
