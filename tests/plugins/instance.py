"""`instance`: a whole Holdfast seen from outside, in its own home, on the database of the lane."""

from __future__ import annotations

import atexit
import itertools
import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.plugins.postgres import SERVER, database_url
from tests.plugins.schema import begin, database_with_tables, file_with_tables
from tests.plugins.warm import Warm

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 600.0
_numbers = itertools.count(1)


def pytest_configure() -> None:
    """A shell starts what runs in its background deaf to Ctrl-C, and deafness is inherited."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@dataclass
class Ran:
    """One finished command."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """Standard output as the one object that `--json` promises."""
        found = json.loads(self.out)
        assert isinstance(found, dict), self.out
        return found


@dataclass
class Serving:
    """A `holdfast serve` or `demo` that answers at `url`."""

    url: str
    process: subprocess.Popen[str]
    said: list[str]

    def stop(self) -> int:
        """End it as Ctrl-C would."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
        return self.process.wait()


@dataclass
class Instance:
    """Runs `holdfast` the way a person or a script does."""

    home: Path
    env: dict[str, str]
    command: list[str] = field(default_factory=lambda: [sys.executable, "-m", "holdfast"])
    folder: Path = ROOT
    is_bare: bool = False
    _served: list[Serving] = field(default_factory=list)

    def run(
        self,
        *words: str | Path,
        expect: int | None = 0,
        stdin: str | None = None,
        timeout: float = 300,
        **env: str,
    ) -> Ran:
        """Run one command to its end; `expect=None` accepts any exit code."""
        done = run_process(
            [*self.command, *map(str, words)],
            env={**self.env, **env},
            cwd=self.folder,
            stdin=stdin,
            timeout=timeout,
            anew=self.is_bare,
        )
        ran = Ran(done.returncode, done.stdout, done.stderr)
        if expect is not None:
            assert ran.code == expect, f"exit {ran.code}: {words}\n{ran.out}\n{ran.err}"
        return ran

    def json(self, *words: str | Path, expect: int | None = 0, **more: Any) -> dict[str, Any]:
        """Run with `--json` and give the object."""
        return self.run(*words, "--json", expect=expect, **more).json

    def start(self, *words: str | Path, **env: str) -> subprocess.Popen[str]:
        """Start a command and leave it running; the caller ends it."""
        command, its_env = [*self.command, *map(str, words)], {**self.env, **env}
        if not self.is_bare and warm().suits(command, its_env):
            return warm().begin(command, env=its_env, cwd=self.folder)
        return subprocess.Popen(
            command,
            env=its_env,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def serve(self, *words: str, port: int | None = None, **env: str) -> Serving:
        """Serve (or `demo`) on a free port and wait until a page comes."""
        what = list(words) or ["serve"]
        port = port or free_port()
        process = self.start(*what, "--port", str(port), **env)
        said: list[str] = []
        assert process.stdout is not None
        threading.Thread(target=said.extend, args=(process.stdout,), daemon=True).start()
        url = f"http://127.0.0.1:{port}"
        serving = Serving(url, process, said)
        self._served.append(serving)
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and process.poll() is None:
            if answers(url):
                return serving
            time.sleep(0.1)
        serving.stop()
        raise AssertionError(f"{what} did not answer at {url}:\n{''.join(said)}")

    def stop(self) -> None:
        """End whatever still serves."""
        for serving in self._served:
            serving.stop()


def run_process(
    command: list[str],
    *,
    env: dict[str, str],
    cwd: Path = ROOT,
    stdin: str | None = None,
    timeout: float | None = None,
    anew: bool = False,
) -> subprocess.CompletedProcess[str]:
    """Run Python to its end: forked from the warm process, or `anew` as on anybody's machine."""
    if not anew and warm().suits(command, env):
        return warm().run(command, env=env, cwd=cwd, stdin=stdin, timeout=timeout)
    return subprocess.run(
        command,
        env=env,
        cwd=cwd,
        input=stdin,
        stdin=subprocess.DEVNULL if stdin is None else None,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


@cache
def warm() -> Warm:
    """The process that commands of this run are forked from."""
    made = Warm(environment(Path("nowhere"), os.environ.get(SERVER)))
    atexit.register(made.stop)
    return made


def free_port() -> int:
    """A port nobody listens on; none of those that the system hands to others meanwhile."""
    for at in itertools.count(os.getpid() * 97 + next(_numbers)):
        port = 20_000 + at % 12_000
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError("unreachable")


def answers(url: str) -> bool:
    """Whether a page comes, of whatever kind."""
    try:
        with urllib.request.urlopen(url, timeout=5):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def environment(home: Path, database: str | None) -> dict[str, str]:
    """The variables of a command on this home, and nothing of ours but what it is told."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("HOLDFAST_")}
    env |= {
        "HOLDFAST_HOME": str(home),
        "PYTHONPATH": str(ROOT / "src"),
        "PYTHONWARNINGS": "default",
    }
    env.pop("DJANGO_SETTINGS_MODULE", None)
    if database:
        env["HOLDFAST_DATABASE_URL"] = database
    return env


def _run_code(home: Path, database: str | None, code: str) -> None:
    done = run_process([sys.executable, "-c", code], env=environment(home, database))
    assert done.returncode == 0, done.stderr


@cache
def tables_in_a_file() -> Path:
    """The folder with the database file that every unused home of this run is a copy of."""
    return file_with_tables(_run_code)


@cache
def tables_on_a_server(server: str) -> str:
    """The database that every unused one of this run is a copy of."""
    return database_with_tables(server, _run_code)


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """The first process of a run makes the folder that the others find."""
    if end := begin():
        early_config.add_cleanup(end)


def copy_home(home: Path, to: Path) -> None:
    """All of a home; its database page by page, for whoever still has it open may be closing it."""
    shutil.copytree(home, to, ignore=shutil.ignore_patterns("holdfast.db*"))
    database = home / "holdfast.db"
    if database.exists():
        with (
            closing(sqlite3.connect(database)) as source,
            closing(sqlite3.connect(to / "holdfast.db")) as copy,
        ):
            source.backup(copy)


@contextmanager
def instances(folder: Path, server: str | None) -> Iterator[Callable[..., Instance]]:
    """A maker of fresh instances: each an unused home, on PostgreSQL with a database of its own.

    A `bare` one is what a person has: no table is there, and every command is started from nothing.
    One that is `like` another is a copy of it, and so it sends nothing until somebody confirms it.
    """
    made: list[Instance] = []
    databases: list[str] = []

    def make(*, bare: bool = False, like: Instance | None = None) -> Instance:
        number = next(_numbers)
        home = folder / f"home-{number}"
        database = None
        if server:
            name = f"instance_{os.getpid()}_{number}"
            if like:
                model = urlsplit(like.env["HOLDFAST_DATABASE_URL"]).path[1:]
            else:
                model = "template1" if bare else tables_on_a_server(server)
            with psycopg.connect(server, autocommit=True) as admin:
                admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{model}" STRATEGY FILE_COPY')
            databases.append(name)
            database = database_url(server, name)
        if like:
            copy_home(like.home, home)
        elif not server and not bare:
            shutil.copytree(tables_in_a_file(), home)
        made.append(Instance(home, environment(home, database), is_bare=bare))
        return made[-1]

    try:
        yield make
    finally:
        for instance in made:
            instance.stop()
        for name in databases:
            with psycopg.connect(server, autocommit=True) as admin:
                admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture
def new_instance(tmp_path: Path, postgres_server: str | None) -> Iterator[Callable[..., Instance]]:
    """A maker of fresh instances that end with the test."""
    with instances(tmp_path, postgres_server) as make:
        yield make


@dataclass
class Demo:
    """The sample company, served: where the desk is, and one consumer's personal page."""

    instance: Instance
    serving: Serving
    personal: str

    @property
    def url(self) -> str:
        return self.serving.url


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory, postgres_server: str | None) -> Iterator[Demo]:
    """One demo for all tests of this process that only look, or that change what no other reads."""
    with instances(tmp_path_factory.mktemp("demo"), postgres_server) as make:
        instance = make()
        serving = instance.serve("demo", "--no-browser")
        yield Demo(instance, serving, personal_page(serving))


def personal_page(serving: Serving) -> str:
    """The path of the personal link that a demo prints."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        links = re.findall(r"https?://\S+/r/[^\s.,)]+", "".join(serving.said))
        if links:
            return urlsplit(links[0]).path
        time.sleep(0.1)
    raise AssertionError(f"the demo printed no personal link:\n{''.join(serving.said)}")


@pytest.fixture
def instance(new_instance: Callable[[], Instance]) -> Instance:
    """A fresh instance."""
    return new_instance()
