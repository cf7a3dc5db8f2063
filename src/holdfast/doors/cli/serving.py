"""Serving: `demo`, `serve`, `worker`."""

from __future__ import annotations

import argparse
import os
import socket
import sys
import threading
import time
import webbrowser

from holdfast.doors.cli.answer import Answer
from holdfast.kit.refusals import Forbidden

LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def add(commands: argparse._SubParsersAction, common: argparse.ArgumentParser) -> None:  # type: ignore[type-arg]
    """Add `serve` and `worker`."""
    serve = commands.add_parser(
        "serve",
        parents=[common],
        help="run the application",
        epilog="example:  holdfast serve --port 8765\n"
        "Behind a reverse proxy HOLDFAST_TRUSTED_PROXIES says how many stand in front (1), or\n"
        "which networks they are in (10.0.0.0/8); else all readers count as one address.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8765)
    serve.add_argument("--no-worker", action="store_true", help="pages only; run `holdfast worker`")
    serve.set_defaults(run=_serve)
    worker = commands.add_parser(
        "worker",
        parents=[common],
        help="do background work",
        epilog="example:  HOLDFAST_DATABASE_URL=postgresql://… holdfast worker",
    )
    worker.set_defaults(run=_worker)


def _serve(options: argparse.Namespace) -> Answer:
    from holdfast.ground.access.queries import has_accounts

    if options.host not in LOOPBACK and not has_accounts():
        raise Forbidden(
            "no_accounts",
            f"On {options.host} others could come in, and nobody here has a password.",
            hint="First: holdfast people add you@example.org --name You --role lead",
        )
    if options.host in LOOPBACK:
        links_lead_to(f"http://{options.host}:{options.port}")
    serve_here(options.host, options.port, with_worker=not options.no_worker)
    return Answer({"served": True})


def links_lead_to(url: str) -> None:
    """Links in notices lead to this very process, unless the operator named another address."""
    from django.conf import settings

    if not os.environ.get("HOLDFAST_PUBLIC_URL"):
        os.environ["HOLDFAST_PUBLIC_URL"] = url
        settings.PUBLIC_URL = url


def serve_here(host: str, port: int, *, with_worker: bool, open_page: str = "") -> None:
    """Serve until stopped; a page to open is opened once the port answers."""
    from granian import Granian
    from granian.constants import Interfaces

    from holdfast.doors.cli.run import settle

    settle()
    os.environ["HOLDFAST_WORK_HERE"] = "1" if with_worker else "0"
    shown = f"[{host}]" if ":" in host else host
    if open_page:
        threading.Thread(target=_open_when_up, args=(host, port, open_page), daemon=True).start()
    print(f"Holdfast is at http://{shown}:{port}/", file=sys.stderr, flush=True)
    Granian(
        "holdfast.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=4,
        log_enabled=False,
        websockets=False,
    ).serve()


def _open_when_up(host: str, port: int, page: str) -> None:
    """A browser that comes before the server shows an error and does not try again."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            socket.create_connection((host, port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            webbrowser.open(page)
            return


def _worker(options: argparse.Namespace) -> Answer:
    from django.conf import settings
    from django.utils.module_loading import import_string

    def ready() -> None:
        print("Working. Stop with Ctrl-C.", file=sys.stderr, flush=True)

    import_string(settings.WORKER)(ready)
    return Answer({"stopped": True})
