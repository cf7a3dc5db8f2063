"""The one folder with all embedded state: where it is, and the secrets and locks inside it."""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from holdfast.ground.limits.rules import Trusted
from holdfast.kit.refusals import Unreadable


def home() -> Path:
    """The folder named by HOLDFAST_HOME, made if missing; `~/.holdfast` where nothing is named."""
    path = Path(os.environ.get("HOLDFAST_HOME") or Path.home() / ".holdfast").expanduser()
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Unreadable(
            "home_unusable",
            f"The folder {path} cannot be used: {error.strerror}.",
            hint="Name another folder with --home or HOLDFAST_HOME.",
            file=str(path),
        ) from error
    return path


def database_url() -> str:
    """HOLDFAST_DATABASE_URL, or nothing for the embedded database; a drill is always embedded."""
    return "" if is_drill() else os.environ.get("HOLDFAST_DATABASE_URL", "")


def is_drill() -> bool:
    """Whether this home is a drill copy: then no outbound adapter exists at all."""
    return (home() / "DRILL").exists()


def trusted_proxies() -> Trusted:
    """HOLDFAST_TRUSTED_PROXIES: how many proxies stand in front, or their networks; else none."""
    given = os.environ.get("HOLDFAST_TRUSTED_PROXIES", "")
    try:
        return Trusted.parse(given)
    except ValueError as error:
        raise Unreadable(
            "bad_proxies",
            f"HOLDFAST_TRUSTED_PROXIES cannot be read: {error}.",
            hint="Say how many proxies stand in front (1), or name their networks: 10.0.0.0/8.",
        ) from None


def secret(name: str, size: int = 32) -> bytes:
    """A random secret kept in the home, made on first use; HOLDFAST_SECRET_KEY overrides all.

    Links in messages are derived from it, so several machines must share it.
    """
    shared = os.environ.get("HOLDFAST_SECRET_KEY")
    if shared:
        return (name + ":" + shared).encode()
    path = home() / f"{name}.key"
    if not path.exists():
        fresh = home() / f".{name}.{os.getpid()}.{secrets.token_hex(4)}"
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as handle:
            handle.write(secrets.token_bytes(size))
            handle.flush()
            os.fsync(handle.fileno())
        try:
            os.link(fresh, path)  # the first of two processes wins, the other reads its key
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_bytes()


@contextmanager
def lock(name: str, *, wait: bool = True) -> Iterator[bool]:
    """Hold an exclusive lock of this home; yields False when not waiting and another holds it."""
    with (home() / f"{name}.lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
            return
        yield True
