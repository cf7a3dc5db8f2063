"""What the law asks about a recall: what it is, where it was sold, what we are there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction

from holdfast.decision.recalls.events import LegalProfileSet
from holdfast.decision.recalls.models import LegalProfile, Recall
from holdfast.decision.recalls.policies import may_record_clocks
from holdfast.ground.journal.actions import record
from holdfast.kit.actors import Actor
from holdfast.kit.regimes.law import ROLES
from holdfast.kit.regimes.places import category, place
from holdfast.kit.regimes.roles import role


@transaction.atomic
def set_legal_profile(
    *,
    recall: Recall,
    categories: Iterable[str] | None = None,
    sold_in: Iterable[str] | None = None,
    roles: Mapping[str, Iterable[str]] | None = None,
    by: Actor,
    now: datetime,
) -> LegalProfile:
    """Say what it is, where else it was sold, and our roles; None leaves what there is.

    An unknown category, country code or role is refused with what is known. `roles` maps a country
    code, or "" for all others, to roles.
    """
    may_record_clocks(by)
    recall = Recall.objects.select_for_update().get(pk=recall.pk)
    profile = LegalProfile.objects.filter(recall=recall).first() or LegalProfile(recall=recall)
    before = (profile.categories, profile.sold_in, profile.roles)
    if categories is not None:
        profile.categories = list(dict.fromkeys(category(one).id for one in categories))
    if sold_in is not None:
        profile.sold_in = sorted({place(one).code for one in sold_in})
    if roles is not None:
        profile.roles = _by_country(roles)
    if profile.pk and before == (profile.categories, profile.sold_in, profile.roles):
        return profile
    profile.set_by, profile.set_at = by.key, now
    profile.save()
    fact = LegalProfileSet(
        categories=tuple(profile.categories),
        sold_in=tuple(profile.sold_in),
        roles=profile.roles,
        said=_said(profile.roles),
    )
    record(fact, by=by, now=now, subject=recall.ref)
    return profile


def _by_country(roles: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for country, names in roles.items():
        held = sorted({role(name) for name in names})
        if held:
            found[place(country).code if country else ""] = held
    return dict(sorted(found.items()))


def _said(roles: Mapping[str, list[str]]) -> str:
    return "; ".join(
        f"{', '.join(ROLES[name] for name in names)} in {country or 'all other countries'}"
        for country, names in roles.items()
    )
