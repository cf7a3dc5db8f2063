"""A notice file as the linter reads it: txt, md, html, eml or json, every place traceable."""

from __future__ import annotations

import bisect
import json
import re
from dataclasses import dataclass, field
from email import policy
from email.errors import MessageError
from email.message import EmailMessage
from email.parser import BytesParser

from holdfast.kit.refusals import Unreadable
from holdfast.kit.wording.markup import Token, tokens

LIMIT = 1_000_000
MOST_LANGUAGES = 60
KINDS = ("txt", "md", "html", "eml", "json")
_BLOCKS = frozenset(
    "address article aside blockquote body br button caption dd details div dl dt fieldset"
    " figcaption figure footer form h1 h2 h3 h4 h5 h6 head header hr html label legend li main"
    " nav ol option p section summary table tbody td tfoot th thead title tr ul".split()
)
_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
_SPOKEN = ("alt", "title", "aria-label")
# Values under these keys of a JSON notice are no prose.
_NOT_PROSE = frozenset(
    (
        "id",
        "sha256",
        "language",
        "regime",
        "version",
        "status",
        "state",
        "hazard_id",
        "library_version",
        "kind",
    )
)


@dataclass(slots=True)
class Passage:
    """One text of a file, its language if the file says it, and the way back to its lines."""

    text: str
    raw: str
    starts: list[int] = field(default_factory=list)
    origins: list[int] = field(default_factory=list)
    language: str = ""
    where: str = ""
    has_picture: bool | None = None
    _breaks: list[int] | None = None

    def position(self, place: int) -> tuple[int, int]:
        """Line and column, from 1, of a character of `text` in the file, or in the part `where`."""
        if self.starts:
            at = max(0, bisect.bisect_right(self.starts, place) - 1)
            place = self.origins[at] + (place - self.starts[at])
        if self._breaks is None:
            self._breaks = [match.start() for match in re.finditer("\n", self.raw)]
        line = bisect.bisect_left(self._breaks, place)
        begin = self._breaks[line - 1] + 1 if line else 0
        return line + 1, place - begin + 1


class _Pieces:
    """Collects text with the place in the raw file each piece came from."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.length = 0
        self.starts: list[int] = []
        self.origins: list[int] = []

    def add(self, text: str, origin: int) -> None:
        """Append text whose first character stands at `origin` of the raw file."""
        if text:
            self.parts.append(text)
            self.starts.append(self.length)
            self.origins.append(origin)
            self.length += len(text)

    def passage(self, raw: str, **rest: object) -> Passage:
        """The collected text."""
        return Passage("".join(self.parts), raw, self.starts, self.origins, **rest)  # type: ignore[arg-type]


class _Page:
    """Visible text of an HTML page, with alternative texts, without other languages."""

    def __init__(self, raw: str) -> None:
        self.raw = raw
        self.pieces = _Pieces()
        self.language = ""
        self.foreign: list[str] = []
        self.pictures = 0

    def read(self) -> Passage:
        """Go through the page once."""
        for token in tokens(self.raw):
            if token.kind == "text":
                if not self.foreign:
                    text = token.value.replace("\n", " ").replace("\r", " ")
                    self.pieces.add(text, token.place)
            elif token.kind == "start":
                self._open(token)
            else:
                self._close(token)
        return self.pieces.passage(self.raw, language=self.language, has_picture=self.pictures > 0)

    def _open(self, token: Token) -> None:
        tag, given = token.value, token.attributes
        if tag == "html":
            self.language = given.get("lang", "")
        if self.foreign:
            if tag == self.foreign[0]:
                self.foreign.append(tag)
            return
        if tag not in _VOID and self._is_foreign(tag, given):
            self.foreign.append(tag)
            return
        self.pictures += tag in ("img", "svg", "picture") and not _is_sign(given)
        if tag in _BLOCKS:
            self.pieces.add("\n\n", token.place)
        for name in _SPOKEN:
            if given.get(name, "").strip():
                self.pieces.add("\n\n", token.place)
                self.pieces.add(given[name], token.place)
                self.pieces.add("\n\n", token.place)

    def _close(self, token: Token) -> None:
        if self.foreign:
            if token.value == self.foreign[0]:
                self.foreign.pop()
            return
        if token.value in _BLOCKS:
            self.pieces.add("\n\n", token.place)

    def _is_foreign(self, tag: str, given: dict[str, str]) -> bool:
        lang = given.get("lang", "").split("-")[0].lower()
        own = self.language.split("-")[0].lower()
        return tag != "html" and bool(lang) and bool(own) and lang != own


def _is_sign(given: dict[str, str]) -> bool:
    """A warning triangle, a QR code or a tracking dot is no picture of the product."""
    names = ("alt", "aria-label", "class", "src")
    described = " ".join(given.get(name, "") for name in names).lower()
    return (
        given.get("width", "") in ("0", "1")
        or given.get("aria-hidden") == "true"
        or any(word in described for word in ("warning", "qr", "logo", "sign"))
    )


def html_passage(raw: str, *, where: str = "") -> Passage:
    """The text of an HTML page or mail part."""
    passage = _Page(raw).read()
    passage.where = where
    return passage


_MARKDOWN = re.compile(
    r"(?P<image>!\[)|(?P<link>\]\([^)\n]{0,500}\))"
    r"|(?P<sign>^[ \t]{0,8}(?:#{1,6}[ \t]+|>[ \t]?)|[*_`~]{1,3}|!?\[|\])",
    re.MULTILINE,
)


def markdown_passage(raw: str) -> Passage:
    """Markdown without its signs."""
    pieces = _Pieces()
    place = 0
    pictures = False
    for match in _MARKDOWN.finditer(raw):
        sign = match.group()
        inside_word = sign == "_" and _between_letters(raw, match.start(), match.end())
        if inside_word or (sign == "*" and raw[match.end() : match.end() + 1] == " "):
            continue
        pictures = pictures or match.lastgroup == "image"
        pieces.add(raw[place : match.start()], place)
        place = match.end()
    pieces.add(raw[place:], place)
    return pieces.passage(raw, has_picture=True if pictures else None)


def _between_letters(raw: str, start: int, end: int) -> bool:
    return raw[start - 1 : start].isalnum() and raw[end : end + 1].isalnum()


_STRING = re.compile(r'"(?:[^"\\\n]|\\.)*+"')
_ESCAPE = re.compile(r"\\u[0-9a-fA-F]{4}(?:\\u[0-9a-fA-F]{4})?|\\.")


def json_passages(raw: str) -> list[Passage]:
    """A notice as JSON: one text, or one per language under `texts` (or `languages`)."""
    try:
        data = json.loads(raw)
    except RecursionError:
        raise Unreadable("unreadable", "The JSON is nested too deeply to be a notice.") from None
    except ValueError as error:
        line = getattr(error, "lineno", None)
        column = getattr(error, "colno", None)
        raise Unreadable(
            "unreadable",
            f"The JSON cannot be read: {getattr(error, 'msg', error)}.",
            hint="Check the file with a JSON editor.",
            line=line,
            column=str(column) if column else None,
        ) from None
    written = _Written(raw)
    if isinstance(data, dict):
        for key in ("texts", "languages"):
            texts = data.get(key)
            if isinstance(texts, dict) and texts:
                if len(texts) > MOST_LANGUAGES:
                    raise Unreadable(
                        "unreadable", f"The file names {len(texts)} languages; that is no notice."
                    )
                picture = _json_picture(data)
                return [
                    _json_text(written, texts[code], str(code), f"{key}.{code}", picture)
                    for code in texts
                ]
    language = data.get("language", "") if isinstance(data, dict) else ""
    language = language if isinstance(language, str) else ""
    return [_json_text(written, data, language, "", _json_picture(data))]


def _json_picture(data: object) -> bool | None:
    if isinstance(data, dict):
        for key in ("picture", "photo", "image", "pictures", "images"):
            if key in data:
                return bool(data[key])
    return None


def _strings(value: object, path: str, depth: int = 0) -> list[tuple[str, str]]:
    if depth > 20:
        return []
    if isinstance(value, str):
        return [(path, value)]
    if isinstance(value, list):
        rows = enumerate(value)
        return [found for at, one in rows for found in _strings(one, f"{path}[{at}]", depth + 1)]
    if isinstance(value, dict):
        return [
            found
            for key, one in value.items()
            if str(key) not in _NOT_PROSE
            for found in _strings(one, f"{path}.{key}" if path else str(key), depth + 1)
        ]
    return []


class _Written:
    """Where each string of a JSON file stands, found in one pass."""

    def __init__(self, raw: str) -> None:
        self.raw = raw
        self.places: dict[str, list[int]] = {}
        for match in _STRING.finditer(raw):
            try:
                value = json.loads(match.group())
            except ValueError:
                continue
            self.places.setdefault(value, []).append(match.start())

    def find(self, text: str, begin: int) -> int:
        """The first place at or after `begin` where the file says `text`; else the first at all."""
        places = self.places.get(text)
        if not places:
            return 0
        at = bisect.bisect_left(places, begin)
        return places[at] if at < len(places) else places[0]


def _json_text(
    written: _Written, value: object, language: str, where: str, picture: bool | None
) -> Passage:
    pieces = _Pieces()
    search = written.find(language, 0) if where else 0
    for _path, text in _strings(value, ""):
        search = written.find(text, search)
        for line in _unescaped(written.raw, search + 1, text):
            pieces.add(*line)
        pieces.add("\n\n", search + 1)
    own = value.get("picture") if isinstance(value, dict) and "picture" in value else None
    if own is not None:
        picture = bool(own)
    return pieces.passage(written.raw, language=language, where=where, has_picture=picture)


def _unescaped(raw: str, at: int, text: str) -> list[tuple[str, int]]:
    """The value in pieces that run parallel to the file; an escape sequence is a piece."""
    if raw.startswith(text, at):
        return [(text, at)]
    pieces: list[tuple[str, int]] = []
    place, origin = 0, at
    for match in _ESCAPE.finditer(raw, at, at + 12 * len(text) + 12):
        plain = match.start() - origin
        if place + plain >= len(text):
            break
        if plain:
            pieces.append((text[place : place + plain], origin))
        place += plain
        try:
            decoded = json.loads(f'"{match.group()}"')
        except ValueError:
            break
        pieces.append((text[place : place + len(decoded)], match.start()))
        place += len(decoded)
        origin = match.end()
    if place < len(text):
        pieces.append((text[place:], origin))
    return pieces


def eml_passages(content: bytes) -> list[Passage]:
    """An e-mail: its subject, and its HTML part or else its plain text."""
    try:
        message = BytesParser(policy=policy.default).parsebytes(content)
        if not isinstance(message, EmailMessage):
            raise Unreadable("unreadable", "The file is no e-mail message.")
        subject = str(message.get("subject", ""))
        found: list[Passage] = []
        for kind in ("html", "plain"):
            part = message.get_body(preferencelist=(kind,))
            if part is None:
                continue
            body = part.get_content()
            if not isinstance(body, str):
                continue
            raw = f"{subject}\n\n{body}" if kind == "plain" else f"<p>{_escaped(subject)}</p>{body}"
            passage = (
                Passage(raw, raw, where="text/plain")
                if kind == "plain"
                else html_passage(raw, where="text/html")
            )
            found.append(passage)
    except (
        MessageError,
        LookupError,
        ValueError,
        KeyError,
        AttributeError,
        RecursionError,
    ) as error:
        raise Unreadable(
            "unreadable",
            f"The e-mail cannot be read: {error}.",
            hint="Save it again as .eml from the mail program.",
        ) from None
    if not found:
        raise Unreadable(
            "unreadable",
            "The e-mail has neither a text nor an HTML part.",
            hint="Lint the attachment itself.",
        )
    return found


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def decode(content: bytes) -> str:
    """The bytes as text: UTF-8, or UTF-16 with its mark; nothing is guessed."""
    encoding = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Unreadable(
            "undecodable",
            f"Byte {error.start + 1} is not valid {encoding.replace('-sig', '').upper()}.",
            hint="Save the file as UTF-8.",
            line=line,
        ) from None
    if "\x00" in text:
        raise Unreadable(
            "nul",
            "The file contains a NUL character; it is no text file.",
            line=text.count("\n", 0, text.index("\x00")) + 1,
        )
    return text.replace("\r\n", "\n").replace("\r", "\n")


def kind_of(name: str) -> str:
    """How a file is read, by the end of its name; anything unknown as plain text."""
    ending = name.rsplit(".", 1)[-1].lower() if "." in name else "txt"
    aliases = {"htm": "html", "xhtml": "html", "markdown": "md", "text": "txt"}
    ending = aliases.get(ending, ending)
    return ending if ending in KINDS else "txt"


def read_notice(content: bytes, name: str) -> list[Passage]:
    """The texts of a file: one, or one per language; refuses what is too big, empty or not text."""
    if len(content) > LIMIT:
        raise Unreadable(
            "too_big",
            f"The file has {len(content):,} bytes; a notice has at most {LIMIT:,}.",
            hint="Lint the text alone, without pictures.",
        )
    kind = kind_of(name)
    if kind == "eml":
        found = eml_passages(content)
    else:
        raw = decode(content)
        if kind == "html":
            found = [html_passage(raw)]
        elif kind == "json":
            found = json_passages(raw)
        elif kind == "md":
            found = [markdown_passage(raw)]
        else:
            found = [Passage(raw, raw)]
    if not any(passage.text.strip() for passage in found):
        raise Unreadable("empty", "There is no text in the file.", hint="Is it the right file?")
    return found
