"""Reads of the journal."""

from __future__ import annotations

from holdfast.ground.journal.models import Entry

EMPTY_ROOT = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def head() -> tuple[int, str]:
    """Number of entries and the tree's root (RFC 6962; SHA-256 of nothing when empty)."""
    last = Entry.objects.order_by("-index").values_list("index", "root").first()
    return (last[0] + 1, last[1]) if last else (0, EMPTY_ROOT)
