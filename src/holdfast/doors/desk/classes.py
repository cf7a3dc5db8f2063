"""The class of a recall on O6: ours by the facts, beside the one an authority set."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from holdfast.decision.recalls.actions import classify_recall, record_authority_class
from holdfast.decision.recalls.models import Recall
from holdfast.decision.recalls.queries import classes_of
from holdfast.doors.desk.pages import now
from holdfast.kit.refusals import Unreadable
from holdfast.kit.risk import cpsc_priority
from holdfast.kit.risk.methods import Method, methods
from holdfast.kit.risk.tree import UNKNOWN, tree

STEPS = ("classify", "authority")


def write_class(request: HttpRequest, recall: Recall) -> str:
    """Work out our own class, or keep the authority's; what was done, in a sentence."""
    given, by = request.POST, request.actor  # type: ignore[attr-defined]
    if given.get("step") == "classify":
        method = given.get("method", "")
        facts = {
            name.removeprefix("fact_"): value
            for name, value in given.items()
            if name.startswith("fact_") and isinstance(value, str)
        }
        made = classify_recall(recall=recall, method=method, facts=facts, by=by, now=now())
        title = methods()[made.method].title_of(made.recall_class)
        return _("Our own class: %(title)s.") % {"title": _(title)}
    method, _colon, named = given.get("set_class", "").partition(":")
    kept = record_authority_class(
        recall=recall,
        method=method,
        recall_class=named,
        decided_on=_day(given.get("decided_on", "")),
        authority=given.get("authority", "")[:120],
        reference=given.get("reference", "")[:120],
        by=by,
        now=now(),
    )
    return _("The class of %(authority)s is kept.") % {"authority": kept.authority}


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise Unreadable("bad_day", _("Say on which day the authority set the class.")) from error


def classes(
    recall: Recall, markets: tuple[str, ...], typed: Any, *, is_all: bool = False
) -> dict[str, Any]:
    """Rows of both classes, questions of each scheme, and the classes an authority can set.

    Schemes of the markets it was sold in come unasked, those of others with `is_all`.
    """
    found = classes_of(recall)
    used = {str(one["method"]) for one in (*found["firm"], *found["authority"])}
    wanted = used | {typed.get("method", "") if typed is not None else ""}
    able = [
        one for one in methods().values() if one.kind in ("class", "priority", "threshold", "grid")
    ]
    relevant = [one for one in able if is_all or one.name in wanted or one.markets & set(markets)]
    return {
        "rows": [_row(one, found) for one in relevant if one.name in used],
        "schemes": [_scheme(one, typed) for one in relevant if one.kind != "grid"],
        "choices": [
            {
                "title": _(one.title),
                "classes": [(f"{one.name}:{key}", _(title)) for key, title in one.classes.items()],
            }
            for one in sorted(able, key=lambda one: one not in relevant)
            if one.classes
        ],
        "has_others": len(relevant) < len(able),
        "typed": {
            name: typed.get(name, "") if typed is not None else ""
            for name in ("set_class", "decided_on", "authority", "reference")
        },
    }


def _row(method: Method, found: dict[str, list[dict[str, object]]]) -> dict[str, Any]:
    ours = [one for one in found["firm"] if one["method"] == method.name]
    its = [one for one in found["authority"] if one["method"] == method.name]
    return {
        "title": _(method.title),
        "goods": _(method.goods),
        "ours": _(str(ours[0]["title"])) if ours else "",
        "authority": [
            {
                **one,
                "title": _(str(one["title"])),
                "decided_on": date.fromisoformat(str(one["decided_on"])),
            }
            for one in its
        ],
        "differs": bool(ours) and any(one["class"] != ours[0]["class"] for one in its),
    }


def _scheme(method: Method, typed: Any) -> dict[str, Any]:
    is_typed = typed is not None and typed.get("method") == method.name
    return {
        "name": method.name,
        "title": _(method.title),
        "goods": _(method.goods),
        "confidence": method.source.confidence,
        "to_be_confirmed": method.source.is_to_be_confirmed,
        "basis": method.source.legal_basis,
        "address": method.source.addresses[0] if method.source.addresses else "",
        "note": method.source.confidence_note,
        "is_open": is_typed,
        "facts": [
            {
                "name": name,
                "asks": _(asks),
                "answers": [
                    (key, _(words), is_typed and typed.get(f"fact_{name}") == key)
                    for key, words in answers
                ],
            }
            for name, asks, answers in _questions(method)
        ],
    }


def _questions(method: Method) -> list[tuple[str, str, list[tuple[str, str]]]]:
    if method.name == cpsc_priority.METHOD:
        return [
            ("severity", "How severe is the injury?", list(cpsc_priority.SEVERITIES.items())),
            ("likelihood", "How likely is it?", list(cpsc_priority.LIKELIHOODS.items())),
        ]
    return [
        (fact.name, fact.asks, [*fact.answers.items(), (UNKNOWN, "Unknown")])
        for fact in tree(method.name, "class").facts.values()
    ]
