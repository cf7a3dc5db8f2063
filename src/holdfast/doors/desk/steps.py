"""Steps of the checklist as pages: where each is done and what its button says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from holdfast.decision.recalls.models import Recall

# act of a step: (name of its page, what the button says, why it comes now)
ACTS = {
    "hold": (
        "recall_stop",
        gettext_lazy("To stop sale"),
        gettext_lazy("No more units leave while you find out the rest."),
    ),
    "import": (
        "data",
        gettext_lazy("Bring data in"),
        gettext_lazy("An order export is enough to find the people."),
    ),
    "scope": (
        "recall_scope",
        gettext_lazy("To the scope"),
        gettext_lazy("Which units, which people, how sure, and why."),
    ),
    "decide": (
        "recall_decision",
        gettext_lazy("To the decision"),
        gettext_lazy("Judge the risk, say what you do, and sign it."),
    ),
    "notice": (
        "recall_notice",
        gettext_lazy("To the notice"),
        gettext_lazy("A draft is ready in the languages of these people."),
    ),
    "notify": (
        "recall_launch",
        gettext_lazy("To the launch check"),
        gettext_lazy("Nothing leaves before every gate is green or waived."),
    ),
    "remedy": (
        "recall_decision",
        gettext_lazy("Set the remedies"),
        gettext_lazy("People answer when it is easy to get something."),
    ),
    "claims": (
        "inbox",
        gettext_lazy("To the inbox"),
        gettext_lazy("Somebody waits for an answer or for money."),
    ),
    "units": (
        "recall_units",
        gettext_lazy("To the ledger"),
        gettext_lazy("Every unit ends in one evidenced state."),
    ),
    "close": (
        "recall_room",
        gettext_lazy("Close the file"),
        gettext_lazy("Everything is settled, or its reason is given."),
    ),
}


def address_of(act: str, recall: Recall) -> str:
    """The page a step is done on."""
    name = ACTS.get(act, ("recall_room", "", ""))[0]
    if act == "close":
        return reverse(name, args=[recall.ref]) + "#close"
    if act.startswith("task:"):
        return reverse("recall_room", args=[recall.ref]) + "#tasks"
    return reverse(name, args=[recall.ref]) if name.startswith("recall_") else reverse(name)


def next_words(step: Mapping[str, Any], recall: Recall) -> dict[str, str]:
    """The next best action for a `.next` block; empty where the recall has ended."""
    if not step:
        return {}
    act = str(step.get("act", ""))
    _name, label, why = ACTS.get(act, ("", _("To the room"), ""))
    return {
        "title": str(step.get("words", "")),
        "text": str(why),
        "label": str(label),
        "url": address_of(act, recall),
    }
