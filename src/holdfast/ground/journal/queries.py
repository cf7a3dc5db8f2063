"""Reads of the journal."""

from __future__ import annotations

from django.db import connection

from holdfast.ground.journal.models import Entry
from holdfast.kit.ledger import EMPTY_ROOT, Frontier

TABLE = Entry._meta.db_table


def head() -> tuple[int, str]:
    """Number of entries and the tree's root (RFC 6962; SHA-256 of nothing when empty)."""
    last = Entry.objects.order_by("-index").values_list("index", "root").first()
    return last if last else (0, EMPTY_ROOT.hex())


def frontier() -> Frontier:
    """The right edge of the tree, from the peaks of at most as many rows as the size has bits.

    Plain SQL: it is asked once in every action, and building the query costs more than running it.
    """
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT MAX("index") FROM {TABLE}')  # noqa: S608 - a constant
        last = cursor.fetchone()[0] or 0
        if not last:
            return Frontier()
        edge, rest = [], last
        while rest:
            edge.append(rest)
            rest &= rest - 1  # the entry that completed the next larger full subtree
        numbers = ",".join(map(str, edge))
        cursor.execute(f'SELECT peak FROM {TABLE} WHERE "index" IN ({numbers}) ORDER BY "index"')  # noqa: S608 - whole numbers
        return Frontier(last, [bytes.fromhex(peak) for (peak,) in cursor.fetchall()])
