"""Reads about people: who is the sole owner, who acts, whether accounts exist."""

from __future__ import annotations

import hashlib

from holdfast.ground.access.models import ApiAnswer, ApiToken, Organisation, Person
from holdfast.ground.access.permissions import PERMISSIONS
from holdfast.kit.actors import NOBODY, SYSTEM, Actor
from holdfast.kit.quantities import whole_number


def organisation() -> Organisation:
    """The organisation's row; unsaved defaults where none is stored yet."""
    return Organisation.objects.filter(pk=1).first() or Organisation(pk=1)


def is_founded() -> bool:
    """Is there an organisation, as every instance has from its first command on?"""
    return Organisation.objects.filter(pk=1).exists()


def is_own_name(name: str) -> bool:
    """Did somebody say what the firm is called, or does the name a new instance has still stand?"""
    unnamed = str(Organisation._meta.get_field("name").get_default())
    return bool(name.strip()) and name.strip().casefold() != unnamed.casefold()


def actor_for(person: Person) -> Actor:
    """The person as an actor with their roles."""
    return Actor(
        key=f"person:{person.pk}",
        name=person.name,
        roles=frozenset(person.roles),
        person_id=person.pk,
        alone=organisation().is_one_person,
    )


def able_to(permission: str, most: int = 3) -> list[str]:
    """Names of some who may do this, for those who may not."""
    _words, roles = PERMISSIONS[permission]
    people = Person.objects.filter(is_active=True).order_by("pk")[:200]
    return [one.name for one in people if set(roles) & set(one.roles)][:most]


def actor_named(key: str) -> Actor:
    """Who asked for a job, with the roles they hold now; nobody, when they have left since."""
    if key == SYSTEM.key:
        return SYSTEM
    kind, _, number = key.partition(":")
    if kind == "person":
        person = Person.objects.filter(pk=whole_number(number), is_active=True).first()
        return actor_for(person) if person else NOBODY
    return NOBODY


def address_of(key: str) -> str:
    """Where somebody of the house reads e-mail: their own address, else the shop's, else none."""
    kind, _, number = key.partition(":")
    if kind == "person":
        person = Person.objects.filter(pk=whole_number(number), is_active=True).first()
        if person is not None and not person.email.endswith("@localhost"):
            return person.email
    return organisation().contact_email.strip()


def has_accounts() -> bool:
    """Whether anybody has a usable password: then nobody enters without signing in."""
    return any(p.has_usable_password() for p in Person.objects.filter(is_active=True)[:50])


def local_operator() -> Actor | None:
    """The sole owner of a one-person shop on this machine, or None once accounts exist."""
    people = list(Person.objects.filter(is_active=True)[:2])
    if len(people) == 1 and people[0].is_local_owner and not people[0].has_usable_password():
        return actor_for(people[0])
    return None


def person_named(word: str) -> Person | None:
    """A person by e-mail address or exact name."""
    found = Person.objects.filter(is_active=True, email__iexact=word).first()
    return found or Person.objects.filter(is_active=True, name__iexact=word).first()


def token_actor(secret: str) -> Actor | None:
    """The program that holds this secret, with its scope as its only role; None if it may not."""
    if not 20 <= len(secret) <= 200:
        return None
    digest = hashlib.sha256(secret.encode()).hexdigest()
    found = ApiToken.objects.filter(token_sha256=digest, revoked_at=None).first()
    return Actor(f"token:{found.pk}", found.name, frozenset({found.scope})) if found else None


def kept_answer(by: Actor, key: str) -> ApiAnswer | None:
    """What this program was told under this key."""
    return ApiAnswer.objects.filter(token_id=int(by.key.partition(":")[2]), key=key).first()
