"""What a package does not hold, and why: said in the package itself, before anybody asks."""

from __future__ import annotations

import sqlite3
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Count

from holdfast.decision.recalls.models import Recall
from holdfast.ground.access.queries import organisation
from holdfast.ground.evidence.models import EvidenceFile
from holdfast.ground.outbox.models import Message
from holdfast.insight.exports.tables import PERSONAL, tables
from holdfast.insight.measures.health import SAFE_SQLITE
from holdfast.response.units.queries import balances


def absences(recall: str) -> list[dict[str, Any]]:
    """Each with `what` and `why`, and a `count` where one can be given."""
    found = [
        _said(
            "names, addresses and answers in people's own words",
            "they are personal data; people are numbers here, such as customer:12 and person:3",
            columns=[
                f"{table.name}: {name}"
                for table in tables(recall)
                for name, why in table.kept_back.items()
                if why == PERSONAL
            ],
        )
    ]
    if recall:
        found.append(
            _said(
                "entries of other recalls",
                "this package is over one recall; tree.txt shows the hashes of the others",
            )
        )
    found += [*_erased(recall), *_unclear(recall), *_gaps(recall), *_machine()]
    return found


def _said(what: str, why: str, **more: Any) -> dict[str, Any]:
    return {"what": what, "why": why, **more}


def _erased(recall: str) -> list[dict[str, Any]]:
    gone = EvidenceFile.objects.filter(erased_at__isnull=False).order_by("pk")
    if recall:
        gone = gone.filter(subject=recall)
    return [
        _said(
            f"the content of evidence file no. {file.pk}",
            f"it was erased: {file.erased_reason}",
            sha256=file.sha256,
        )
        for file in gone
    ]


def _unclear(recall: str) -> list[dict[str, Any]]:
    rows = Message.objects.filter(recall=recall) if recall else Message.objects.all()
    counts = dict(rows.order_by().values_list("state").annotate(count=Count("pk")))
    words = {
        "ambiguous": (
            "whether some messages arrived",
            "the connection or the sender ended between the text and the answer; they are listed",
        ),
        "attempting": ("the end of some attempts", "they were being sent at this moment"),
        "queued": ("the sending of some messages", "they were planned and not sent yet"),
    }
    return [_said(*said, count=counts[state]) for state, said in words.items() if counts.get(state)]


def _gaps(recall: str) -> list[dict[str, Any]]:
    rows = Recall.objects.filter(ref=recall) if recall else Recall.objects.order_by("pk")
    found = []
    for row in rows:
        for balance in balances(row):
            if balance.gap:
                found.append(
                    _said(
                        f"the state of some units of {row.ref}",
                        balance.sentence(),
                        units=str(balance.gap),
                    )
                )
    return found


def _machine() -> list[dict[str, Any]]:
    found = []
    if settings.DRILL:
        found.append(_said("a real recall", "this is a drill: nothing in it was sent to anybody"))
    elif organisation().is_simulated:
        found.append(_said("a real company", "this instance runs on sample data"))
    if connection.vendor == "sqlite" and sqlite3.sqlite_version_info < SAFE_SQLITE:
        found.append(
            _said(
                "the assurance of a current SQLite",
                f"version {sqlite3.sqlite_version} is older than 3.51.3, which repaired a fault "
                "that can damage a database used by several processes; here only one process at "
                "a time may move the log into the file",
            )
        )
    return found
