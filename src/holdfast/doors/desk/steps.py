"""Steps of the checklist as pages: where each is done and what its button says."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from holdfast.decision.recalls.models import Recall
from holdfast.ground.look.templatetags.look import count

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
    "law": (
        "recall_deadlines",
        gettext_lazy("To the deadlines"),
        gettext_lazy(
            "Without kind of product, roles and countries nobody can say which duties there are."
        ),
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


# Lines of the checklist with numbers in them, as the rules write them, and their sentence.
PATTERNS = (
    (
        r"Stop all of them: (?P<a>\d+) of (?P<b>\d+)",
        gettext_noop("Stop all of them: %(a)s of %(b)s"),
    ),
    (r"Confirm scope v(?P<n>\d+)", gettext_noop("Confirm scope v%(n)s")),
    (r"Sign decision no\. (?P<n>\d+)", gettext_noop("Sign decision no. %(n)s")),
    (
        r"Approve the notice: (?P<a>\d+) of (?P<b>\d+) languages",
        gettext_noop("Approve the notice: %(a)s of %(b)s languages"),
    ),
    (r"Tell (?P<n>\d+) people", gettext_noop("Tell %(n)s people")),
    (r"scope v(?P<n>\d+)", gettext_noop("scope v%(n)s")),
    (r"decision no\. (?P<n>\d+)", gettext_noop("decision no. %(n)s")),
    (r"wave (?P<n>\d+)", gettext_noop("wave %(n)s")),
    (
        r"Promised within (?P<a>\d+) days; quick is (?P<b>\d+) or fewer\.",
        gettext_noop("Promised within %(a)s days; quick is %(b)s or fewer."),
    ),
    (r"Settle (?P<n>\d+) open claims", gettext_noop("Settle %(n)s open claims")),
    (r"Account for (?P<n>[\d.]+) units", gettext_noop("Account for %(n)s units")),
    (
        r"Look at (?P<n>\d+) messages that may have gone out twice or not",
        gettext_noop("Look at %(n)s messages that may have gone out twice or not"),
    ),
)


# What waits for a decision, and the page it is taken on.
WAITING = {"scope": "recall_scope", "decision": "recall_decision", "wave": "recall_launch"}


def waiting_of(decisions: Sequence[str], recall: Recall) -> list[dict[str, str]]:
    """Open decisions in the reader's language, each with the page to take it on."""
    return [
        {
            "words": words_of(one),
            "url": reverse(WAITING.get(one.split(" ")[0], "recall_room"), args=[recall.ref]),
        }
        for one in decisions
    ]


def words_of(step: str) -> str:
    """A line of the checklist in the reader's language."""
    for pattern, sentence in PATTERNS:
        found = re.fullmatch(pattern, step)
        if found:
            return _(sentence) % {name: count(Decimal(n)) for name, n in found.groupdict().items()}
    return _(step) if step else ""


def next_words(step: Mapping[str, Any], recall: Recall) -> dict[str, str]:
    """The next best action for a `.next` block; empty where the recall has ended."""
    if not step:
        return {}
    act = str(step.get("act", ""))
    _name, label, why = ACTS.get(act, ("", _("To the room"), ""))
    return {
        "title": words_of(str(step.get("words", ""))),
        "text": str(why),
        "label": str(label),
        "url": address_of(act, recall),
    }
