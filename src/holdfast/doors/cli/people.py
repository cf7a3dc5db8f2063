"""People on the command line: who may sign in, and with which roles."""

from __future__ import annotations

import argparse
import getpass
import sys

from holdfast.doors.cli.answer import Answer
from holdfast.kit.refusals import Unreadable


def add(commands: argparse._SubParsersAction, common: argparse.ArgumentParser) -> None:  # type: ignore[type-arg]
    """Add `people add|list`."""
    group = commands.add_parser("people", help="who works here, and their roles")
    verbs = group.add_subparsers(dest="verb", metavar="VERB", required=True)
    new = verbs.add_parser(
        "add",
        parents=[common],
        help="add a person",
        epilog="example:  holdfast people add ana@example.org --name Ana --role lead",
    )
    new.add_argument("email")
    new.add_argument("--name", required=True)
    new.add_argument("--role", action="append", required=True, help="lead, approver, agent, viewer")
    new.add_argument("--password-stdin", action="store_true", help="read the password from input")
    new.set_defaults(run=_add)
    everyone = verbs.add_parser(
        "list", parents=[common], help="list people", epilog="example:  holdfast people list"
    )
    everyone.set_defaults(run=_list)


def _add(options: argparse.Namespace) -> Answer:
    from holdfast.doors.cli.acting import actor, now
    from holdfast.ground.access.actions import add_person

    if options.password_stdin:
        password = sys.stdin.readline().rstrip("\n")
    elif sys.stdin.isatty():
        password = getpass.getpass("Password (12 characters or more): ")
    else:
        password = ""
    if password and len(password) < 12:
        raise Unreadable("short_password", "The password has fewer than 12 characters.")
    person = add_person(
        email=options.email,
        name=options.name,
        roles=options.role,
        password=password or None,
        by=actor(options),
        now=now(),
    )
    return Answer(
        {"person": f"person:{person.pk}", "roles": person.roles},
        f"{person.name} was added as {', '.join(person.roles)}.",
    )


def _list(options: argparse.Namespace) -> Answer:
    from holdfast.ground.access.models import Person

    people = [
        {
            "person": f"person:{p.pk}",
            "name": p.name,
            "email": p.email,
            "roles": p.roles,
            "signs_in": p.has_usable_password(),
        }
        for p in Person.objects.filter(is_active=True).order_by("pk")
    ]
    lines = [f"{p['name']}  {p['email']}  {', '.join(p['roles'])}" for p in people]
    return Answer({"people": people}, "\n".join(lines))
