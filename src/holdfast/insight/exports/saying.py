"""What the journal says of each record: one small function a kind of fact."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from holdfast.ground.journal.checking import Checked

Fields = dict[str, Any]
Key = tuple[object, ...]
HOLD_STATES = {
    "HoldAdded": "open",
    "HoldStopped": "stopped",
    "HoldFailed": "failed",
    "HoldNotNeeded": "not_needed",
}


class Said:
    """By table and key, the fields that the journal vouches for; and what each entry moved."""

    def __init__(self) -> None:
        self.records: dict[str, dict[Key, Fields]] = defaultdict(dict)
        self.moved: dict[int, tuple[tuple[str, str], Decimal]] = {}

    def see(self, entry: Checked) -> None:
        """Take in one entry."""
        remember = REMEMBERED.get(entry.kind)
        if remember is not None:
            remember(self, entry, json.loads(entry.payload))

    def keep(self, table: str, key: Key, **fields: Any) -> None:
        """A later entry adds to what an earlier one said, or replaces it."""
        self.records[table].setdefault(key, {}).update(fields)


def _opened(said: Said, entry: Checked, fields: Fields) -> None:
    said.keep("recall", (fields["ref"],), source=fields["source_sha256"], is_closed=False)


def _closed(said: Said, entry: Checked, fields: Fields) -> None:
    said.keep("recall", (entry.subject,), is_closed=entry.kind == "RecallClosed")


def _proposed(said: Said, entry: Checked, fields: Fields) -> None:
    said.keep(
        "scope",
        (entry.subject, fields["number"]),
        digest=fields["digest"],
        lines=fields["digest"],
        criteria=fields["criteria"],
        rationale=fields["rationale"],
        counts=fields["counts"],
    )


def _confirmed(said: Said, entry: Checked, fields: Fields) -> None:
    key = (entry.subject, fields["number"])
    said.keep("scope", key, digest=fields["digest"], is_in_force=True)


def _evaluated(said: Said, entry: Checked, fields: Fields) -> None:
    earlier = sum(1 for ref, _ in said.records["evaluation"] if ref == entry.subject)
    said.keep("evaluation", (entry.subject, earlier + 1), **fields)


def _classed(said: Said, entry: Checked, fields: Fields) -> None:
    table = "firm_class" if entry.kind == "FirmClassSet" else "authority_class"
    said.keep(table, (entry.subject, fields["number"]), **fields)


def _decided(said: Said, entry: Checked, fields: Fields) -> None:
    key = (entry.subject, fields["number"])
    said.keep("decision", key, sha256=fields["sha256"], content=fields["content"])


def _signed(said: Said, entry: Checked, fields: Fields) -> None:
    said.keep(
        "signature",
        (entry.subject, fields["number"], entry.by),
        sha256=fields["sha256"],
        stance="dissent" if entry.kind == "DissentRecorded" else "sign",
        words=fields.get("dissent", ""),
    )


def _held(said: Said, entry: Checked, fields: Fields) -> None:
    key = (entry.subject, fields["hold"])
    said.keep("hold", key, state=HOLD_STATES[entry.kind])
    if entry.kind == "HoldStopped":
        said.keep("hold", key, proof=fields["proof"], proof_sha256=fields["proof_sha256"])


def _started(said: Said, entry: Checked, fields: Fields) -> None:
    key = (entry.subject, fields["start"])
    if entry.kind == "ClockStartWithdrawn":
        said.keep("clock_start", key, is_counted=False)
        return
    kept = {name: fields[name] for name in ("fact", "country", "regime", "occurrence")}
    said.keep("clock_start", key, **kept, at=instant(fields["at"]), is_counted=True)
    if fields["replaces"]:
        said.keep("clock_start", (entry.subject, fields["replaces"]), is_counted=False)


def _reworked(said: Said, entry: Checked, fields: Fields) -> None:
    for one in fields["clocks"]:
        key = (entry.subject, one["duty"], one["country"], one["occurrence"])
        said.keep("duty", key, state=one["state"], acts_by=instant(one["due_at"]))


DUTY_STATES = {"DutyMet": "met", "DutyWaived": "not_applicable", "DutyReopened": "running"}


def _settled_duty(said: Said, entry: Checked, fields: Fields) -> None:
    key = (entry.subject, fields["duty"], fields["country"], fields["occurrence"])
    if entry.kind == "HouseTargetSet":
        said.keep("duty", key, acts_by=instant(fields["acts_by"]))
        return
    shown = {name: fields.get(name, "") for name in ("reference", "reason")}
    if entry.kind == "DutyReopened":
        shown["reason"] = ""
    said.keep("duty", key, state=DUTY_STATES[entry.kind], **shown)


def instant(at: str | datetime | None) -> str:
    """An instant as both sides compare it: UTC, to the second; empty for none."""
    moment = datetime.fromisoformat(at) if isinstance(at, str) and at else at
    if not isinstance(moment, datetime):
        return ""
    return moment.astimezone(UTC).isoformat(timespec="seconds")


FILING_STATES = {
    "FilingDrafted": "draft",
    "FilingProposed": "ready",
    "FilingReopened": "draft",
    "FilingReleased": "released",
    "FilingFiled": "filed",
    "FilingAcknowledged": "acknowledged",
    "FilingWithdrawn": "withdrawn",
}


def _filed(said: Said, entry: Checked, fields: Fields) -> None:
    key = (entry.subject, fields["filing"])
    said.keep("filing", key, state=FILING_STATES[entry.kind])
    if entry.kind in ("FilingDrafted", "FilingReopened"):
        said.keep("filing", key, sha256="")
    if entry.kind == "FilingProposed":
        said.keep("filing", key, sha256=fields["sha256"])
    if entry.kind == "FilingReleased":
        said.keep("filing", key, released_by=entry.by, proposed_by=fields["proposed_by"])
    if entry.kind in ("FilingFiled", "FilingAcknowledged"):
        shown = {name: fields[name] for name in ("reference", "receipt_sha256")}
        said.keep("filing", key, **shown)


def _stated(said: Said, entry: Checked, fields: Fields) -> None:
    earlier = sum(1 for ref, _ in said.records["fact"] if ref == entry.subject)
    kept = {name: fields[name] for name in ("place", "source", "value_sha256")}
    said.keep("fact", (entry.subject, earlier + 1), fact=fields["key"], **kept)


def _explained(said: Said, entry: Checked, fields: Fields) -> None:
    key = (entry.subject, fields["key"], fields["place"], fields["one"], fields["other"])
    said.keep("explanation", key, words=fields["because"], by=entry.by)


def _drafted(said: Said, entry: Checked, fields: Fields) -> None:
    for name, digest in fields["texts"]:
        key = (entry.subject, fields["version"], name)
        said.keep("text", key, sha256=digest)


def _edited(said: Said, entry: Checked, fields: Fields) -> None:
    key = (entry.subject, fields["version"], fields["language"])
    said.keep("text", key, sha256=fields["sha256"])


def _pictured(said: Said, entry: Checked, fields: Fields) -> None:
    for name, sha256 in fields["texts"]:
        said.keep("text", (entry.subject, fields["version"], name), sha256=sha256)


def _approved(said: Said, entry: Checked, fields: Fields) -> None:
    key = (entry.subject, fields["version"], fields["language"], fields["sha256"])
    said.keep("approval", key, editor=fields["editor"], is_alone=fields["is_alone"])
    said.records["approval"][key].setdefault("approver", entry.by)


def _offered(said: Said, entry: Checked, fields: Fields) -> None:
    said.keep("remedies", (entry.subject,), **fields)


def _attached(said: Said, entry: Checked, fields: Fields) -> None:
    key = (fields["number"],)
    said.keep("file", key, sha256=fields["sha256"], size=fields["size"], is_erased=False)


def _erased(said: Said, entry: Checked, fields: Fields) -> None:
    said.keep("file", (fields["number"],), is_erased=True)


def _answered(said: Said, entry: Checked, fields: Fields) -> None:
    for reference in fields["references"]:
        said.keep("claim", (reference,), answer=fields["answer"])


def _chosen(said: Said, entry: Checked, fields: Fields) -> None:
    for reference in fields["references"]:
        said.keep("claim", (reference,))


def _exported(said: Said, entry: Checked, fields: Fields) -> None:
    key = (entry.subject, fields["export"])
    said.keep("payouts", key, count=fields["count"], totals=fields["totals"])


def _hurt(said: Said, entry: Checked, fields: Fields) -> None:
    said.keep("injury", (fields["reference"],))


def _moved(said: Said, entry: Checked, fields: Fields) -> None:
    pair = (fields["from_state"], fields["to_state"])
    said.moved[entry.index] = (pair, Decimal(fields["quantity"]))


REMEMBERED: dict[str, Callable[[Said, Checked, Fields], None]] = {
    "ClockStartRecorded": _started,
    "ClockStartWithdrawn": _started,
    "DutyClocksReworked": _reworked,
    "DutyMet": _settled_duty,
    "DutyWaived": _settled_duty,
    "DutyReopened": _settled_duty,
    "HouseTargetSet": _settled_duty,
    "RecallOpened": _opened,
    "RecallClosed": _closed,
    "RecallReopened": _closed,
    "ScopeProposed": _proposed,
    "ScopeConfirmed": _confirmed,
    "HazardEvaluated": _evaluated,
    "RiskPresumed": _evaluated,
    "FirmClassSet": _classed,
    "AuthorityClassRecorded": _classed,
    "DecisionProposed": _decided,
    "DecisionSigned": _signed,
    "DissentRecorded": _signed,
    "HoldAdded": _held,
    "HoldStopped": _held,
    "HoldFailed": _held,
    "HoldNotNeeded": _held,
    "NoticeDrafted": _drafted,
    "NoticeTextEdited": _edited,
    "NoticePhotoSet": _pictured,
    "NoticeTextApproved": _approved,
    "RemediesSet": _offered,
    "EvidenceAttached": _attached,
    "EvidenceErased": _erased,
    "ClaimAnswered": _answered,
    "RemedyChosen": _chosen,
    "PayoutsExported": _exported,
    "InjuryReported": _hurt,
    "UnitsMoved": _moved,
    **dict.fromkeys(FILING_STATES, _filed),
    "FactStated": _stated,
    "ContradictionExplained": _explained,
}
