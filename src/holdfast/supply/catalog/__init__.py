"""Products as the shop spells them."""
