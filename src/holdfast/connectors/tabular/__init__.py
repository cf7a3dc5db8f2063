"""Any other table: columns known by what people call them in four languages."""
