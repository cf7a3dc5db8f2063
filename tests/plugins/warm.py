"""Commands forked from a process that has the libraries and the house loaded: a start costs little.

A command is still a process of its own with its own arguments, environment, folder and streams, and
with settings of its own: what is loaded beforehand reads them only when it acts.
"""

from __future__ import annotations

import contextlib
import os
import select
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.plugins.warm_client import ask

PATIENCE = 600.0
SERVER, CLIENT = (Path(__file__).with_name(f"warm_{side}.py") for side in ("server", "client"))


def governs_start(name: str) -> bool:
    """Whether Python or the C library read this variable once, when a process starts."""
    return name.startswith(("PYTHON", "LC_", "LD_", "MALLOC_")) or name in {"LANG", "LANGUAGE"}


class Forked(subprocess.Popen[str]):
    """A command that another process forked: what is asked of a child, asked over the line."""

    def __init__(self, command: list[str], line: socket.socket) -> None:
        self.args = command
        self.stdin = self.stdout = self.stderr = None
        self.returncode = None  # type: ignore[assignment]  # as it is before the end
        self._line = line
        self._answer = b""
        while b"\n" not in self._answer:
            self._hear()
        number, _, self._answer = self._answer.partition(b"\n")
        self.pid = int(number)

    def _hear(self) -> None:
        heard = self._line.recv(64)
        assert heard, "the warm process ended"
        self._answer += heard

    def poll(self) -> int | None:
        """The exit code, or None while it runs."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self.wait(0)
        return None

    def wait(self, timeout: float | None = None) -> int:
        """The exit code; a negative one is a signal."""
        until = None if timeout is None else time.monotonic() + timeout
        while self.returncode is None:
            left = None if until is None else max(0, until - time.monotonic())
            if not select.select([self._line], [], [], left)[0]:
                raise subprocess.TimeoutExpired(self.args, timeout or 0)
            self._hear()
            if self._answer.endswith(b"\n"):
                self.returncode = os.waitstatus_to_exitcode(int(self._answer))
                self._line.close()
        return self.returncode

    def communicate(
        self,
        input: str | None = None,  # noqa: A002  subprocess names it so
        timeout: float | None = None,
    ) -> tuple[str, str]:
        """What it said on both streams, read to the end."""
        assert input is None, "nothing is said to it"
        assert self.stdout is not None
        said: list[str] = []
        reader = threading.Thread(target=lambda: said.append(self.stdout.read()), daemon=True)
        reader.start()
        self.wait(timeout)
        reader.join(timeout)
        return "".join(said), ""


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
        with contextlib.ExitStack() as open_:
            streams = [open_.enter_context(tempfile.TemporaryFile()) for _ in range(3)]
            streams[0].write((stdin or "").encode())
            streams[0].seek(0)
            forked = self._fork(command, env, cwd, [stream.fileno() for stream in streams])
            try:
                code = forked.wait(timeout)
            except subprocess.TimeoutExpired:
                forked.kill()
                raise
            for stream in streams:
                stream.seek(0)
            out, err = (stream.read().decode() for stream in streams[1:])
        return subprocess.CompletedProcess(list(command), code, out, err)

    def begin(self, command: Sequence[str], *, env: Mapping[str, str], cwd: Path) -> Forked:
        """As `subprocess.Popen(…, stdin=DEVNULL, stdout=PIPE, stderr=STDOUT, text=True)`."""
        ours, theirs = os.pipe()
        with open(os.devnull, "rb") as nothing, open(theirs, "wb") as said:
            streams = [nothing.fileno(), said.fileno(), said.fileno()]
            forked = self._fork(command, env, cwd, streams)
        forked.stdout = open(ours, encoding="utf-8")  # noqa: SIM115  it is read to its end
        return forked

    def _fork(
        self, command: Sequence[str], env: Mapping[str, str], cwd: Path, streams: list[int]
    ) -> Forked:
        self.start()
        line = socket.socket(socket.AF_UNIX)
        line.connect(self._address)
        ask(line, streams, command[1:], env, str(cwd))
        return Forked(list(command), line)

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
