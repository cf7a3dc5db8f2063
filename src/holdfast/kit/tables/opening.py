"""One byte stream out of a plain, gzip or zstd file; bombs and missing tails are refused."""

from __future__ import annotations

import gzip
import os
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from holdfast.kit.refusals import Unreadable

GZIP_MAGIC = b"\x1f\x8b"
ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
ZIP_MAGIC = b"PK\x03\x04"
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

CHUNK = 256 * 1024
# A zstd block of four bytes can hold 128 KB of one letter: small bites keep a bomb small.
ZSTD_BITE = 2 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may cost: bytes of a record, unpacked bytes, the ratio that smells of a bomb."""

    record_bytes: int = 1024 * 1024
    unpacked_bytes: int = 8 * 1024**3
    ratio: int = 400
    ratio_free_bytes: int = 64 * 1024**2


DEFAULT_LIMITS = Limits()


def magic(path: str) -> bytes:
    """The first bytes of the file; an unreadable path is refused here, with the reason."""
    try:
        with open(path, "rb") as file:
            return file.read(512)
    except FileNotFoundError:
        raise Unreadable(
            "file_not_found",
            f"There is no file {path}.",
            file=path,
            hint="Check the spelling and the folder.",
        ) from None
    except IsADirectoryError:
        raise Unreadable(
            "file_is_folder", f"{path} is a folder.", file=path, hint="Name one file inside it."
        ) from None
    except OSError as error:
        raise Unreadable(
            "file_not_readable",
            f"{path} cannot be opened: {error.strerror or error}.",
            file=path,
            hint="Check that you may read this file.",
        ) from None


def packing(head: bytes) -> str:
    """`gzip`, `zstd` or the empty word: what the bytes say, whatever the name ends in."""
    if head.startswith(GZIP_MAGIC):
        return "gzip"
    if head.startswith(ZSTD_MAGIC):
        return "zstd"
    return ""


class ByteSource:
    """The unpacked bytes of a file as chunks; `read_share` tells how far it is (0 to 1)."""

    def __init__(self, path: str, packed: str, limits: Limits = DEFAULT_LIMITS) -> None:
        self.path, self.packed, self.limits = path, packed, limits
        self.size = os.path.getsize(path)
        self._raw: IO[bytes] | None = None

    @property
    def read_share(self) -> float:
        if self._raw is None or self._raw.closed:
            return 1.0
        return min(1.0, self._raw.tell() / self.size) if self.size else 1.0

    def chunks(self) -> Iterator[bytes]:
        """Unpacked chunks; raises `Unreadable` on a bomb, a broken or a truncated archive."""
        unpacked = 0
        with open(self.path, "rb") as raw:
            self._raw = raw
            for chunk in self._unpack(raw):
                unpacked += len(chunk)
                if self.packed:
                    self._refuse_bomb(unpacked, raw.tell())
                yield chunk

    def _unpack(self, raw: IO[bytes]) -> Iterator[bytes]:
        if self.packed == "gzip":
            return self._gzip(raw)
        if self.packed == "zstd":
            return self._zstd(raw)
        return iter(lambda: raw.read(CHUNK), b"")

    def _refuse_bomb(self, unpacked: int, packed: int) -> None:
        limits = self.limits
        over = unpacked > limits.unpacked_bytes
        if over or (
            unpacked > limits.ratio_free_bytes and unpacked > limits.ratio * max(packed, 1)
        ):
            raise Unreadable(
                "archive_bomb",
                f"{self.path} unpacks to more than {unpacked // 1024**2} MB "
                f"out of {max(packed, 1) / 1024**2:.1f} MB: this looks like an archive bomb.",
                file=self.path,
                hint="Unpack it yourself, look at it, and import the plain file.",
            )

    def _gzip(self, raw: IO[bytes]) -> Iterator[bytes]:
        try:
            with gzip.GzipFile(fileobj=raw) as unpacker:
                yield from iter(lambda: unpacker.read(CHUNK), b"")
        except EOFError:
            raise self._truncated() from None
        except (gzip.BadGzipFile, zlib.error) as error:
            raise self._damaged(str(error)) from None

    def _zstd(self, raw: IO[bytes]) -> Iterator[bytes]:
        import zstandard  # noqa: PLC0415 - only the rare .zst file pays for loading it

        unpacker = zstandard.ZstdDecompressor(max_window_size=1 << 27)
        frame = unpacker.decompressobj()
        open_frame = False
        try:
            while bite := raw.read(ZSTD_BITE):
                while bite:
                    if frame.eof:
                        frame = unpacker.decompressobj()
                    open_frame = True
                    chunk = frame.decompress(bite)
                    bite = frame.unused_data if frame.eof else b""
                    open_frame = not frame.eof
                    if chunk:
                        yield chunk
        except zstandard.ZstdError as error:
            raise self._damaged(str(error)) from None
        if open_frame:
            raise self._truncated()

    def _truncated(self) -> Unreadable:
        return Unreadable(
            "archive_truncated",
            f"{self.path} ends in the middle of its {self.packed} archive: a part is missing.",
            file=self.path,
            hint="Download or copy the file again and compare its size.",
        )

    def _damaged(self, why: str) -> Unreadable:
        return Unreadable(
            "archive_damaged",
            f"{self.path} is not a sound {self.packed} archive: {why}.",
            file=self.path,
            hint="Download or copy the file again, or unpack it yourself first.",
        )
