"""Any authority that publishes RSS or Atom."""
