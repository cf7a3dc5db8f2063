"""Hears of a problem early: hazards read out of texts, and reports that are too many."""
