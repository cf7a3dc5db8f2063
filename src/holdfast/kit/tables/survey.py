"""The first pass over a text file: its encoding, its digest, its longest record, and a sample."""

from __future__ import annotations

import codecs
import hashlib
import re
from dataclasses import dataclass

from holdfast.kit.refusals import Unreadable
from holdfast.kit.tables.opening import CHUNK, DEFAULT_LIMITS, ByteSource, Limits

SAMPLE_BYTES = 256 * 1024
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
MULTIBYTE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
# „Süß“, CAFÉ» and « café » in Windows-1252 happen to be letters of UTF-8, which nobody's orders
# hold: a letter followed by closing marks, the ellipsis, a dash or a hard space proves nothing.
CLOSING = rb"\x85\x91-\x97\x99\xa0\xab\xae\xbb"
SURELY_MULTIBYTE = re.compile(
    rb"[\xc2\xc3][\x80-\xbf]|[\xc4-\xdf](?![" + CLOSING + rb"])[\x80-\xbf]"
    rb"|[\xe0-\xef](?![" + CLOSING + rb"]{2})[\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
HIGH = re.compile(rb"[\x80-\xff]")
CP1252_HOLES = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
NOT_TABLES = (
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"<!DOCTYPE", "a web page"),
    (b"<!doctype", "a web page"),
    (b"<html", "a web page"),
    (b"<?xml", "an XML document"),
    (b"{", "a JSON document"),
    (b"[{", "a JSON document"),
    (b"SQLite format 3", "a database"),
    (b"PAR1", "a Parquet file"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
)


@dataclass(frozen=True, slots=True)
class Survey:
    """What one full pass found: everything later passes need to know before they start."""

    sha256: str
    encoding: str
    sample: bytes
    has_nul: bool
    ends_with_newline: bool


class _Bytes:
    """Collects, block by block, what decides between UTF-8, Windows-1252 and a mixture."""

    def __init__(self) -> None:
        self.line = 1
        self.first_multibyte = 0
        self.first_single = 0
        self.first_hole = 0
        self.rest = b""

    def feed(self, chunk: bytes) -> None:
        if not self.rest and chunk.isascii():
            self.line += chunk.count(b"\n")
            return
        block = self.rest + chunk
        # A block ends after a line, so that no letter of several bytes is cut in two.
        cut = block.rfind(b"\n") + 1
        self.rest = block[cut:]
        if cut:
            self._judge(block[:cut])

    def finish(self) -> None:
        self._judge(self.rest)
        self.rest = b""

    def _is_plainly_utf_8(self, block: bytes) -> bool:
        """The usual case in one step; only a block that is not takes the long way."""
        if not self.first_multibyte:
            return False
        try:
            block.decode()
        except UnicodeDecodeError:
            return False
        return True

    def _judge(self, block: bytes) -> None:
        if not block.isascii() and not self._is_plainly_utf_8(block):
            if not self.first_multibyte and (found := SURELY_MULTIBYTE.search(block)):
                self.first_multibyte = self.line + block.count(b"\n", 0, found.start())
            # Letters of several bytes go, line ends stay: the line numbers of the rest stay true.
            single = MULTIBYTE.sub(b"", block)
            if not self.first_single and (found := HIGH.search(single)):
                self.first_single = self.line + single.count(b"\n", 0, found.start())
            if not self.first_hole and (found := CP1252_HOLES.search(single)):
                self.first_hole = self.line + single.count(b"\n", 0, found.start())
        self.line += block.count(b"\n")


def survey(source: ByteSource, encoding: str | None, limits: Limits = DEFAULT_LIMITS) -> Survey:
    """Read the whole source once; `encoding` overrides the guess. Raises `Unreadable`."""
    path = source.path
    digest = hashlib.sha256()
    found = _Bytes()
    sample = bytearray()
    has_nul = False
    last = b""
    span = 0
    lines = 0
    decoder: codecs.IncrementalDecoder | None = None
    chosen = ""
    for chunk in source.chunks():
        is_more = len(sample) < SAMPLE_BYTES
        if is_more:
            sample += chunk[: SAMPLE_BYTES - len(sample)]
        if is_more and not chosen and len(sample) >= min(4, SAMPLE_BYTES):
            chosen = encoding or _marked(bytes(sample[:4096]))
            _refuse_foreign(path, bytes(sample), chosen)
            if chosen and chosen != "utf-8-sig":
                decoder = _decoder(path, chosen)
        span = _longest(path, chunk, span, lines, limits)
        lines += chunk.count(b"\n")
        if decoder is not None:
            _decode(path, decoder, chunk, lines)
        else:
            found.feed(chunk)
        has_nul = has_nul or b"\0" in chunk
        last = chunk[-4:]
    if decoder is not None:
        _decode(path, decoder, b"", lines, final=True)
    found.finish()
    if not sample.strip():
        raise Unreadable(
            "file_empty", f"{path} is empty.", file=path, hint="Export the file again."
        )
    _refuse_foreign(path, bytes(sample), chosen)
    if not chosen or chosen == "utf-8-sig":
        chosen = _decide(path, found, chosen or "utf-8", last)
    with open(path, "rb") as raw:
        while part := raw.read(CHUNK):
            digest.update(part)
    return Survey(
        sha256=digest.hexdigest(),
        encoding=chosen,
        sample=bytes(sample),
        has_nul=has_nul and not chosen.startswith(("utf-16", "utf-32")),
        ends_with_newline=last.rstrip(b"\0").endswith((b"\n", b"\r")),
    )


def _marked(head: bytes) -> str:
    for mark, name in BOMS:
        if head.startswith(mark):
            return name
    # UTF-16 without its mark shows as text in which every second byte is empty.
    even, odd = head[0::2], head[1::2]
    if len(head) >= 64 and odd.count(0) > 0.6 * len(odd) and even.count(0) < 0.1 * len(even):
        return "utf-16-le"
    if len(head) >= 64 and even.count(0) > 0.6 * len(even) and odd.count(0) < 0.1 * len(odd):
        return "utf-16-be"
    return ""


def _refuse_foreign(path: str, sample: bytes, encoding: str) -> None:
    start = sample.lstrip()[:64]
    for mark, what in NOT_TABLES:
        if start.startswith(mark):
            raise Unreadable(
                "not_a_table",
                f"{path} is {what}, not a table of rows and columns.",
                file=path,
                hint="Export it as CSV, TSV or XLSX.",
            )
    if sample[257:262] == b"ustar":
        raise Unreadable(
            "not_a_table",
            f"{path} is a tar archive.",
            file=path,
            hint="Unpack it and import the tables inside one by one.",
        )
    if not encoding.startswith(("utf-16", "utf-32")) and len(sample) >= 64:
        controls = sum(sample.count(code) for code in (*range(9), *range(14, 27), *range(28, 32)))
        if controls > 0.1 * len(sample):
            raise Unreadable(
                "not_a_table",
                f"{path} holds binary bytes, not text.",
                file=path,
                hint="Export it as CSV, TSV or XLSX.",
            )


def _decoder(path: str, name: str) -> codecs.IncrementalDecoder:
    try:
        return codecs.getincrementaldecoder(name)()
    except LookupError:
        raise Unreadable(
            "encoding_unknown",
            f"No encoding is called {name!r}.",
            file=path,
            hint="Try utf-8, cp1252, latin-1, utf-16, cp1250, mac-roman or shift_jis.",
        ) from None


def _decode(
    path: str, decoder: codecs.IncrementalDecoder, chunk: bytes, lines: int, *, final: bool = False
) -> None:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError as error:
        line = lines - chunk.count(b"\n") + chunk.count(b"\n", 0, error.start) + 1
        raise Unreadable(
            "undecodable",
            f"{path} cannot be read as {error.encoding}: a byte near line {line} does not fit"
            + (" (the file seems to end too early)." if final else "."),
            file=path,
            line=line,
            hint="Save the file as UTF-8, or name its encoding with --encoding.",
        ) from None


def _longest(path: str, chunk: bytes, span: int, lines: int, limits: Limits) -> int:
    """The length of the line still open after this chunk; a line above the limit is refused."""
    first = min((at for at in (chunk.find(b"\n"), chunk.find(b"\r")) if at >= 0), default=-1)
    over = span + (len(chunk) if first < 0 else first)
    if over > limits.record_bytes:
        raise too_long(path, lines + 1, limits)
    if first < 0:
        return over
    rest = len(chunk) - 1 - max(chunk.rfind(b"\n"), chunk.rfind(b"\r"))
    if len(chunk) > limits.record_bytes:
        for count, line in enumerate(re.split(rb"[\r\n]", chunk)):
            if len(line) > limits.record_bytes:
                raise too_long(path, lines + count + 1, limits)
    return rest


def too_long(path: str, line: int, limits: Limits) -> Unreadable:
    """The refusal for one record above the limit."""
    return Unreadable(
        "record_too_long",
        f"The record that starts on line {line} of {path} is longer than "
        f"{limits.record_bytes // 1024**2 or 1} MB.",
        file=path,
        line=line,
        hint="A quote may be missing there, or the line ends were lost. Export the file again.",
    )


def _decide(path: str, found: _Bytes, hoped: str, last: bytes) -> str:
    if not found.first_single:
        return hoped
    if found.first_multibyte or hoped == "utf-8-sig":
        if found.first_single == found.line and _cut_letter(last):
            raise Unreadable(
                "file_truncated",
                f"{path} ends in the middle of a letter on line {found.line}: a part is missing.",
                file=path,
                line=found.line,
                hint="Download or copy the file again.",
            )
        raise Unreadable(
            "mixed_encodings",
            f"{path} mixes encodings: line {found.first_multibyte or 1} is UTF-8, "
            f"line {found.first_single} is not.",
            file=path,
            line=found.first_single,
            hint="Two exports were probably joined: import them one by one, or name "
            "one encoding with --encoding.",
        )
    if found.first_hole:
        raise Unreadable(
            "undecodable",
            f"{path} is neither UTF-8 nor Windows-1252: line {found.first_hole} holds a byte "
            "that means nothing in either.",
            file=path,
            line=found.first_hole,
            hint="Save the file as UTF-8, or name its encoding with --encoding "
            "(latin-1, cp1250, mac-roman, shift_jis).",
        )
    return "cp1252"


def _cut_letter(last: bytes) -> bool:
    """True when the very last bytes begin a letter of several bytes and do not finish it."""
    for length in (1, 2, 3):
        lead = last[-length:][:1]
        if lead >= b"\xc2":
            need = 2 if lead < b"\xe0" else 3 if lead < b"\xf0" else 4
            return length < need
    return False
