"""Holds the stored records against the journal: a row changed behind its back is named.

The journal is read once (`saying.py`, `sending.py`); then the rows as they lie in their tables are
compared: content that differs, rows nobody recorded, and recorded things that have no row.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django.db.models import Model, QuerySet, Sum

from holdfast.decision.recalls.models import (
    AuthorityClass,
    ClockStart,
    Decision,
    FirmClass,
    HazardEvaluation,
    Recall,
    ScopeVersion,
    Signature,
)
from holdfast.decision.recalls.queries.differences import stored_digest
from holdfast.ground.evidence.models import EvidenceFile
from holdfast.ground.journal.checking import Checked
from holdfast.insight.exports.saying import Fields, Key, Said, instant
from holdfast.insight.exports.sending import Sending
from holdfast.kit.ledger import canonical_json
from holdfast.kit.quantities import plain
from holdfast.kit.wording.laws import text_name
from holdfast.response.duties.models import DutyClock
from holdfast.response.filings.models import Explanation, FactStatement, Filing
from holdfast.response.holds.models import Hold
from holdfast.response.notices.models import NoticeApproval, NoticeText
from holdfast.response.remedies.models import Claim, InjuryReport, Payout, RemedyPolicy
from holdfast.response.units.models import UnitGroup, UnitMovement

Disagreements = Iterator[tuple[str, str]]


class Agreement:
    """Remembers what the journal says, then names every record that says something else."""

    def __init__(self, recall: str) -> None:
        self.recall = recall
        self.said, self.sending = Said(), Sending()

    def see(self, entry: Checked) -> None:
        """Take in one entry of this recall."""
        if not self.sending.see(entry):
            self.said.see(entry)

    def faults(self) -> Iterator[dict[str, Any]]:
        """Every disagreement: `{"record", "why"}`."""
        compared = (
            *(self._recalls(), self._scopes(), self._evaluations(), self._decisions()),
            *(self._firm_classes(), self._authority_classes()),
            *(self._signatures(), self._holds(), self._texts(), self._approvals()),
            *(self._remedies(), self._files(), self._claims(), self._payouts()),
            *(self._filings(), self._facts(), self._explanations()),
            *(self._clock_starts(), self._duties()),
            *(self._injuries(), self._movements(), self._unit_totals()),
            self.sending.faults(self.recall),
        )
        for disagreements in compared:
            for record, why in disagreements:
                yield {"record": record, "why": why}

    def _rows(self, model: type[Model], lookup: str) -> QuerySet[Any]:
        rows: QuerySet[Any] = model._default_manager.order_by("pk")
        return rows.filter(**{lookup: self.recall}) if self.recall else rows

    def _compare(
        self, table: str, words: str, stored: dict[Key, Fields], *, is_each_recorded: bool = True
    ) -> Disagreements:
        """Each record that differs in a field both sides know, or that only one side knows."""
        said = self.said.records[table]
        for key in sorted(said.keys() | stored.keys(), key=repr):
            record = f"{words} {' '.join(map(str, key))}"
            if key not in stored:
                yield record, "the journal speaks of it, and its row is gone"
            elif key not in said:
                if is_each_recorded:
                    yield record, "it was added behind the journal's back: no entry speaks of it"
            else:
                different = sorted(
                    name
                    for name, value in said[key].items()
                    if name in stored[key] and stored[key][name] != value
                )
                if different:
                    yield record, f"its {', '.join(different)} differ from what was recorded"

    def _recalls(self) -> Disagreements:
        stored: dict[Key, Fields] = {
            (row.ref,): {
                "source": _text_digest(row.signal.text if row.signal else ""),
                "is_closed": row.state == "closed",
            }
            for row in self._rows(Recall, "ref").select_related("signal")
        }
        return self._compare("recall", "recall", stored)

    def _scopes(self) -> Disagreements:
        stored: dict[Key, Fields] = {}
        for row in self._rows(ScopeVersion, "recall__ref").select_related("recall"):
            stored[row.recall.ref, row.number] = {
                "digest": row.digest,
                "criteria": row.criteria,
                "rationale": row.rationale,
                "counts": row.counts,
                "lines": stored_digest(row),
                "is_in_force": row.state in ("confirmed", "superseded") and bool(row.settled_by),
            }
        return self._compare("scope", "scope", stored)

    def _evaluations(self) -> Disagreements:
        stored: dict[Key, Fields] = {}
        seen: Counter[str] = Counter()
        for row in self._rows(HazardEvaluation, "recall__ref").select_related("recall"):
            seen[row.recall.ref] += 1
            stored[row.recall.ref, seen[row.recall.ref]] = {
                "method": row.method,
                "severity": row.severity,
                "probability": row.probability,
                "level": row.level,
                "scenario": row.scenario,
                "result": row.result,
            }
        return self._compare("evaluation", "evaluation", stored)

    def _firm_classes(self) -> Disagreements:
        stored: dict[Key, Fields] = {
            (row.recall.ref, row.number): {
                "method": row.method,
                "recall_class": row.recall_class,
                "result": row.result,
            }
            for row in self._rows(FirmClass, "recall__ref").select_related("recall")
        }
        return self._compare("firm_class", "our own class", stored)

    def _authority_classes(self) -> Disagreements:
        stored: dict[Key, Fields] = {
            (row.recall.ref, row.number): {
                "method": row.method,
                "recall_class": row.recall_class,
                "authority": row.authority,
                "decided_on": row.decided_on.isoformat(),
                "reference": row.reference,
            }
            for row in self._rows(AuthorityClass, "recall__ref").select_related("recall")
        }
        return self._compare("authority_class", "the authority's class", stored)

    def _decisions(self) -> Disagreements:
        stored: dict[Key, Fields] = {
            (row.recall.ref, row.number): {"sha256": row.sha256, "content": row.content}
            for row in self._rows(Decision, "recall__ref").select_related("recall")
        }
        return self._compare("decision", "decision", stored)

    def _signatures(self) -> Disagreements:
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

    def _holds(self) -> Disagreements:
        """Places found in the data are recorded by their number only, so not each has an entry."""
        stored: dict[Key, Fields] = {
            (row.recall.ref, row.pk): {
                "state": row.state,
                "proof": row.proof,
                "proof_sha256": row.proof_sha256,
            }
            for row in self._rows(Hold, "recall__ref").select_related("recall")
        }
        return self._compare("hold", "stop", stored, is_each_recorded=False)

    def _clock_starts(self) -> Disagreements:
        stored: dict[Key, Fields] = {
            (row.recall.ref, row.pk): {
                "fact": row.fact,
                "at": instant(row.at),
                "country": row.country,
                "regime": row.regime,
                "occurrence": row.occurrence,
                "is_counted": row.withdrawn_at is None,
            }
            for row in self._rows(ClockStart, "recall__ref").select_related("recall")
        }
        return self._compare("clock_start", "fact", stored)

    def _duties(self) -> Disagreements:
        stored: dict[Key, Fields] = {
            (row.recall.ref, f"{row.regime}.{row.obligation}", row.country, row.occurrence): {
                "state": row.state,
                "acts_by": instant(row.acts_by),
                "reference": row.reference,
                "reason": row.reason,
            }
            for row in self._rows(DutyClock, "recall__ref").select_related("recall")
        }
        return self._compare("duty", "duty", stored)

    def _filings(self) -> Disagreements:
        stored: dict[Key, Fields] = {
            (row.recall.ref, row.label): {
                "state": row.state,
                "sha256": row.sha256,
                "proposed_by": row.proposed_by,
                "released_by": row.released_by,
                "reference": row.reference,
                "receipt_sha256": row.receipt_sha256,
            }
            for row in self._rows(Filing, "recall__ref").select_related("recall")
        }
        return self._compare("filing", "filing", stored)

    def _facts(self) -> Disagreements:
        stored: dict[Key, Fields] = {}
        seen: Counter[str] = Counter()
        for row in self._rows(FactStatement, "recall__ref").select_related("recall"):
            seen[row.recall.ref] += 1
            stored[row.recall.ref, seen[row.recall.ref]] = {
                "fact": row.key,
                "place": row.place,
                "source": row.source,
                "value_sha256": ""
                if row.value is None
                else sha256(canonical_json(row.value)).hexdigest(),
            }
        return self._compare("fact", "stated fact", stored)

    def _explanations(self) -> Disagreements:
        stored: dict[Key, Fields] = {
            (row.recall.ref, row.key, row.place, row.one, row.other): {
                "words": row.words,
                "by": row.explained_by,
            }
            for row in self._rows(Explanation, "recall__ref").select_related("recall")
        }
        return self._compare("explanation", "explanation", stored)

    def _texts(self) -> Disagreements:
        rows = self._rows(NoticeText, "notice__recall__ref")
        stored: dict[Key, Fields] = {
            (ref, version, text_name(language, law)): {"sha256": digest}
            for ref, version, language, law, digest in rows.values_list(
                "notice__recall__ref", "notice__version", "language", "law", "sha256"
            )
        }
        return self._compare("text", "notice text", stored)

    def _approvals(self) -> Disagreements:
        rows = self._rows(NoticeApproval, "text__notice__recall__ref")
        stored: dict[Key, Fields] = {
            (ref, version, text_name(language, law), digest): {
                "approver": approver,
                "editor": editor,
                "is_alone": is_alone,
            }
            for ref, version, language, law, digest, approver, editor, is_alone in rows.values_list(
                "text__notice__recall__ref",
                "text__notice__version",
                "text__language",
                "text__law",
                "sha256",
                "approver",
                "editor",
                "is_alone",
            )
        }
        return self._compare("approval", "approval of notice", stored)

    def _remedies(self) -> Disagreements:
        stored: dict[Key, Fields] = {
            (row.recall.ref,): {
                "options": row.options,
                "within_days": row.within_days,
                "proof": row.proof,
                "ease": row.ease,
                "exception_reason": row.exception_reason,
                "effort_reason": row.effort_reason,
            }
            for row in self._rows(RemedyPolicy, "recall__ref").select_related("recall")
        }
        return self._compare("remedies", "remedies of", stored)

    def _files(self) -> Disagreements:
        stored: dict[Key, Fields] = {
            (row.pk,): {
                "sha256": row.sha256,
                "size": row.size,
                "is_erased": row.erased_at is not None,
            }
            for row in self._rows(EvidenceFile, "subject")
        }
        return self._compare("file", "evidence file", stored)

    def _claims(self) -> Disagreements:
        stored: dict[Key, Fields] = {
            (reference,): {"answer": answer}
            for reference, answer in self._rows(Claim, "recall__ref").values_list(
                "reference", "answer"
            )
        }
        return self._compare("claim", "claim", stored)

    def _payouts(self) -> Disagreements:
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

    def _injuries(self) -> Disagreements:
        rows = self._rows(InjuryReport, "recall__ref").values_list("reference", flat=True)
        return self._compare("injury", "injury report", {(each,): {} for each in rows})

    def _movements(self) -> Disagreements:
        """Every movement of units hangs on an entry, and moves what that entry says."""
        found: dict[int, Counter[tuple[str, str]]] = defaultdict(Counter)
        rows = self._rows(UnitMovement, "recall__ref")
        for row, index, source, target, quantity in rows.values_list(
            "pk", "entry_index", "from_state", "to_state", "quantity"
        ).iterator(5_000):
            if index is None:
                yield f"unit movement {row}", "it names no entry of the journal"
            else:
                found[index][source, target] += quantity
        for index, (pair, quantity) in self.said.moved.items():
            if found[index][pair] != quantity:
                yield f"unit movements of entry {index}", "they differ from what was recorded"

    def _unit_totals(self) -> Disagreements:
        """In every state there is what came in less what went out."""
        flows: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
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
        for (ref, level, state), gap in sorted(flows.items()):
            if gap:
                yield (
                    f"units of {ref} {level} {state}",
                    f"the movements and the ledger differ by {plain(abs(gap))} units",
                )


def _text_digest(text: str) -> str:
    return sha256(text.encode()).hexdigest() if text else ""
