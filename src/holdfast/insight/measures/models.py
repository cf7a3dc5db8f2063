"""Derived numbers stored for lists and charts; rebuilt, never edited."""
