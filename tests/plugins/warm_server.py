"""The process with the libraries and the house loaded: it forks commands for all who ask."""

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
import sys
import tempfile
import time
from typing import Any

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


FLOORS = ("kit", "ground", "supply", "decision", "response", "learning", "insight")
SETTINGS = "holdfast.config.settings"


def load() -> None:
    """Import the libraries, every floor and the command line, under settings nobody keeps."""
    # DuckDB counts its own objects at the end and complains of those the collector left alone.
    sys.modules["duckdb"] = None  # type: ignore[assignment]
    for name in LIBRARIES:
        importlib.import_module(name)
    with tempfile.TemporaryDirectory(prefix="holdfast-warm-") as nowhere:
        os.environ |= {"HOLDFAST_HOME": nowhere, "DJANGO_SETTINGS_MODULE": SETTINGS}
        importlib.import_module("django").setup()
        for floor in FLOORS:
            _load_all(f"holdfast.{floor}")
        importlib.import_module("django.db.migrations.loader").MigrationLoader(None)
    _forget_settings()
    importlib.import_module("holdfast.doors.cli.run").parser()
    del sys.modules["duckdb"]
    gc.collect()
    gc.freeze()  # a command that ends need not go through all this once more


def _load_all(package: str) -> None:
    path = importlib.import_module(package).__path__
    for found in pkgutil.walk_packages(path, f"{package}.", onerror=lambda _name: None):
        if not found.name.endswith("__main__") and ".migrations" not in found.name:
            with contextlib.suppress(ModuleNotFoundError):  # it wants DuckDB
                importlib.import_module(found.name)


def _forget_settings() -> None:
    """A command reads its own home, database and addresses: the house asks only when it acts."""
    conf, database = importlib.import_module("django.conf"), importlib.import_module("django.db")
    conf.settings._wrapped = conf.empty
    del sys.modules[SETTINGS], importlib.import_module("holdfast.config").settings
    database.connections.__init__()
    vars(database.connections).pop("settings", None)
    assert not conf.settings.configured


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
