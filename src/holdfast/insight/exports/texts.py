"""Texts under their SHA-256: what was decided, what was approved, and the attached files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import PurePosixPath
from typing import Any

from holdfast.decision.recalls.models import Decision
from holdfast.ground.evidence.models import EvidenceFile
from holdfast.ground.evidence.queries import content_of, what_is_wrong
from holdfast.kit.ledger import NotCanonical, canonical_json
from holdfast.kit.renderings.content import approved_form
from holdfast.response.filings.models import Filing
from holdfast.response.notices.models import NoticeApproval, NoticeText


@dataclass(frozen=True)
class Text:
    """A file of the package whose name carries the SHA-256 of its content."""

    name: str
    digest: str
    record: str
    content: bytes | EvidenceFile

    def pieces(self) -> Iterator[bytes]:
        """The file."""
        if isinstance(self.content, bytes):
            return iter([self.content])
        return content_of(self.content)


def texts(recall: str, faults: list[dict[str, Any]]) -> dict[str, Text]:
    """Every text by its name in the package; one whose content is not its own goes to `faults`."""
    found: dict[str, Text] = {}
    for text in (
        *_decisions(recall),
        *_drafts(recall),
        *_approvals(recall),
        *_filings(recall),
    ):
        assert isinstance(text.content, bytes)
        if sha256(text.content).hexdigest() == text.digest:
            found[text.name] = text
        else:
            faults.append(
                {
                    "record": text.record,
                    "why": "its stored content is not the one whose SHA-256 is stored with it",
                }
            )
    for file in _filtered(EvidenceFile.objects.order_by("pk"), "subject", recall):
        wrong = what_is_wrong(file)
        if wrong:
            faults.append({"record": f"evidence file {file.pk}", "why": wrong})
        elif file.erased_at is None:
            name = f"evidence/{file.sha256}{_ending(file.name)}"
            found[name] = Text(name, file.sha256, f"evidence file {file.pk}", file)
    return found


def _decisions(recall: str) -> Iterator[Text]:
    rows = _filtered(Decision.objects.order_by("pk"), "recall__ref", recall)
    for decision in rows.select_related("recall"):
        record = f"{decision.recall.ref} decision {decision.number}"
        yield _text(decision.sha256, decision.content, record)


def _drafts(recall: str) -> Iterator[Text]:
    """The words of every language as they stand, approved or not."""
    rows = _filtered(NoticeText.objects.order_by("pk"), "notice__recall__ref", recall)
    for text in rows.select_related("notice__recall"):
        notice = text.notice
        content = approved_form(text.language, text.facts, text.content)
        yield _text(
            text.sha256, content, f"{notice.recall.ref} notice {notice.version} {text.name}"
        )


def _approvals(recall: str) -> Iterator[Text]:
    rows = _filtered(NoticeApproval.objects.order_by("pk"), "text__notice__recall__ref", recall)
    for approval in rows.select_related("text__notice__recall"):
        notice = approval.text.notice
        record = f"{notice.recall.ref} approval {notice.version} {approval.text.name}"
        yield _text(approval.sha256, approval.content, record)


def _filings(recall: str) -> Iterator[Text]:
    """What was frozen for release; fields that name or reach a person stand as commitments."""
    rows = _filtered(Filing.objects.exclude(sha256="").order_by("pk"), "recall__ref", recall)
    for filing in rows.select_related("recall"):
        record = f"{filing.recall.ref} filing {filing.label}"
        yield _text(filing.sha256, filing.content, record)


def _text(digest: str, content: Any, record: str) -> Text:
    try:
        raw = canonical_json(content)
    except NotCanonical:
        raw = b""
    return Text(f"texts/{digest}.json", digest, record, raw)


def _filtered(rows: Any, lookup: str, recall: str) -> Any:
    return rows.filter(**{lookup: recall}) if recall else rows


def _ending(name: str) -> str:
    """The ending of a file name if it is a plain one."""
    ending = PurePosixPath(name).suffix.lower()
    return ending if ending[1:].isascii() and ending[1:].isalnum() and len(ending) <= 6 else ""
