"""The hazards of the list in the reader's language."""

from __future__ import annotations

import re

from django.utils.translation import gettext_lazy, pgettext

from holdfast.decision.investigations.rules import hazard_words

TITLES = {
    "fire": gettext_lazy("fire, smoke, overheating"),
    "burn": gettext_lazy("burns to a person"),
    "shock": gettext_lazy("electric shock"),
    "explosion": gettext_lazy("explosion or bursting"),
    "choking": gettext_lazy("choking on a small part or food"),
    "ingestion": gettext_lazy("swallowing of magnets, batteries or objects that harm inside"),
    "suffocation": gettext_lazy("suffocation"),
    "strangulation": gettext_lazy("strangulation"),
    "entrapment": gettext_lazy("entrapment, pinching, hair caught"),
    "laceration": gettext_lazy("cuts, punctures, sharp edges"),
    "impact": gettext_lazy("struck by something, flying parts, injury to the eye"),
    "fall": gettext_lazy("falling, losing balance or control"),
    "tip_over": gettext_lazy("furniture or objects tipping onto a person"),
    "drowning": gettext_lazy("drowning"),
    "hearing": gettext_lazy("damage to hearing"),
    "poisoning": gettext_lazy("poisoning, toxic substance, lead, fumes"),
    "chemical": gettext_lazy("contact with a harmful substance, rash, leaking batteries"),
    "allergen": gettext_lazy("allergic reaction, undeclared allergen"),
    "foreign_body": gettext_lazy("foreign body in food"),
    "mould": gettext_lazy("mould or spoilage"),
    "pathogen": gettext_lazy("germs, illness after eating or drinking"),
}


def hazard_title(key: str) -> str:
    """The hazard by its name; one the list got later by its English title."""
    return str(TITLES.get(key) or (hazard_words(key) if key else ""))


def settling_parts(settle: str) -> list[str]:
    """What would settle it, part by part, as the list of hazards has it, for screens."""
    parts = [part.strip() for part in settle.split(";")]
    return [pgettext("what settles it", part) for part in parts if part]


def settling_words(task: str) -> str:
    """A line of an investigation's checklist; what a person wrote is told as they wrote it."""
    if not task:
        return ""
    found = re.fullmatch(r"Read the (?P<n>\d+) reports; set aside those about something else", task)
    if found:
        sentence = "Read the %(n)s reports; set aside those about something else"
        return pgettext("what settles it", sentence) % found.groupdict()
    whole = pgettext("what settles it", task)
    begun = task[0].lower() + task[1:]
    part = pgettext("what settles it", begun)
    return whole if part == begun else part[0].upper() + part[1:]
