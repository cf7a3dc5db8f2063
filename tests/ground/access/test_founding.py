"""The instance is founded once, one person needs no account, and accounts close that way in."""

from datetime import UTC, datetime

import pytest

from holdfast.ground.access.actions import (
    add_person,
    change_roles,
    change_settings,
    found_instance,
    remove_person,
)
from holdfast.ground.access.models import Organisation, Person
from holdfast.ground.access.permissions import PERMISSIONS, may, require
from holdfast.ground.access.queries import actor_for, has_accounts, local_operator
from holdfast.kit.actors import NOBODY, PUBLIC, Actor
from holdfast.kit.refusals import Forbidden, NotPermitted, Unreadable

NOW = datetime(2026, 4, 14, 8, 5, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> Actor:
    found_instance(now=NOW)
    found = local_operator()
    assert found is not None
    return found


def test_founding_twice_changes_nothing(owner: Actor) -> None:
    found_instance(now=NOW)
    assert Organisation.objects.count() == 1
    assert Person.objects.count() == 1
    assert owner.alone


def test_the_first_password_ends_the_way_in_without_an_account(owner: Actor) -> None:
    add_person(
        email="Ana@example.org",
        name="Ana",
        roles=["lead"],
        password="a long enough one",
        by=owner,
        now=NOW,
    )
    assert has_accounts()
    assert local_operator() is None


def test_a_second_colleague_ends_the_one_person_shop(owner: Actor) -> None:
    for name in ("Ana", "Ben"):
        add_person(
            email=f"{name}@example.org",
            name=name,
            roles=["lead"],
            password="a long enough one",
            by=owner,
            now=NOW,
        )
    ana = Person.objects.get(name="Ana")
    assert not actor_for(ana).alone


def test_an_unknown_role_and_a_known_address_are_refused(owner: Actor) -> None:
    with pytest.raises(Unreadable, match="No such role: boss"):
        add_person(
            email="x@example.org", name="X", roles=["boss"], password=None, by=owner, now=NOW
        )
    add_person(email="x@example.org", name="X", roles=["agent"], password=None, by=owner, now=NOW)
    with pytest.raises(Unreadable, match="already"):
        add_person(
            email="X@example.org", name="X", roles=["agent"], password=None, by=owner, now=NOW
        )


def test_the_last_lead_cannot_leave(owner: Actor) -> None:
    person = Person.objects.get()
    with pytest.raises(Forbidden, match="Nobody would be left"):
        remove_person(person=person, by=owner, now=NOW)
    with pytest.raises(Forbidden, match="Nobody would be left"):
        change_roles(person=person, roles=["viewer"], by=owner, now=NOW)


def test_an_unknown_setting_is_refused(owner: Actor) -> None:
    assert change_settings(changes={"zone": "Europe/Berlin"}, by=owner, now=NOW).zone
    with pytest.raises(Unreadable, match="no setting called"):
        change_settings(changes={"colour": "blue"}, by=owner, now=NOW)


@pytest.mark.parametrize("stranger", [NOBODY, PUBLIC])
@pytest.mark.parametrize("permission", sorted(PERMISSIONS))
def test_strangers_hold_no_permission(stranger: Actor, permission: str) -> None:
    assert not may(stranger, permission)
    with pytest.raises(NotPermitted, match="may not do this"):
        require(stranger, permission)
