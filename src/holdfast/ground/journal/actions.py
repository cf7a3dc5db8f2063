"""Adding to the journal, inside the transaction of the change it tells."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime

from django.conf import settings
from django.db import connection
from django.utils.module_loading import import_string

from holdfast.kit.actors import Actor
from holdfast.ground.journal.events import Fact
from holdfast.ground.journal.models import Entry, Reaction

LOCK = 0x486F6C64  # one writer at a time on PostgreSQL; SQLite has one writer anyway


def record(fact: Fact, *, by: Actor, now: datetime, subject: str = "") -> Entry:
    """Append a fact; call it inside the action's transaction, after the change.

    `subject` is the short id of the recall it belongs to ("R-2026-001"), or empty.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("record() is called inside the transaction of the change it tells")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    last = Entry.objects.order_by("-index").values_list("index", "frontier").first()
    index, frontier = (last[0] + 1, json.loads(last[1])) if last else (0, [])
    body = {
        "index": index,
        "at": now.astimezone(UTC).isoformat(timespec="microseconds"),
        "kind": type(fact).__name__,
        "by": by.key,
        "subject": subject,
        "payload": fact.payload(),
    }
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    leaf = hashlib.sha256(b"\x00" + text.encode()).digest()
    frontier, root = _append(frontier, index, leaf)
    entry = Entry.objects.create(
        **{**body, "payload": json.dumps(body["payload"], sort_keys=True, ensure_ascii=False)},
        leaf=leaf.hex(),
        frontier=json.dumps(frontier),
        root=root,
    )
    for action in import_string(settings.REACTIONS).get(body["kind"], ()):
        Reaction.objects.create(entry_index=index, action=action, not_before=now)
    return entry


def _append(frontier: list[str], size: int, leaf: bytes) -> tuple[list[str], str]:
    """RFC 6962: merge equal-sized perfect trees, then fold the frontier into the root."""
    peaks, node = list(frontier), leaf
    while size & 1:
        node = hashlib.sha256(b"\x01" + bytes.fromhex(peaks.pop()) + node).digest()
        size >>= 1
    peaks.append(node.hex())
    root = bytes.fromhex(peaks[-1])
    for peak in reversed(peaks[:-1]):
        root = hashlib.sha256(b"\x01" + bytes.fromhex(peak) + root).digest()
    return peaks, root.hex()



