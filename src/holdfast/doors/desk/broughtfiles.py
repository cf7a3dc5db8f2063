"""Files of a form that somebody waits for: chosen, not too much, kept only while they are read."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePath
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.translation import gettext as _

from holdfast.kit.refusals import Refusal, Unreadable
from holdfast.supply.imports.uploads import folder

MOST_BYTES = 64 * 1024**2
"""What one form may bring while somebody waits for it; more is for the command line."""


def chosen(request: HttpRequest, field: str, *, instead: str) -> list[UploadedFile[Any]]:
    """The files of a form, one at least; `instead` is the command for more than may be waited for.

    Raises `Unreadable`.
    """
    uploads = [one for one in request.FILES.getlist(field) if one.name]
    if not uploads:
        raise Unreadable("no_file", _("No file was chosen."))
    if sum(one.size or 0 for one in uploads) > MOST_BYTES:
        raise Unreadable(
            "upload_large",
            _("This is more than can be brought in while you wait."),
            hint=f"{_('On the command line:')} {instead}",
        )
    return uploads


def plain_name(upload: UploadedFile[Any]) -> str:
    """The name a file may lie under: no folder, no dot in front."""
    return PurePath((upload.name or "").replace("\\", "/")).name[-120:].lstrip(".") or "file"


@contextmanager
def kept_while_read(kind: str) -> Iterator[Path]:
    """A folder that is gone, with all in it, once the files were read."""
    place = Path(tempfile.mkdtemp(prefix=f"{kind}-", dir=folder()))
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def by_name(refused: Refusal, *places: Path) -> Refusal:
    """The same refusal: people know a file by its name, not by where it lies while it is read."""
    for place in places:
        refused.message = refused.message.replace(f"{place}/", "").replace(str(place), "")
    refused.file = PurePath(refused.file).name if refused.file else refused.file
    return refused
