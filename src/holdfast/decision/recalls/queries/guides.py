"""What the decision trees ask for and this instance already knows of a recall."""

from __future__ import annotations

from holdfast.decision.recalls.models import Recall
from holdfast.decision.recalls.queries.recalls import confirmed_scope
from holdfast.kit.risk.tree import Reached, Tree, tree, tree_names

# The order in which the questions come up in a recall.
ORDER = (
    *("recall_or_not", "mandatory_or_voluntary", "scope", "depth"),
    *("duration", "termination"),
)


def facts_of(recall: Recall) -> dict[str, str]:
    """Facts by name that stand in the records: the level of the risk, how far units have come.

    What no record says is left out; it is asked of a person.
    """
    facts: dict[str, str] = {}
    risk = recall.evaluations.order_by("-pk").first()
    if risk:
        facts["risk"] = risk.level
    scope = confirmed_scope(recall)
    if scope and scope.counts.get("in_scope", {}).get("lines", 0):
        # Lines of a scope are sales to people.
        facts |= {"left_control": "yes", "reached_users": "yes", "farthest": "users"}
    return facts


def walked(recall: Recall, found: Tree, given: dict[str, str] | None = None) -> Reached:
    """A tree with what is on record and what somebody answered; an answer counts over a record."""
    known = {name: value for name, value in facts_of(recall).items() if name in found.facts}
    return found.answer({**known, **(given or {})})


def guides_of(recall: Recall) -> list[Reached]:
    """Every decision tree as far as the records lead."""
    names = [name for name in ORDER if name in tree_names()]
    names += [name for name in tree_names() if name not in ORDER]
    return [walked(recall, tree(name)) for name in names]
