"""What leaves the house as proof: the evidence package, and what it says it does not hold."""
