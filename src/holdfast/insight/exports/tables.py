"""The records of a package, one CSV a table: which columns go in, and which stay and why."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Model, Q, QuerySet

from holdfast.decision.recalls.models import (
    AuthorityClass,
    ClockStart,
    Decision,
    FirmClass,
    HazardEvaluation,
    LegalProfile,
    Recall,
    RecallRole,
    ScopeLine,
    ScopeVersion,
    Signature,
    Task,
)
from holdfast.ground.evidence.models import EvidenceFile
from holdfast.ground.journal.rules import masked
from holdfast.ground.outbox.models import Message, StaffMail, Wave
from holdfast.kit.quantities import plain
from holdfast.kit.sheets import csv_pieces
from holdfast.response.answers.models import CorrectionText
from holdfast.response.duties.models import CounselConfirmation, DutyClock
from holdfast.response.filings.models import (
    AuthorityLetter,
    AuthorityRequest,
    Explanation,
    FactStatement,
    Filing,
)
from holdfast.response.holds.models import Hold
from holdfast.response.notices.models import Notice, NoticeApproval, NoticePhoto, NoticeText
from holdfast.response.outreach.models import GateCheck
from holdfast.response.remedies.models import Claim, ClaimPhoto, InjuryReport, Payout, RemedyPolicy
from holdfast.response.units.models import UnitGroup, UnitMovement
from holdfast.supply.imports.models import ImportRun

PERSONAL = "it names or reaches a person"
INNER = "it only keeps this instance going"
KEYS = {"customer_id": "customer:", "line_id": "line:"}
AT_ONCE = 2_000


@dataclass(frozen=True)
class Table:
    """One CSV of the package.

    `columns` are field lookups, or `name<lookup` where the heading differs; `recall` is the lookup
    of the recall's short id. `kept_back` says of every other field why it stays in the house.
    """

    name: str
    model: type[Model]
    recall: str
    columns: Sequence[str]
    kept_back: dict[str, str] = field(default_factory=dict)
    order: Sequence[str] = ("pk",)
    about: Callable[[str], Q] | None = None
    """Which rows a recall stands on, where the table is not about recalls."""

    def heads(self) -> list[str]:
        """The first line."""
        return [column.partition("<")[0] for column in self.columns]

    def lookups(self) -> list[str]:
        """What is read for each column."""
        return [column.partition("<")[2] or column for column in self.columns]

    def rows(self, recall: str) -> QuerySet[Any]:
        """The rows of one recall, or all."""
        found = self.model._default_manager.order_by(*self.order)
        if not recall:
            return found
        return found.filter(self.about(recall) if self.about else Q(**{self.recall: recall}))

    def pieces(self, recall: str) -> Iterator[bytes]:
        """The file."""
        lookups = self.lookups()
        values = self.rows(recall).values_list(*lookups).iterator(AT_ONCE)
        keys = [KEYS.get(lookup.rpartition("__")[2], "") for lookup in lookups]
        return csv_pieces(self.heads(), (_cells(row, keys) for row in values))


def _cells(row: Sequence[object], keys: Sequence[str]) -> list[object]:
    return [
        f"{key}{value}" if key and value is not None else written(value)
        for key, value in zip(keys, row, strict=True)
    ]


def written(value: object) -> object:
    """A stored value as a cell: UTC times, exact numbers, sorted JSON, no addresses in texts."""
    write = WRITERS.get(type(value))
    return write(value) if write else value


def _moment(value: Any) -> str:
    return str(value.astimezone(UTC).isoformat(timespec="microseconds"))


def _json(value: Any) -> str:
    return masked(json.dumps(value, sort_keys=True, ensure_ascii=False))


WRITERS: dict[type, Callable[[Any], object]] = {
    str: masked,
    datetime: _moment,
    date: date.isoformat,
    Decimal: plain,
    bool: lambda value: "yes" if value else "no",
    dict: _json,
    list: _json,
}

TABLES = (
    Table(
        "recalls.csv",
        Recall,
        "ref",
        "ref title product_code lot mechanism outcome outcome_words state profile known_at "
        "opened_at opened_by told_at closed_at".split(),
        {"signal": PERSONAL, "summary": INNER},
    ),
    Table("roles.csv", RecallRole, "recall__ref", "recall<recall__ref role person since".split()),
    Table(
        "scopes.csv",
        ScopeVersion,
        "recall__ref",
        "recall<recall__ref number state criteria rationale counts difference digest proposed_by "
        "proposed_at settled_by settled_at is_narrowing is_alone".split(),
    ),
    Table(
        "scope_lines.csv",
        ScopeLine,
        "version__recall__ref",
        "recall<version__recall__ref version<version__number line<line_id sku<line__sku "
        "lot<line__lot certainty units rule reason probability".split(),
        order=("version_id", "line_id"),
    ),
    Table(
        "evaluations.csv",
        HazardEvaluation,
        "recall__ref",
        "recall<recall__ref method severity probability level scenario result made_by "
        "made_at".split(),
    ),
    Table(
        "firm_classes.csv",
        FirmClass,
        "recall__ref",
        "recall<recall__ref number method recall_class result set_by set_at".split(),
    ),
    Table(
        "authority_classes.csv",
        AuthorityClass,
        "recall__ref",
        "recall<recall__ref number method recall_class authority decided_on reference recorded_by "
        "recorded_at".split(),
    ),
    Table(
        "decisions.csv",
        Decision,
        "recall__ref",
        "recall<recall__ref number sha256 state proposed_by proposed_at signed_at".split(),
        {"content": "it is in texts/ under its SHA-256"},
    ),
    Table(
        "signatures.csv",
        Signature,
        "decision__recall__ref",
        "recall<decision__recall__ref decision<decision__number sha256 person proposer stance "
        "words is_alone at".split(),
    ),
    Table(
        "tasks.csv",
        Task,
        "recall__ref",
        "recall<recall__ref phase words role due_at done_at done_by".split(),
    ),
    Table(
        "clock_starts.csv",
        ClockStart,
        "recall__ref",
        "recall<recall__ref fact at zone country regime occurrence source entry recorded_by "
        "recorded_at withdrawn_at withdrawn_by withdrawn_why".split(),
        {"known_by": PERSONAL, "superseded_by": "the row that follows it, with the same fact"},
    ),
    Table(
        "legal_profile.csv",
        LegalProfile,
        "recall__ref",
        "recall<recall__ref categories sold_in roles set_by set_at".split(),
    ),
    Table(
        "duties.csv",
        DutyClock,
        "recall__ref",
        "recall<recall__ref regime obligation country occurrence name state start_fact started_at "
        "start_zone start_country due_at at_latest rolls_to target_at is_own_target acts_by "
        "missing opened_by warnings rule zone calendar versions law law_from owner escalated "
        "escalated_at reference reason settled_at settled_by revision opened_at changed_at".split(),
    ),
    Table(
        "filings.csv",
        Filing,
        "recall__ref",
        "recall<recall__ref number version form name purpose regime obligation country occurrence "
        "state cut_off cut_off_chosen period_number period_first period_last due_on sha256 "
        "opened_by opened_at proposed_by proposed_at released_by released_at is_alone "
        "filed_by filed_at reference "
        "receipt_sha256 acknowledged_at withdrawn_why amended_by<amended_by__version".split(),
        {
            "content": "it is in texts/ under its SHA-256, personal fields as commitments",
            "personal": PERSONAL,
        },
    ),
    Table(
        "facts.csv",
        FactStatement,
        "recall__ref",
        "recall<recall__ref key place filing value unknown as_of source stated_by stated_at "
        "superseded_at".split(),
        {"personal": PERSONAL},
    ),
    Table(
        "explanations.csv",
        Explanation,
        "recall__ref",
        "recall<recall__ref key place one other words explained_by explained_at".split(),
    ),
    Table(
        "authority_letters.csv",
        AuthorityLetter,
        "recall__ref",
        "recall<recall__ref number direction authority regime country subject at "
        "filing<filing__number file_sha256 recorded_by recorded_at".split(),
    ),
    Table(
        "authority_requests.csv",
        AuthorityRequest,
        "recall__ref",
        "recall<recall__ref number letter<letter__number kind words due_at owner state answer "
        "answered_in<answered_in__number settled_by settled_at recorded_by recorded_at".split(),
    ),
    Table(
        "holds.csv",
        Hold,
        "recall__ref",
        "recall<recall__ref kind name owner state quantity asked_at stopped_at stopped_by proof "
        "proof_sha256".split(),
    ),
    Table(
        "notices.csv",
        Notice,
        "recall__ref",
        "recall<recall__ref version facts drafted_by drafted_at".split(),
    ),
    Table(
        "notice_texts.csv",
        NoticeText,
        "notice__recall__ref",
        "recall<notice__recall__ref version<notice__version language law sha256 state edited_by "
        "edited_at".split(),
        {"content": "it is in texts/ under its SHA-256"},
    ),
    Table(
        "notice_approvals.csv",
        NoticeApproval,
        "text__notice__recall__ref",
        "recall<text__notice__recall__ref version<text__notice__version language<text__language "
        "law<text__law sha256 approver editor is_alone at".split(),
        {"content": "it is in texts/ under its SHA-256"},
    ),
    Table(
        "corrections.csv",
        CorrectionText,
        "correction__recall__ref",
        "recall<correction__recall__ref number<correction__number about<correction__about language "
        "words state sha256 notice_sha256 edited_by edited_at approved_sha256 approved_by "
        "approved_at is_alone withdrawn_at<correction__withdrawn_at".split(),
    ),
    Table(
        "notice_photos.csv",
        NoticePhoto,
        "recall__ref",
        "recall<recall__ref sha256 sizes made_by made_at".split(),
        {
            "paper": "it is in files/ under its SHA-256",
            "mail": "a smaller drawing of the same",
            "page": "a smaller drawing of the same",
        },
    ),
    Table(
        "gates.csv",
        GateCheck,
        "recall__ref",
        "recall<recall__ref wave gate state words by at".split(),
    ),
    Table(
        "waves.csv",
        Wave,
        "recall",
        "recall number channel state ramp_percent ramp_until reason planned_for launched_at "
        "launched_by ended_at trouble".split(),
    ),
    Table(
        "deliveries.csv",
        Message,
        "recall",
        "recall recipient channel wave message_id state attempts "
        "listed_ambiguous<is_listed_ambiguous first_attempt_at last_attempt_at "
        "provider_reply language<skeleton__language law<skeleton__law "
        "text_sha256<skeleton__text_sha256 "
        "second_language<second__language second_text_sha256<second__text_sha256".split(),
        {"address": PERSONAL, "values": PERSONAL},
        order=("recall", "wave", "channel", "recipient"),
    ),
    Table(
        "law_confirmations.csv",
        CounselConfirmation,
        "",
        "regime obligation matter confirmed_on source value_read law recorded_by recorded_at "
        "withdrawn_at withdrawn_by".split(),
        {"confirmed_by": PERSONAL},
        about=lambda recall: Q(
            regime__in=DutyClock.objects.filter(recall__ref=recall).values("regime")
        ),
    ),
    Table(
        "staff_mail.csv",
        StaffMail,
        "recall",
        "recall key person subject state attempts reply planned_at ended_at".split(),
        {"text": "its subject and the deadline say the same"},
    ),
    Table(
        "remedies.csv",
        RemedyPolicy,
        "recall__ref",
        "recall<recall__ref options exception_reason effort_reason replacement ease proof "
        "within_days set_by set_at".split(),
    ),
    Table(
        "claims.csv",
        Claim,
        "recall__ref",
        "recall<recall__ref reference customer<customer_id line<line_id part quantity answer "
        "outcome remedy state has_stopped_using source language promised_on send_on escalated_at "
        "made_at settled_at settled_by".split(),
        {"contact": PERSONAL, "token_sha256": "it opens a person's page"},
    ),
    Table(
        "claim_photos.csv",
        ClaimPhoto,
        "claim__recall__ref",
        "recall<claim__recall__ref claim<claim__reference number made_at".split(),
        {"content": PERSONAL, "width": INNER, "height": INNER},
    ),
    Table(
        "payouts.csv",
        Payout,
        "claim__recall__ref",
        "recall<claim__recall__ref claim<claim__reference amount currency state due_on export "
        "exported_at paid_at".split(),
    ),
    Table(
        "injuries.csv",
        InjuryReport,
        "recall__ref",
        "recall<recall__ref reference told_at seen_by seen_at".split(),
        {"words": PERSONAL, "contact": PERSONAL, "customer": PERSONAL},
    ),
    Table(
        "units.csv",
        UnitGroup,
        "recall__ref",
        "recall<recall__ref level place line<line_id lot certainty state quantity since".split(),
        order=("recall_id", "level", "place", "lot", "state"),
    ),
    Table(
        "unit_movements.csv",
        UnitMovement,
        "recall__ref",
        "recall<recall__ref level place from_state to_state quantity kind evidence by entry_index "
        "at".split(),
    ),
    Table(
        "evidence_files.csv",
        EvidenceFile,
        "subject",
        "recall<subject number<pk about name sha256 size added_by added_at note erased_at "
        "erased_by erased_reason".split(),
    ),
)

#: Only where everything is exported: what came in from files, recall or not.
IMPORTS = Table(
    "imports.csv",
    ImportRun,
    "",
    "kind file_sha256 source format mapping reading state rows imported merged rejected "
    "unmatched_returns is_simulated started_at seconds by".split(),
    {"file_name": PERSONAL},
)


def tables(recall: str) -> Sequence[Table]:
    """The tables of a package over one recall, or over everything."""
    return TABLES if recall else (*TABLES, IMPORTS)
