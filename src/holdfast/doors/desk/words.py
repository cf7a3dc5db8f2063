"""Words of states, roles and outcomes as they stand on screens."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from holdfast.decision.recalls.models import Recall

STATES = {
    "open": gettext_lazy("Open"),
    "assessing": gettext_lazy("Assessing"),
    "decided": gettext_lazy("Decided"),
    "live": gettext_lazy("Live"),
    "telling": gettext_lazy("Telling"),
    "remedying": gettext_lazy("Remedying"),
    "closing": gettext_lazy("Closing"),
    "closed": gettext_lazy("Closed"),
    "dismissed": gettext_lazy("No recall"),
}
OUTCOMES = {
    "fire": gettext_lazy("Can catch fire."),
    "burn": gettext_lazy("Can burn people."),
    "shock": gettext_lazy("Can give an electric shock."),
    "electric_shock": gettext_lazy("Can give an electric shock."),
    "explosion": gettext_lazy("Can explode."),
    "choking": gettext_lazy("A child can choke on it."),
    "cut": gettext_lazy("Can cut people."),
    "fall": gettext_lazy("Can make people fall."),
    "poisoning": gettext_lazy("Can poison people."),
    "suffocation": gettext_lazy("Can suffocate a child."),
    "strangulation": gettext_lazy("Can strangle a child."),
    "injury": gettext_lazy("Can injure people."),
    "illness": gettext_lazy("Can make people ill."),
    "infection": gettext_lazy("Can cause an infection."),
    "allergy": gettext_lazy("Can cause an allergic reaction."),
    "drowning": gettext_lazy("Can lead to drowning."),
}
PICKS = {
    "fire": gettext_lazy("Fire"),
    "burn": gettext_lazy("Burn"),
    "shock": gettext_lazy("Electric shock"),
    "explosion": gettext_lazy("Explosion"),
    "poisoning": gettext_lazy("Poisoning"),
    "choking": gettext_lazy("Choking"),
    "cut": gettext_lazy("Cut"),
    "fall": gettext_lazy("Fall"),
    "illness": gettext_lazy("Illness"),
    "allergy": gettext_lazy("Allergic reaction"),
    "strangulation": gettext_lazy("Strangulation"),
    "other": gettext_lazy("Something else"),
}


def outcome_sentence(recall: Recall) -> str:
    """What can happen to a person, as a sentence; the mechanism alone never stands here."""
    if recall.outcome in OUTCOMES:
        return str(OUTCOMES[recall.outcome])
    return recall.outcome_words or _("Hazard not described yet.")
