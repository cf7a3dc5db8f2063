"""Commands forked from a process that has the libraries loaded: a start costs a third.

A command is still a process of its own with its own arguments, environment, folder and streams.
Only what reads nothing when it is imported is loaded beforehand: no settings, no home, no model.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import importlib
import json
import os
import pkgutil
import runpy
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

PATIENCE = 120.0

LIBRARIES = """
    argon2 babel.dates babel.numbers decimal difflib email.message html.parser http.cookies
    numpy openpyxl PIL.Image psycopg pypdf segno smtplib sqlite3 urllib.request
    xml.etree.ElementTree yaml zstandard
    django.contrib.admin.utils django.core.checks django.core.files.storage
    django.core.management.commands.migrate django.core.serializers.json django.core.validators
    django.db.backends.postgresql.base django.db.backends.sqlite3.base django.db.migrations.executor
    django.db.models django.forms django.http django.middleware.csrf django.shortcuts
    django.template.backends.django django.template.loader_tags django.template.defaultfilters
    django.test.signals django.urls django.utils.translation.trans_real django.views.debug
""".split()


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
        self._start()
        with contextlib.ExitStack() as open_:
            streams = [open_.enter_context(tempfile.TemporaryFile()) for _ in range(3)]
            streams[0].write((stdin or "").encode())
            streams[0].seek(0)
            line = open_.enter_context(socket.socket(socket.AF_UNIX))
            line.connect(self._address)
            asked = json.dumps({"command": command[1:], "env": dict(env), "cwd": str(cwd)}).encode()
            socket.send_fds(line, [b"!"], [stream.fileno() for stream in streams])
            line.sendall(asked)
            line.shutdown(socket.SHUT_WR)
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

    def _start(self) -> None:
        with self._lock:
            if self._process is not None:
                return
            self._process = subprocess.Popen(
                [sys.executable, __file__, self._address], env=self.env, stdin=subprocess.DEVNULL
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


def load() -> None:
    """Import the libraries, the kit and the command line, as far as none asks for settings."""
    # DuckDB counts its own objects at the end and complains of those the collector left alone.
    sys.modules["duckdb"] = None  # type: ignore[assignment]
    for name in LIBRARIES:
        importlib.import_module(name)
    kit = importlib.import_module("holdfast.kit")
    for found in pkgutil.walk_packages(kit.__path__, "holdfast.kit.", onerror=lambda _name: None):
        if not found.name.endswith("__main__"):
            with contextlib.suppress(ModuleNotFoundError):  # it wants DuckDB
                importlib.import_module(found.name)
    importlib.import_module("holdfast.doors.cli.run").parser()
    del sys.modules["duckdb"]
    gc.collect()
    gc.freeze()  # a command that ends need not go through all this once more


def serve(address: str) -> dict[str, Any]:
    """Fork for every caller; return, in the process that is to be the command, what was asked."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # how a middleman ends is nobody's question
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(f"{address}.new")
        server.listen(16)
        os.rename(f"{address}.new", address)
        while True:
            caller, _ = server.accept()
            if os.fork() == 0:
                break
            caller.close()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    return _stand_between(caller)


def _stand_between(caller: socket.socket) -> dict[str, Any]:
    """Fork the command, tell the caller its number and how it ended."""
    _, streams, _, _ = socket.recv_fds(caller, 1, 3)
    with caller.makefile("rb") as words:
        asked: dict[str, Any] = json.load(words)
    pid = os.fork()
    if pid == 0:
        caller.close()
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
            os.close(stream)
        return asked
    caller.sendall(b"%d\n" % pid)
    _, status = os.waitpid(pid, 0)
    with contextlib.suppress(OSError):  # the caller lost patience
        caller.sendall(b"%d\n" % status)
    os._exit(0)


def become(command: list[str], env: dict[str, str], cwd: str) -> None:
    """Be `python -m MODULE …` or `python -c CODE`, in this environment and folder."""
    os.environ.clear()
    os.environ.update(env)
    time.tzset()
    os.chdir(cwd)
    how, what, *words = command
    sys.argv = [how, *words]
    sys.path.insert(0, cwd if how == "-m" else "")
    if how == "-m":
        runpy.run_module(what, run_name="__main__", alter_sys=True)
    else:
        exec(compile(what, "<string>", "exec"), {"__name__": "__main__"})


if __name__ == "__main__":
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG: it ends with its run
    sys.path.pop(0)
    load()
    become(**serve(sys.argv[1]))
