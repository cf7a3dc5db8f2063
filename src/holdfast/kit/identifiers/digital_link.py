"""GS1 Digital Link URIs, plain: a key, its qualifiers and attributes in a web address."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

from holdfast.kit.identifiers.application_identifiers import table
from holdfast.kit.identifiers.check_digits import is_digits
from holdfast.kit.identifiers.compressed_link import compressed, decompressed
from holdfast.kit.identifiers.elements import Element, Elements, value_of
from holdfast.kit.identifiers.faults import BadIdentifier

CANONICAL = "https://id.gs1.org"
LONGEST = 2_000

SHORT_NAMES = {
    "gtin": "01", "itip": "8006", "cpid": "8010", "gmn": "8013", "gln": "414", "payTo": "415",
    "partyGln": "417", "gsrnp": "8017", "gsrn": "8018", "gcn": "255", "sscc": "00", "gdti": "253",
    "ginc": "401", "gsin": "402", "grai": "8003", "giai": "8004", "cpv": "22", "lot": "10",
    "ser": "21", "cpsn": "8011", "glnx": "254", "refno": "8020", "srin": "8019", "exp": "17",
    "expdt": "7003", "tpx": "235",
}  # fmt: skip
"""Names that stood for identifiers in early links; read, never written."""

_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")


@dataclass(frozen=True, slots=True)
class DigitalLink:
    """One link: where it leads (`stem`), its elements (the key first), and other parameters.

    `faults` are values that do not fit, where reading was told to go on.
    """

    stem: str
    elements: Elements
    others: tuple[tuple[str, str], ...] = ()
    faults: tuple[BadIdentifier, ...] = ()

    @classmethod
    def parse(cls, text: str) -> DigitalLink:
        """Read a link in which everything fits, plain or compressed.

        >>> link = DigitalLink.parse("https://shop.example/p/01/9506000134352/10/B17?17=271231")
        >>> link.value("01"), link.value("10"), link.value("17"), link.stem
        ('09506000134352', 'B17', '271231', 'https://shop.example/p')
        >>> DigitalLink.parse("https://id.gs1.org/ARHKVAdpQg").value("01")
        '09780345418913'
        """
        found = cls.read(text)
        if found.faults:
            raise found.faults[0]
        return found

    @classmethod
    def read(cls, text: str) -> DigitalLink:
        """Read what can be read; a value that does not fit is kept, and its fault told."""
        if len(text) > LONGEST:
            raise BadIdentifier("Digital Link", f"at most {LONGEST} characters", text)
        try:
            parts = urlsplit(text.strip())
        except ValueError as error:
            raise BadIdentifier("Digital Link", "a web address", text) from error
        if parts.scheme.lower() not in ("http", "https") or not parts.netloc:
            raise BadIdentifier("Digital Link", "an address with http or https", text)
        steps = parts.path.strip("/").split("/")
        stem = f"{parts.scheme.lower()}://{parts.netloc}"
        found = _plain(steps) or _partly_compressed(steps) or _wholly_compressed(steps)
        if found is None:
            raise BadIdentifier("Digital Link", "a GS1 key in the path", text)
        before, elements, others = found
        attributes, more = _query(parts.query)
        elements = (*elements, *(one for one in attributes if not value_of(elements, one.ai)))
        return cls("/".join([stem, *before]), elements, (*others, *more), _faults(elements))

    @classmethod
    def of(cls, elements: Elements, stem: str = CANONICAL) -> DigitalLink:
        """The link of these elements: one key, its qualifiers in order, the rest as attributes.

        >>> str(DigitalLink.of((Element("10", "A/b"), Element("01", "09506000134352"))))
        'https://id.gs1.org/01/09506000134352/10/A%2Fb'
        """
        return cls(stem.rstrip("/"), _ordered(elements))

    def value(self, ai: str) -> str:
        """The value of an application identifier; empty where there is none."""
        return value_of(self.elements, ai)

    @property
    def key(self) -> Element:
        """The primary key."""
        return self.elements[0]

    def __str__(self) -> str:
        path, rest = _path_and_rest(self.elements)
        query = [(ai, value) for ai, value in rest] + list(self.others)
        said = "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in query)
        return f"{self.stem}{path}{'?' + said if said else ''}"

    def compressed(self, *, optimised: bool = True) -> str:
        """The same link with all its elements in one short word.

        >>> DigitalLink.parse("https://id.gs1.org/01/09780345418913").compressed()
        'https://id.gs1.org/ARHKVAdpQg'
        """
        query = "&".join(f"{quote(k, safe='')}={quote(v, safe='')}" for k, v in self.others)
        word = compressed(self.elements, optimised=optimised)
        return f"{self.stem}/{word}{'?' + query if query else ''}"


_Found = tuple[list[str], Elements, tuple[tuple[str, str], ...]]


def _plain(steps: list[str]) -> _Found | None:
    """The longest tail of the path that is a key with its qualifiers, in pairs."""
    for start in range(len(steps) % 2, len(steps), 2):
        pairs = list(zip(steps[start::2], steps[start + 1 :: 2], strict=True))
        named = [(_number(name), value) for name, value in pairs]
        if not _is_path([name for name, _ in named]) or not all(value for _, value in named):
            continue
        return steps[:start], tuple(_element(ai, value) for ai, value in named), ()
    return None


def _is_path(names: list[str]) -> bool:
    known = table().get(names[0]) if names else None
    if known is None or known.qualifiers is None:
        return False
    return any(_in_order(names[1:], sequence) for sequence in known.qualifiers)


def _in_order(names: list[str], sequence: tuple[str, ...]) -> bool:
    places = [sequence.index(name) for name in names if name in sequence]
    return len(places) == len(names) and places == sorted(set(places))


def _partly_compressed(steps: list[str]) -> _Found | None:
    if len(steps) < 3:
        return None
    ai = _number(steps[-3])
    known = table().get(ai)
    if known is None or known.qualifiers is None:
        return None
    try:
        elements, others = decompressed(steps[-1])
    except BadIdentifier:
        return None
    return steps[:-3], (_element(ai, steps[-2]), *elements), others


def _wholly_compressed(steps: list[str]) -> _Found | None:
    try:
        elements, others = decompressed(steps[-1])
        # Many a word of a web address unpacks to something: only what fits entirely counts.
        return None if _faults(elements) else (steps[:-1], _ordered(elements), others)
    except BadIdentifier:
        return None


def _query(query: str) -> tuple[list[Element], list[tuple[str, str]]]:
    elements, others = [], []
    for pair in query.replace(";", "&").split("&"):
        name, _, value = pair.partition("=")
        ai = _number(unquote(name))
        if ai in table() and value:
            elements.append(_element(ai, value))
        elif name:
            others.append((unquote(name), unquote(value)))
    return elements, others


def _number(name: str) -> str:
    return name if is_digits(name) else SHORT_NAMES.get(name, "")


def _element(ai: str, value: str) -> Element:
    plain = value if _PERCENT.search(value) else unquote(value)
    if ai in ("01", "02") and is_digits(plain) and len(plain) in (8, 12, 13):
        plain = plain.zfill(14)
    return Element(ai, plain)


def _ordered(elements: Elements) -> Elements:
    keys = [one for one in elements if _is_key(one.ai)]
    # A payment's or a service's other number is a key of its own as well: the first decides.
    if not keys:
        raise BadIdentifier("Digital Link", "a GS1 key", "".join(map(str, elements)))
    key = keys[0]
    _, rest = _path_and_rest((key, *(one for one in elements if one is not key)))
    inside = [one for one in elements if one is not key and one not in rest]
    sequence = [ai for group in table()[key.ai].qualifiers or () for ai in group]
    inside.sort(key=lambda one: sequence.index(one.ai))
    return (key, *inside, *rest)


def _path_and_rest(elements: Elements) -> tuple[str, list[Element]]:
    key, *others = elements
    best: tuple[str, ...] = ()
    for sequence in table()[key.ai].qualifiers or ():
        if len({one.ai for one in others} & set(sequence)) > len(best):
            best = tuple(ai for ai in sequence if value_of(tuple(others), ai))
    path = f"/{key.ai}/{quote(key.value, safe='')}"
    for ai in best:
        path += f"/{ai}/{quote(value_of(tuple(others), ai), safe='')}"
    return path, [one for one in others if one.ai not in best]


def _is_key(ai: str) -> bool:
    known = table().get(ai)
    return known is not None and known.qualifiers is not None


def _faults(elements: Elements) -> tuple[BadIdentifier, ...]:
    found = (table()[ai].fault(value) for ai, value in elements)
    return tuple(fault for fault in found if fault is not None)
