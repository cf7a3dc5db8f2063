"""Names for actors' keys, as screens show them; the journal itself keeps only keys."""

from __future__ import annotations

from django.utils.translation import gettext as _

from holdfast.ground.access.models import Person


def name_of(key: str) -> str:
    """“person:3” as the person's name; system and public actors in words."""
    return names_of([key])[key]


def names_of(keys: list[str]) -> dict[str, str]:
    """Many at once, with one look-up."""
    numbers = [int(key[7:]) for key in keys if key.startswith("person:") and key[7:].isdigit()]
    found = dict(Person.objects.filter(pk__in=numbers).values_list("pk", "name"))
    return {key: _one(key, found) for key in keys}


def _one(key: str, found: dict[int, str]) -> str:
    kind, _colon, rest = key.partition(":")
    if kind == "person" and rest.isdigit():
        return found.get(int(rest), _("somebody who left"))
    if kind == "public":
        return _("a consumer")
    if kind == "system":
        return "Holdfast"
    return key or "–"
