"""A decision tree as a page: one question after another, and the path with its texts."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from holdfast.decision.recalls.models import Recall
from holdfast.decision.recalls.queries import facts_of, guides_of, walked
from holdfast.doors.desk.pages import page, recall_named
from holdfast.doors.desk.policy import policy
from holdfast.doors.desk.words import CONFIDENCES
from holdfast.kit.refusals import NotFound, Unreadable
from holdfast.kit.risk.tree import ANY, UNKNOWN, Reached, Tree, tree

__all__ = ["guide", "guides"]


@policy("recall.view")
def guide(request: HttpRequest, ref: str, name: str) -> HttpResponse:
    """The answers so far and the next question; a GET that changes nothing."""
    recall = recall_named(ref)
    try:
        found = tree(name)
    except NotFound as error:
        raise Http404(str(error)) from error
    given = {name: str(request.GET[name]) for name in found.facts if request.GET.get(name)}
    refusal = None
    try:
        reached = walked(recall, found, given)
    except Unreadable as refused:
        refusal, given = refused, {}
        reached = walked(recall, found)
    context = {
        "guide": _told(reached),
        "steps": _asked(recall, found, reached, given),
    }
    return page(request, "desk/guide.html", context, recall=recall, tab="decision", refusal=refusal)


def guides(recall: Recall) -> list[dict[str, Any]]:
    """Every tree with as much of an answer as the records give."""
    return [_told(reached) for reached in guides_of(recall)]


def _told(reached: Reached) -> dict[str, Any]:
    outcome, missing = reached.outcome, reached.missing
    source = reached.tree.source
    return {
        "name": reached.tree.name,
        "title": _(reached.tree.title),
        "answer": _(outcome.title) if outcome else "",
        "words": _(outcome.words) if outcome else "",
        "law": outcome.law if outcome else "",
        "confidence": CONFIDENCES[outcome.confidence] if outcome else "",
        "missing": _(missing.asks) if missing else "",
        "is_unknown": reached.is_unknown,
        "possible": [_(one.title) for one in reached.possible],
        "sources": source.addresses,
        "note": _(source.confidence_note) if source.confidence_note else "",
    }


def _asked(
    recall: Recall, found: Tree, reached: Reached, given: dict[str, str]
) -> list[dict[str, Any]]:
    """The questions on the path, as they were answered, and the next one, which is open."""
    known = facts_of(recall)
    rows = [
        {
            "name": step.fact,
            "asks": _(step.asks),
            "law": step.law,
            "confidence": CONFIDENCES[step.confidence],
            "answers": _answers(found, step.fact, step.given),
            "is_any": step.given == ANY,
            "is_recorded": step.fact in known and given.get(step.fact) in (None, known[step.fact]),
            "is_next": False,
        }
        for step in reached.path
    ]
    asked = {row["name"] for row in rows}
    if reached.missing and reached.missing.name not in asked:
        node = next(n for n in found.nodes.values() if n.fact == reached.missing.name)
        rows.append(
            {
                "name": reached.missing.name,
                "asks": _(reached.missing.asks),
                "law": node.law,
                "confidence": CONFIDENCES[node.confidence],
                "answers": _answers(found, reached.missing.name, ""),
                "is_next": True,
            }
        )
    return rows


def _answers(found: Tree, fact: str, given: str) -> list[tuple[str, str, bool]]:
    answers = [*found.facts[fact].answers.items(), (UNKNOWN, "Unknown")]
    return [(key, _(words), key == given) for key, words in answers]
