"""Corrections: what they would say, and which are public right now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from holdfast.decision.recalls.models import Recall
from holdfast.kit.listening.replies import Straight, stands_in
from holdfast.kit.refusals import NotFound
from holdfast.kit.wording.findings import Finding
from holdfast.response.answers.models import Correction, CorrectionText
from holdfast.response.answers.rules import correction_findings, said_from
from holdfast.response.notices.models import NoticeText
from holdfast.response.notices.queries import approved_texts, by_law, content_of


@dataclass(frozen=True, slots=True)
class Page:
    """A correction as a reader gets it, in one language."""

    number: int
    language: str
    said: Straight
    approved_at: datetime | None


def corrections_of(recall: Recall) -> list[Correction]:
    """All of a recall, the newest first, with their texts."""
    found = Correction.objects.filter(recall=recall).prefetch_related("texts", "mentions")
    return list(found.order_by("-number"))


def correction_named(recall: Recall, number: str | int) -> Correction:
    """One correction of a recall by its number."""
    text = str(number)
    wanted = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
    found = Correction.objects.filter(recall=recall, number=wanted).first()
    if found is None:
        raise NotFound("no_correction", f"{recall.ref} has no correction no. {text[:20]}.")
    return found


def own_texts(recall: Recall) -> dict[str, NoticeText]:
    """Approved notice texts under the recall's own law, by language."""
    found = by_law(approved_texts(recall).values())
    return found.get("") or next(iter(found.values()), {})


def follows_notice(text: CorrectionText, notices: Mapping[str, NoticeText]) -> bool:
    """Whether every sentence of it still stands in the approved notice of its language."""
    notice = notices.get(text.language)
    return notice is not None and stands_in(said_from(text.words), content_of(notice))


def findings_of(text: CorrectionText, regime: str) -> tuple[Finding, ...]:
    """What the linter says of it."""
    return correction_findings(said_from(text.words), language=text.language, regime=regime)


def public_pages(recall: Recall) -> dict[int, dict[str, Page]]:
    """Pages that are public now, by number and language: approved, and true to the notice."""
    texts = list(
        CorrectionText.objects.filter(
            correction__recall=recall, correction__withdrawn_at__isnull=True, state="approved"
        ).select_related("correction")
    )
    return _pages(texts, own_texts(recall)) if texts else {}


def page_of(recall: Recall, number: int) -> dict[str, Page]:
    """The languages one correction is public in; empty where it is not."""
    return public_pages(recall).get(number, {})


def _pages(
    texts: Iterable[CorrectionText], notices: Mapping[str, NoticeText]
) -> dict[int, dict[str, Page]]:
    found: dict[int, dict[str, Page]] = {}
    for text in texts:
        if text.sha256 == text.approved_sha256 and follows_notice(text, notices):
            page = Page(
                text.correction.number, text.language, said_from(text.words), text.approved_at
            )
            found.setdefault(page.number, {})[text.language] = page
    return found
