"""Words of states, roles and outcomes as they stand on screens."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from holdfast.decision.recalls.models import Recall

STATES = {
    "open": gettext_lazy("Open"),
    "scoped": gettext_lazy("Scope confirmed"),
    "decided": gettext_lazy("Decided"),
    "telling": gettext_lazy("Live"),
    "closed": gettext_lazy("Closed"),
    "withdrawn": gettext_lazy("Withdrawn"),
}
# What can happen to a person, as the strip says it; the picks of the form are beside it.
OUTCOMES = {
    "fire": (gettext_lazy("Fire"), gettext_lazy("Can catch fire.")),
    "burn": (gettext_lazy("Burn"), gettext_lazy("Can burn people.")),
    "electric_shock": (gettext_lazy("Electric shock"), gettext_lazy("Can give an electric shock.")),
    "explosion": (gettext_lazy("Explosion"), gettext_lazy("Can explode.")),
    "poisoning": (gettext_lazy("Poisoning"), gettext_lazy("Can poison people.")),
    "infection": (gettext_lazy("Infection"), gettext_lazy("Can make people ill.")),
    "allergic_reaction": (
        gettext_lazy("Allergic reaction"),
        gettext_lazy("Can cause an allergic reaction."),
    ),
    "choking": (gettext_lazy("Choking"), gettext_lazy("A child can choke on it.")),
    "strangulation": (gettext_lazy("Strangulation"), gettext_lazy("A child can be strangled.")),
    "suffocation": (gettext_lazy("Suffocation"), gettext_lazy("A child can suffocate.")),
    "drowning": (gettext_lazy("Drowning"), gettext_lazy("Can lead to drowning.")),
    "cut": (gettext_lazy("Cut"), gettext_lazy("Can cut people.")),
    "crushing": (gettext_lazy("Crushing"), gettext_lazy("Can crush people.")),
    "fall": (gettext_lazy("Fall"), gettext_lazy("Can make people fall.")),
    "hearing_damage": (gettext_lazy("Damage to hearing"), gettext_lazy("Can damage hearing.")),
    "eye_damage": (gettext_lazy("Damage to eyes"), gettext_lazy("Can damage the eyes.")),
    "other": (gettext_lazy("Something else"), ""),
}
FIRST_PICKS = ("fire", "burn", "electric_shock", "explosion", "poisoning", "choking")


def outcome_sentence(recall: Recall) -> str:
    """What can happen to a person, as a sentence; the mechanism alone never stands here."""
    sentence = OUTCOMES.get(recall.outcome, ("", ""))[1]
    return str(sentence) or recall.outcome_words or _("Hazard not described yet.")


HOLD_KINDS = {
    "channel": gettext_lazy("Sales channel"),
    "warehouse": gettext_lazy("Warehouse"),
    "transit": gettext_lazy("Shipment in transit"),
    "consignee": gettext_lazy("Firm that sells it"),
}
MEASURES = {
    "stop_sale": gettext_lazy("Stop the sale"),
    "stop_use": gettext_lazy("Tell owners to stop using it"),
    "recall": gettext_lazy("Recall it from owners"),
    "consignee_return": gettext_lazy("Take it back from firms that sell it"),
    "warn": gettext_lazy("Warn the public"),
    "monitor": gettext_lazy("Keep watching, no recall"),
}
REMEDIES = {
    "refund": gettext_lazy("Refund"),
    "replacement": gettext_lazy("Replacement"),
    "repair": gettext_lazy("Repair"),
    "credit": gettext_lazy("Credit"),
    "disposal": gettext_lazy("Disposal, with the price back"),
}
PROOF_WORDS = {
    "declaration": gettext_lazy("Their word is enough"),
    "photo": gettext_lazy("A photo"),
    "return": gettext_lazy("Sending it back"),
}
LEVELS_OF_RISK = {
    "low": gettext_lazy("Low"),
    "medium": gettext_lazy("Medium"),
    "high": gettext_lazy("High"),
    "serious": gettext_lazy("Serious"),
}
CONFIDENCES = {
    "verified": gettext_lazy("text read"),
    "recalled": gettext_lazy("from memory, to be confirmed by counsel"),
    "unknown": gettext_lazy("unknown, to be confirmed by counsel"),
    "computed": gettext_lazy("worked out by Holdfast"),
    "own_rule": gettext_lazy("own rule, no law says it"),
}
ROLES = {
    "lead": gettext_lazy("Recall lead"),
    "quality": gettext_lazy("Quality"),
    "legal": gettext_lazy("Legal"),
    "support": gettext_lazy("Support lead"),
    "press": gettext_lazy("Press and public"),
    "warehouse": gettext_lazy("Warehouse"),
}
PHASES = {
    "contain": gettext_lazy("Contain"),
    "decide": gettext_lazy("Decide"),
    "tell": gettext_lazy("Tell"),
    "remedy": gettext_lazy("Remedy"),
    "account": gettext_lazy("Account"),
    "close": gettext_lazy("Close"),
}
