"""The copy a drill runs on, as processes of their own: told to begin and score, and served."""

from __future__ import annotations

import atexit
import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from holdfast.kit.refusals import Forbidden

LEFT_OUT = ("HOLDFAST_DATABASE_URL", "HOLDFAST_SMTP_URL", "HOLDFAST_PUBLIC_URL")
PATIENCE = 20.0
_served: dict[str, tuple[subprocess.Popen[bytes], int]] = {}


def _environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in LEFT_OUT}
    return {**kept, "HOLDFAST_HOME": str(home)}


def in_copy(home: Path, verb: str) -> dict[str, Any]:
    """Run `holdfast drill begin|score` inside the copy, away from this database."""
    ran = subprocess.run(
        [sys.executable, "-m", "holdfast", "drill", verb, "--json"],
        env=_environment(home),
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    told: dict[str, Any] = json.loads(ran.stdout or "{}")
    if ran.returncode not in (0, 1):
        error = told.get("error") or {}
        raise Forbidden(
            error.get("code", "drill_failed"),
            error.get("message", f"The copy could not {verb} the drill."),
            hint=error.get("hint", ""),
        )
    return told


def open_copy(ref: str, home: Path) -> str:
    """Serve the copy on this machine, once, and give its address."""
    known = address_of(ref)
    if known:
        return known
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    served = subprocess.Popen(
        [sys.executable, "-m", "holdfast", "serve", "--host", "127.0.0.1", "--port", str(port)],
        env=_environment(home),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _served[ref] = (served, port)
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and served.poll() is None:
        with socket.socket() as probe:
            probe.settimeout(0.3)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return f"http://127.0.0.1:{port}/"
        time.sleep(0.1)
    raise Forbidden(
        "drill_not_served",
        "The copy did not answer.",
        hint=f"Serve it yourself: holdfast serve --home {home}",
    )


def address_of(ref: str) -> str:
    """Where the copy is served from this process, or nothing."""
    found = _served.get(ref)
    if found is None or found[0].poll() is not None:
        return ""
    return f"http://127.0.0.1:{found[1]}/"


def close_copy(ref: str) -> None:
    """Stop serving the copy; its folder stays."""
    found = _served.pop(ref, None)
    if found is not None and found[0].poll() is None:
        found[0].terminate()


@atexit.register
def _close_all() -> None:
    for ref in list(_served):
        close_copy(ref)
