"""The class of a recall, twice: what we hold it to be, and what authorities set."""

from __future__ import annotations

from holdfast.decision.recalls.models import Recall
from holdfast.kit.risk.methods import method_named


def classes_of(recall: Recall) -> dict[str, list[dict[str, object]]]:
    """`{"firm": […], "authority": […]}`: the newest of each method, and of each authority.

    The level of the last assessment is our own class by its grid.
    """
    firm: dict[str, dict[str, object]] = {}
    risk = recall.evaluations.order_by("-pk").first()
    if risk:
        firm[risk.method] = {
            **_named(risk.method, risk.level),
            "set_at": risk.made_at.isoformat(),
            "set_by": risk.made_by,
        }
    for one in recall.firm_classes.order_by("number"):
        firm[one.method] = {
            **_named(one.method, one.recall_class),
            "set_at": one.set_at.isoformat(),
            "set_by": one.set_by,
        }
    set_by: dict[tuple[str, str], dict[str, object]] = {}
    for its in recall.authority_classes.order_by("number"):
        set_by[its.method, its.authority] = {
            **_named(its.method, its.recall_class),
            "authority": its.authority,
            "decided_on": its.decided_on.isoformat(),
            "reference": its.reference,
            "recorded_at": its.recorded_at.isoformat(),
        }
    return {"firm": list(firm.values()), "authority": list(set_by.values())}


def _named(method: str, recall_class: str) -> dict[str, object]:
    found = method_named(method)
    return {
        "method": method,
        "method_title": found.title,
        "class": recall_class,
        "title": found.title_of(recall_class),
    }
