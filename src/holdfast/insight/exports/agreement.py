"""Holds the stored records against the journal: a row changed behind its back is named.

The journal is read once. What it says of each record is remembered, and at the end compared with
the rows as they lie in their tables: content that differs, rows nobody recorded, and recorded
things that have no row.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django.db.models import Count, Model, QuerySet, Sum

from holdfast.decision.recalls.models import Decision, Recall, ScopeVersion, Signature
from holdfast.ground.evidence.models import EvidenceFile
from holdfast.ground.journal.checking import Checked
from holdfast.insight.exports.sending import Sending
from holdfast.kit.quantities import plain
from holdfast.response.remedies.models import Claim, InjuryReport, Payout
from holdfast.response.units.models import UnitGroup, UnitMovement

Fields = dict[str, Any]
Key = tuple[object, ...]


class Agreement:
    """Remembers what the journal says, then names every record that says something else."""

    def __init__(self, recall: str) -> None:
        self.recall = recall
        self.said: dict[str, dict[Key, Fields]] = defaultdict(dict)
        self.moved: dict[int, Fields] = {}
        self.sending = Sending()

    def see(self, entry: Checked) -> None:
        """Take in one entry of this recall."""
        if self.sending.see(entry):
            return
        remember = REMEMBERED.get(entry.kind)
        if remember is not None:
            remember(self, entry, json.loads(entry.payload))

    def faults(self) -> Iterator[dict[str, Any]]:
        """Every disagreement: `{"record", "why"}`."""
        for compare in (
            self._recalls,
            self._scopes,
            self._decisions,
            self._signatures,
            self._files,
            self._claims,
            self._payouts,
            self._injuries,
            self._movements,
            self._unit_totals,
        ):
            for record, why in compare():
                yield {"record": record, "why": why}
        for record, why in self.sending.faults(self.recall):
            yield {"record": record, "why": why}

    def keep(self, table: str, key: Key, **fields: Any) -> None:
        """What the journal says of one record; a later entry adds to an earlier one."""
        self.said[table].setdefault(key, {}).update(fields)

    def _rows(self, model: type[Model], lookup: str) -> QuerySet[Any]:
        rows: QuerySet[Any] = model._default_manager.order_by("pk")
        return rows.filter(**{lookup: self.recall}) if self.recall else rows

    def _compare(
        self, table: str, words: str, stored: dict[Key, Fields]
    ) -> Iterator[tuple[str, str]]:
        """Each record that differs in a field both sides know, or that only one side knows."""
        said = self.said[table]
        for key in sorted(said.keys() | stored.keys(), key=repr):
            record = f"{words} {' '.join(map(str, key))}"
            if key not in stored:
                yield record, "the journal speaks of it, and its row is gone"
            elif key not in said:
                yield record, "it was added behind the journal's back: no entry speaks of it"
            else:
                different = sorted(
                    name
                    for name, value in said[key].items()
                    if name in stored[key] and stored[key][name] != value
                )
                if different:
                    yield record, f"its {', '.join(different)} differ from what was recorded"

    def _recalls(self) -> Iterator[tuple[str, str]]:
        stored: dict[Key, Fields] = {
            (row.ref,): {
                "source": _text_digest(row.signal.text if row.signal else ""),
                "is_closed": row.state == "closed",
            }
            for row in self._rows(Recall, "ref").select_related("signal")
        }
        return self._compare("recall", "recall", stored)

    def _scopes(self) -> Iterator[tuple[str, str]]:
        stored: dict[Key, Fields] = {}
        for row in self._rows(ScopeVersion, "recall__ref").select_related("recall"):
            counted = {
                certainty: (lines, plain(units or Decimal(0)))
                for certainty, lines, units in row.lines.order_by()
                .values_list("certainty")
                .annotate(lines=Count("pk"), units=Sum("units"))
            }
            stored[row.recall.ref, row.number] = {
                "digest": row.digest,
                "criteria": row.criteria,
                "rationale": row.rationale,
                "counts": row.counts,
                "lines": counted,
                "is_in_force": row.state in ("confirmed", "superseded") and bool(row.settled_by),
            }
        return self._compare("scope", "scope", stored)

    def _decisions(self) -> Iterator[tuple[str, str]]:
        stored: dict[Key, Fields] = {
            (row.recall.ref, row.number): {"sha256": row.sha256, "content": row.content}
            for row in self._rows(Decision, "recall__ref").select_related("recall")
        }
        return self._compare("decision", "decision", stored)

    def _signatures(self) -> Iterator[tuple[str, str]]:
        rows = self._rows(Signature, "decision__recall__ref").select_related("decision__recall")
        stored: dict[Key, Fields] = {
            (row.decision.recall.ref, row.decision.number, row.person): {
                "sha256": row.sha256,
                "stance": row.stance,
                "words": row.words if row.stance == "dissent" else "",
            }
            for row in rows
        }
        return self._compare("signature", "signature on", stored)

    def _files(self) -> Iterator[tuple[str, str]]:
        stored: dict[Key, Fields] = {
            (row.pk,): {
                "sha256": row.sha256,
                "size": row.size,
                "is_erased": row.erased_at is not None,
            }
            for row in self._rows(EvidenceFile, "subject")
        }
        return self._compare("file", "evidence file", stored)

    def _claims(self) -> Iterator[tuple[str, str]]:
        stored: dict[Key, Fields] = {
            (reference,): {"answer": answer}
            for reference, answer in self._rows(Claim, "recall__ref").values_list(
                "reference", "answer"
            )
        }
        return self._compare("claim", "claim", stored)

    def _payouts(self) -> Iterator[tuple[str, str]]:
        sums: dict[Key, Fields] = {}
        rows = self._rows(Payout, "claim__recall__ref").exclude(export="")
        for ref, export, currency, amount in rows.values_list(
            "claim__recall__ref", "export", "currency", "amount"
        ):
            told = sums.setdefault((ref, export), {"count": 0, "totals": defaultdict(Decimal)})
            told["count"] += 1
            told["totals"][currency] += amount
        for told in sums.values():
            told["totals"] = {name: f"{amount:.2f}" for name, amount in told["totals"].items()}
        return self._compare("payouts", "payouts of", sums)

    def _injuries(self) -> Iterator[tuple[str, str]]:
        rows = self._rows(InjuryReport, "recall__ref").values_list("reference", flat=True)
        return self._compare("injury", "injury report", {(each,): {} for each in rows})

    def _movements(self) -> Iterator[tuple[str, str]]:
        """Every movement of units hangs on an entry, and moves what that entry says."""
        found: dict[int, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
        for row in self._rows(UnitMovement, "recall__ref").iterator(5_000):
            if row.entry_index is None:
                yield f"unit movement {row.pk}", "it names no entry of the journal"
                continue
            found[row.entry_index][row.from_state, row.to_state] += row.quantity  # type: ignore[index]
        for index, told in self.moved.items():
            moves = found.get(index, {})
            if told["pair"] is not None and moves.get(told["pair"], Decimal(0)) != told["quantity"]:
                yield f"unit movements of entry {index}", "they differ from what was recorded"

    def _unit_totals(self) -> Iterator[tuple[str, str]]:
        """In every state there is what came in less what went out."""
        flows: dict[Key, Decimal] = defaultdict(Decimal)
        rows = self._rows(UnitMovement, "recall__ref").order_by()
        for ref, level, source, target, units in rows.values_list(
            "recall__ref", "level", "from_state", "to_state"
        ).annotate(units=Sum("quantity")):
            if source:
                flows[ref, level, source] -= units
            flows[ref, level, target] += units
        groups = self._rows(UnitGroup, "recall__ref").order_by()
        for ref, level, state, units in groups.values_list(
            "recall__ref", "level", "state"
        ).annotate(units=Sum("quantity")):
            flows[ref, level, state] -= units
        for (ref, level, state), gap in sorted(flows.items(), key=repr):
            if gap:
                yield (
                    f"units of {ref} {level} {state}",
                    f"the movements and the ledger differ by {plain(abs(gap))} units",
                )


def _text_digest(text: str) -> str:
    return sha256(text.encode()).hexdigest() if text else ""


def _opened(seen: Agreement, entry: Checked, fields: Fields) -> None:
    seen.keep("recall", (fields["ref"],), source=fields["source_sha256"], is_closed=False)


def _closed(seen: Agreement, entry: Checked, fields: Fields) -> None:
    seen.keep("recall", (entry.subject,), is_closed=entry.kind == "RecallClosed")


def _proposed(seen: Agreement, entry: Checked, fields: Fields) -> None:
    counts = fields["counts"]
    lines = {
        name: (part["lines"], part["units"])
        for name, part in counts.items()
        if name in ("confirmed", "probable", "cannot_rule_out") and part.get("lines")
    }
    seen.keep(
        "scope",
        (entry.subject, fields["number"]),
        digest=fields["digest"],
        criteria=fields["criteria"],
        rationale=fields["rationale"],
        counts=counts,
        lines=lines,
    )


def _confirmed(seen: Agreement, entry: Checked, fields: Fields) -> None:
    key = (entry.subject, fields["number"])
    seen.keep("scope", key, digest=fields["digest"], is_in_force=True)


def _decided(seen: Agreement, entry: Checked, fields: Fields) -> None:
    key = (entry.subject, fields["number"])
    seen.keep("decision", key, sha256=fields["sha256"], content=fields["content"])


def _signed(seen: Agreement, entry: Checked, fields: Fields) -> None:
    seen.keep(
        "signature",
        (entry.subject, fields["number"], entry.by),
        sha256=fields["sha256"],
        stance="dissent" if entry.kind == "DissentRecorded" else "sign",
        words=fields.get("dissent", ""),
    )


def _attached(seen: Agreement, entry: Checked, fields: Fields) -> None:
    key = (fields["number"],)
    seen.keep("file", key, sha256=fields["sha256"], size=fields["size"], is_erased=False)


def _erased(seen: Agreement, entry: Checked, fields: Fields) -> None:
    seen.keep("file", (fields["number"],), is_erased=True)


def _answered(seen: Agreement, entry: Checked, fields: Fields) -> None:
    for reference in fields["references"]:
        seen.keep("claim", (reference,), answer=fields["answer"])


def _chosen(seen: Agreement, entry: Checked, fields: Fields) -> None:
    for reference in fields["references"]:
        seen.keep("claim", (reference,))


def _exported(seen: Agreement, entry: Checked, fields: Fields) -> None:
    seen.keep(
        "payouts",
        (entry.subject, fields["export"]),
        count=fields["count"],
        totals=fields["totals"],
    )


def _hurt(seen: Agreement, entry: Checked, fields: Fields) -> None:
    seen.keep("injury", (fields["reference"],))


def _moved(seen: Agreement, entry: Checked, fields: Fields) -> None:
    pair = (fields["from_state"], fields["to_state"])
    seen.moved[entry.index] = {"pair": pair, "quantity": Decimal(fields["quantity"])}


REMEMBERED: dict[str, Callable[[Agreement, Checked, Fields], None]] = {
    "RecallOpened": _opened,
    "RecallClosed": _closed,
    "RecallReopened": _closed,
    "ScopeProposed": _proposed,
    "ScopeConfirmed": _confirmed,
    "DecisionProposed": _decided,
    "DecisionSigned": _signed,
    "DissentRecorded": _signed,
    "EvidenceAttached": _attached,
    "EvidenceErased": _erased,
    "ClaimAnswered": _answered,
    "RemedyChosen": _chosen,
    "PayoutsExported": _exported,
    "InjuryReported": _hurt,
    "UnitsMoved": _moved,
}
