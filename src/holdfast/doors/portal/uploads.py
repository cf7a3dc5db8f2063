"""What strangers send with a form: nothing of it touches the disk, and little of it the memory."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.files.uploadhandler import FileUploadHandler, MemoryFileUploadHandler, SkipFile
from django.http import HttpRequest

from holdfast.kit.quantities import LONGEST

# Decoding a large photo takes a second and 150 MB; more at once would starve the safety answer.
AT_ONCE = threading.BoundedSemaphore(2)
PATIENCE = 20  # seconds


class NoFiles(FileUploadHandler):
    """Skips every file: a form without a file field has none, whatever is sent to it."""

    def new_file(self, *args: object, **named: object) -> None:
        raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


class OnlyInMemory(MemoryFileUploadHandler):
    """Keeps files in memory; the form was asked before whether it is small enough for that."""

    def handle_raw_input(self, *args: object, **named: object) -> None:
        self.activated = True


def take_no_files(request: HttpRequest) -> None:
    """How every consumer form is read, until a page asks for photos."""
    request.upload_handlers = [NoFiles(request)]


def take_photos(request: HttpRequest, *, most_bytes: int) -> bool:
    """Read the files of this form into memory; False where it is too large, and none is read."""
    length = request.META.get("CONTENT_LENGTH") or ""
    if not length.isdecimal() or len(length) > LONGEST or int(length) > most_bytes:
        return False
    request.upload_handlers = [OnlyInMemory(request)]
    return True


@contextmanager
def room_to_decode() -> Iterator[bool]:
    """Wait for one of the few places; False when there is none for long."""
    got = AT_ONCE.acquire(timeout=PATIENCE)
    try:
        yield got
    finally:
        if got:
            AT_ONCE.release()
