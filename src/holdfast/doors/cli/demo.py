"""`demo`: the sample company with a live recall, served here; built once, opened at once after."""

from __future__ import annotations

import argparse
import sys
import time

from holdfast.doors.cli.answer import Answer
from holdfast.kit.refusals import Forbidden


def add(commands: argparse._SubParsersAction, common: argparse.ArgumentParser) -> None:  # type: ignore[type-arg]
    """Add `demo`."""
    demo = commands.add_parser(
        "demo",
        parents=[common],
        help="the sample company with a live recall",
        epilog="example:  holdfast demo --no-browser",
    )
    demo.add_argument("--host", default="127.0.0.1")
    demo.add_argument("--port", type=int, default=8765)
    demo.add_argument("--no-browser", action="store_true", help="do not open a browser")
    demo.add_argument("--no-serve", action="store_true", help="only build it, do not serve")
    demo.add_argument(
        "--orders", metavar="FILE", default="", help="real orders; lots and addresses are simulated"
    )
    demo.set_defaults(run=_demo, folder_in_home="demo")


def _demo(options: argparse.Namespace) -> Answer:
    from django.conf import settings

    from holdfast.doors.cli.run import settle
    from holdfast.doors.cli.serving import links_lead_to, serve_here

    links_lead_to(f"http://{options.host}:{options.port}")
    seconds = _build(options.orders)
    settle()  # the figures, before anybody is told where to look
    link = _personal_link()
    told: dict[str, object] = {
        "desk": f"{settings.PUBLIC_URL}/",
        "personal": link,
        "built_in_seconds": seconds,
        "simulated": True,
    }
    lines = [
        "Sample data: this company, its orders and its people are invented."
        if not options.orders
        else "Orders are real; lots, receipts, addresses and answers are simulated.",
        f"Desk:          {told['desk']}",
        f"Personal link: {link}",
    ]
    if options.no_serve:
        return Answer(told, "\n".join(lines))
    print("\n".join(lines), file=sys.stderr, flush=True)
    opened = "" if options.no_browser else str(told["desk"])
    serve_here(options.host, options.port, with_worker=True, open_page=opened)
    return Answer({**told, "served": True})


def _build(orders: str) -> float:
    """Build the sample in an empty home; open the one that is there; refuse to touch real data."""
    from holdfast.doors.cli.acting import now
    from holdfast.doors.cli.sample.story import tell_sample
    from holdfast.ground.access.models import Person
    from holdfast.ground.access.queries import actor_for, organisation
    from holdfast.supply.orders.models import OrderLine

    if organisation().is_simulated:
        return 0.0
    if OrderLine.objects.exists():
        raise Forbidden(
            "real_data_here",
            "This home holds real data; the sample is never mixed with it.",
            hint="Give it a home of its own: holdfast demo --home DIR.",
        )
    print("Building the sample company …", file=sys.stderr, flush=True)
    began = time.perf_counter()
    owner = Person.objects.filter(is_active=True).order_by("pk")[0]
    tell_sample(by=actor_for(owner), now=now(), orders=orders)
    return round(time.perf_counter() - began, 2)


def _personal_link() -> str:
    """The link of somebody in the live recall who has not answered yet."""
    from django.conf import settings
    from django.db.models import Exists, OuterRef

    from holdfast.response.remedies.models import Claim, PersonalLink
    from holdfast.response.remedies.rules import link_token

    answered = Claim.objects.filter(recall=OuterRef("recall"), customer=OuterRef("customer"))
    links = PersonalLink.objects.filter(
        ~Exists(answered), recall__state="telling", revoked_at__isnull=True
    ).order_by("pk")
    link = links.filter(customer__language="en").first() or links.first()
    if link is None:
        return f"{settings.PUBLIC_URL}/recall"
    token = link_token(
        settings.LINK_KEY,
        recall=link.recall.ref,
        recipient=f"customer:{link.customer_id}",
        number=link.number,
    )
    return f"{settings.PUBLIC_URL}/r/{token}"
