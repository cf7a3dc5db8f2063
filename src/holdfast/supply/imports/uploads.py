"""Files on their way in: streamed into the home folder, gone when they are imported."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings

from holdfast.kit.refusals import NotFound, Unreadable

TOKEN = re.compile(r"^[0-9a-f]{32}$")
FORGOTTEN = 7 * 86_400.0  # seconds
SPARE = 256 * 1024**2  # what must stay free on the disk beside an upload


def folder() -> Path:
    """The folder of uploads, made when first needed and closed to others."""
    place = Path(settings.HOME) / "uploads"
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place


def keep_upload(*, token: str, name: str, kind: str, chunks: Iterable[bytes]) -> Path:
    """Stream an upload to disk under a random token. Raises `Unreadable` when the disk is full."""
    path = upload_path(token)
    _sweep(path.parent)
    try:
        keep_file(path, name, chunks)
        describe_upload(token, {"name": os.path.basename(name)[:200], "kind": kind})
    except Unreadable:
        drop_upload(token)
        raise
    except OSError as error:
        drop_upload(token)
        raise _not_kept(name, error) from error
    return path


def keep_file(path: Path, name: str, chunks: Iterable[bytes]) -> None:
    """Stream one file to disk; `name` is what people call it. Raises `Unreadable`."""
    try:
        with open(path, "xb") as file:
            for count, chunk in enumerate(chunks):
                if count % 64 == 0 and shutil.disk_usage(path.parent).free < SPARE + len(chunk):
                    raise OSError("the disk is nearly full")
                file.write(chunk)
    except OSError as error:
        raise _not_kept(name, error) from error


def _not_kept(name: str, error: OSError) -> Unreadable:
    return Unreadable(
        "upload_failed",
        f"{name} could not be kept: {error.strerror or error}.",
        file=name,
        hint="Make room on the disk and try again.",
    )


def _sweep(place: Path) -> None:
    """Remove what was uploaded and left: nobody asked to import it for a week."""
    newest = max((one.stat().st_mtime for one in place.iterdir()), default=0.0)
    for one in place.iterdir():
        if newest - one.stat().st_mtime <= FORGOTTEN:
            continue
        if one.is_dir():  # a form of many files whose import was killed
            shutil.rmtree(one, ignore_errors=True)
        else:
            one.unlink(missing_ok=True)


def upload_path(token: str) -> Path:
    """Where an upload lies. Raises `NotFound` for what is no token."""
    if not TOKEN.match(token):
        raise NotFound("no_upload", "There is no such file.")
    return folder() / f"{token}.in"


def describe_upload(token: str, about: dict[str, Any]) -> None:
    """Keep what is known of an upload beside it: its name, its kind, what a person said."""
    beside = upload_path(token).with_suffix(".json")
    fresh = beside.with_suffix(".new")
    fresh.write_text(json.dumps(about), encoding="utf-8")
    fresh.replace(beside)


def described_upload(token: str) -> dict[str, Any]:
    """What is known of an upload. Raises `NotFound` when it is gone."""
    path = upload_path(token)
    beside = path.with_suffix(".json")
    if not path.exists() or not beside.exists():
        raise NotFound(
            "no_upload",
            "This file is no longer here: it was imported or dropped.",
            hint="Upload it again.",
        )
    about = json.loads(beside.read_text(encoding="utf-8"))
    return about if isinstance(about, dict) else {}


def drop_upload(token: str) -> None:
    """Remove an upload and what was kept beside it."""
    path = upload_path(token)
    path.unlink(missing_ok=True)
    path.with_suffix(".json").unlink(missing_ok=True)
