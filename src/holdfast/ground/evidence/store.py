"""Bytes on disk under their SHA-256: written whole or not at all, never overwritten."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from django.conf import settings

from holdfast.kit.refusals import Unreadable

MOST_BYTES = 50_000_000


def folder() -> Path:
    """The folder of all attached files."""
    place: Path = settings.HOME / "files"
    place.mkdir(mode=0o700, exist_ok=True)
    return place


def path_of(digest: str) -> Path:
    """Where the bytes of one digest lie."""
    if len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):
        raise ValueError("a file is found by the SHA-256 of its content")
    return folder() / digest


def put(pieces: Iterable[bytes], *, name: str) -> tuple[str, int]:
    """Store the content and give its digest and size; the same content is stored once."""
    digest, size = sha256(), 0
    handle, fresh = tempfile.mkstemp(dir=folder(), prefix=".arriving-")
    try:
        with os.fdopen(handle, "wb") as target:
            for piece in pieces:
                size += len(piece)
                if size > MOST_BYTES:
                    raise Unreadable(
                        "file_too_large",
                        f"“{name}” is larger than {MOST_BYTES // 1_000_000} MB.",
                        hint="Attach the part that proves it, or a compressed copy.",
                        file=name,
                    )
                digest.update(piece)
                target.write(piece)
            target.flush()
            os.fsync(target.fileno())
        if size == 0:
            raise Unreadable("file_empty", f"“{name}” is empty.", file=name)
        os.replace(fresh, path_of(digest.hexdigest()))
    except BaseException:
        Path(fresh).unlink(missing_ok=True)
        raise
    return digest.hexdigest(), size


def erase(digest: str) -> None:
    """Remove the bytes."""
    path_of(digest).unlink(missing_ok=True)
