"""Writes about people: found the instance, add and remove people, change settings."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from django.db import transaction

from holdfast.ground.access.events import (
    ApiTokenIssued,
    ApiTokenRevoked,
    InstanceFounded,
    PersonAdded,
    PersonRemoved,
    RolesChanged,
    SettingsChanged,
)
from holdfast.ground.access.models import ApiAnswer, ApiToken, Organisation, Person
from holdfast.ground.access.permissions import ROLES, SCOPES, require
from holdfast.ground.access.queries import organisation
from holdfast.ground.journal.actions import record
from holdfast.kit.actors import SYSTEM, Actor
from holdfast.kit.refusals import Forbidden, Unreadable


@transaction.atomic
def found_instance(*, by: Actor = SYSTEM, now: datetime) -> Organisation:
    """Make the organisation and its sole owner, once; a later call changes nothing."""
    require(by, "settings.change")
    found = Organisation.objects.filter(pk=1).first()
    if found:
        return found
    org = Organisation.objects.create(pk=1)
    owner = Person(
        email="owner@localhost",
        name="Owner",
        roles=["lead", "approver", "agent"],
        is_local_owner=True,
        added_at=now,
    )
    owner.set_unusable_password()
    owner.save()
    record(InstanceFounded(shape="one person, no account"), by=by, now=now)
    return org


@transaction.atomic
def add_person(
    *, email: str, name: str, roles: list[str], password: str | None, by: Actor, now: datetime
) -> Person:
    """Add somebody; the first person with a password ends the account-less way in."""
    require(by, "people.manage")
    unknown = sorted(set(roles) - set(ROLES))
    if unknown or not roles:
        raise Unreadable(
            "unknown_role",
            f"No such role: {', '.join(unknown) or 'none given'}.",
            hint=f"Roles are {', '.join(ROLES)}.",
        )
    if Person.objects.filter(email__iexact=email).exists():
        raise Unreadable("person_exists", "Somebody with this e-mail address is already here.")
    person = Person(email=email.lower(), name=name, roles=sorted(set(roles)), added_at=now)
    if password:
        person.set_password(password)
    else:
        person.set_unusable_password()
    person.save()
    org = organisation()
    if (
        org.is_one_person
        and Person.objects.filter(is_active=True, is_local_owner=False).count() > 1
    ):
        org.is_one_person = False
        org.save()
    record(PersonAdded(person=f"person:{person.pk}", roles=tuple(person.roles)), by=by, now=now)
    return person


@transaction.atomic
def change_roles(*, person: Person, roles: list[str], by: Actor, now: datetime) -> Person:
    """Give a person other roles; somebody must remain who may manage people."""
    require(by, "people.manage")
    others = Person.objects.filter(is_active=True).exclude(pk=person.pk)
    if "lead" not in roles and not any("lead" in p.roles for p in others):
        raise Forbidden(
            "last_lead", "Nobody would be left as recall lead.", hint="Name another lead first."
        )
    person.roles = sorted(set(roles) & set(ROLES))
    person.save()
    record(RolesChanged(person=f"person:{person.pk}", roles=tuple(person.roles)), by=by, now=now)
    return person


@transaction.atomic
def remove_person(*, person: Person, by: Actor, now: datetime) -> Person:
    """Close a person's way in; what they did stays theirs in the journal."""
    require(by, "people.manage")
    others = Person.objects.filter(is_active=True).exclude(pk=person.pk)
    if not any("lead" in p.roles for p in others):
        raise Forbidden("last_lead", "Nobody would be left as recall lead.")
    person.is_active = False
    person.save()
    record(PersonRemoved(person=f"person:{person.pk}"), by=by, now=now)
    return person


@transaction.atomic
def change_settings(*, changes: dict[str, object], by: Actor, now: datetime) -> Organisation:
    """Set fields of the organisation by name; unknown names are refused."""
    require(by, "settings.change")
    org = organisation()
    for name, value in changes.items():
        if name == "id" or name not in {f.name for f in Organisation._meta.get_fields()}:
            raise Unreadable("unknown_setting", f"There is no setting called “{name}”.")
        setattr(org, name, value)
    org.save()
    record(SettingsChanged(names=tuple(sorted(changes))), by=by, now=now)
    return org


ANSWERS_KEPT = timedelta(days=7)


@transaction.atomic
def issue_api_token(*, name: str, scope: str, secret: str, by: Actor, now: datetime) -> ApiToken:
    """Let another program in; `secret` is shown once by the caller, here only its hash stays."""
    require(by, "token.issue")
    name = " ".join(name.split())
    if not name or len(name) > 40:
        raise Unreadable("token_name", "A token needs a name of at most 40 characters.")
    if scope not in SCOPES:
        raise Unreadable(
            "unknown_scope",
            f"No scope is called “{scope[:40]}”.",
            hint=f"Known: {', '.join(SCOPES)}.",
        )
    if ApiToken.objects.filter(name__iexact=name).exists():
        raise Unreadable(
            "token_exists",
            f"A token is called “{name}” already.",
            hint="Name it after the program that uses it; a revoked name stays taken.",
        )
    made = ApiToken.objects.create(
        name=name,
        scope=scope,
        token_sha256=hashlib.sha256(secret.encode()).hexdigest(),
        made_by=by.key,
        made_at=now,
    )
    record(ApiTokenIssued(program=made.pk, scope=scope), by=by, now=now)
    return made


@transaction.atomic
def revoke_api_token(*, token: ApiToken, by: Actor, now: datetime) -> ApiToken:
    """Close a program's way in, at once and for good."""
    require(by, "token.issue")
    closed = ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(
        revoked_at=now, revoked_by=by.key
    )
    if closed:
        record(ApiTokenRevoked(program=token.pk, scope=token.scope), by=by, now=now)
    return token


def keep_answer(
    *,
    key: str,
    request_sha256: str,
    status: int,
    body: dict[str, object],
    by: Actor,
    now: datetime,
) -> ApiAnswer:
    """Keep what a program was told under its key for a week; older ones are dropped."""
    ApiAnswer.objects.filter(made_at__lt=now - ANSWERS_KEPT).delete()
    return ApiAnswer.objects.create(
        token_id=int(by.key.partition(":")[2]),
        key=key,
        request_sha256=request_sha256,
        status=status,
        body=body,
        made_at=now,
    )
