"""Commands forked from a process that has the libraries and the house loaded: a start costs little.

A command is still a process of its own with its own arguments, environment, folder and streams, and
with settings of its own: what is loaded beforehand reads them only when it acts.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.plugins.warm_client import ask

PATIENCE = 120.0
SERVER, CLIENT = (Path(__file__).with_name(f"warm_{side}.py") for side in ("server", "client"))


def governs_start(name: str) -> bool:
    """Whether Python or the C library read this variable once, when a process starts."""
    return name.startswith(("PYTHON", "LC_", "LD_", "MALLOC_")) or name in {"LANG", "LANGUAGE"}


class Warm:
    """The process to fork from, as its client sees it; started at the first use."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self.env = dict(env)
        self._folder = tempfile.TemporaryDirectory(prefix="holdfast-warm-")
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def _address(self) -> str:
        return f"{self._folder.name}/socket"

    def suits(self, command: Sequence[str], env: Mapping[str, str]) -> bool:
        """Whether a fork would be like this command started anew."""
        if list(command[:1]) != [sys.executable] or command[1] not in {"-m", "-c"}:
            return False
        names = {name for name in {*env, *self.env} if governs_start(name)}
        return all(env.get(name) == self.env.get(name) for name in names)

    def run(
        self,
        command: Sequence[str],
        *,
        env: Mapping[str, str],
        cwd: Path,
        stdin: str | None = None,
        timeout: float | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """As `subprocess.run(…, capture_output=True, text=True)`."""
        self.start()
        with contextlib.ExitStack() as open_:
            streams = [open_.enter_context(tempfile.TemporaryFile()) for _ in range(3)]
            streams[0].write((stdin or "").encode())
            streams[0].seek(0)
            line = open_.enter_context(socket.socket(socket.AF_UNIX))
            line.connect(self._address)
            ask(line, [stream.fileno() for stream in streams], command[1:], env, str(cwd))
            line.settimeout(timeout)
            answer = line.makefile("r", encoding="ascii")
            pid = int(answer.readline())
            try:
                status = int(answer.readline())
            except TimeoutError:
                os.kill(pid, signal.SIGKILL)
                raise subprocess.TimeoutExpired(list(command), timeout or 0) from None
            for stream in streams:
                stream.seek(0)
            out, err = (stream.read().decode() for stream in streams[1:])
        code = os.waitstatus_to_exitcode(status)
        return subprocess.CompletedProcess(list(command), code, out, err)

    def command(self) -> str:
        """`python -m holdfast` for a script that starts commands itself."""
        self.start()
        return f"{sys.executable} -I {CLIENT} {self._address}"

    def start(self) -> None:
        """Start the process to fork from, if it is not there yet."""
        with self._lock:
            if self._process is not None:
                return
            self._process = subprocess.Popen(
                [sys.executable, str(SERVER), self._address], env=self.env, stdin=subprocess.DEVNULL
            )
            until = time.monotonic() + PATIENCE
            while not Path(self._address).exists():
                assert self._process.poll() is None, "the warm process did not start"
                assert time.monotonic() < until, "the warm process is not ready"
                time.sleep(0.02)

    def stop(self) -> None:
        """End the process; the commands have ended before."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._folder.cleanup()
