"""Who acts on the command line, and what time it is."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from holdfast.ground.access.models import Person
from holdfast.ground.access.queries import actor_for, person_named
from holdfast.kit.actors import Actor
from holdfast.kit.refusals import Unreadable


def actor(options: argparse.Namespace) -> Actor:
    """The person named with --as, else the only person there is."""
    if options.person:
        person = person_named(options.person)
        if person is None:
            raise Unreadable(
                "unknown_person",
                f"Nobody here is called “{options.person}”.",
                hint="See `holdfast people list`.",
            )
        return actor_for(person)
    people = list(Person.objects.filter(is_active=True)[:2])
    if len(people) != 1:
        raise Unreadable(
            "who_acts",
            "Several people work here; say who acts.",
            hint="Add --as E-MAIL; see `holdfast people list`.",
        )
    return actor_for(people[0])


def now() -> datetime:
    """This moment; the command line is one of the places that may look at the clock."""
    return datetime.now(UTC)
