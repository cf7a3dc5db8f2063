"""What people are told, one approved text per language and law."""
