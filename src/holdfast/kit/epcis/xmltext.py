"""XML text in, a small tree out: no entities, no DTD, bounded in size, depth and attributes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from holdfast.kit.epcis.faults import Wrong
from holdfast.kit.epcis.limits import DEFAULT, MB, Limits

_BITE = 64 * 1024
_SEPARATOR = "\x1f"


@dataclass(slots=True)
class Element:
    """One element: namespace ('' for none), local name, attributes as (namespace, name), text.

    `text` is what stands before the first child, `stray` whether more than blanks stands between
    or after children. `prefixes` are the prefixes declared on this element.
    """

    namespace: str
    name: str
    attributes: dict[tuple[str, str], str]
    line: int
    text: str = ""
    children: list[Element] = field(default_factory=list)
    stray: bool = False
    prefixes: dict[str, str] = field(default_factory=dict)

    @property
    def shown(self) -> str:
        """The name as it stands in a path."""
        return self.name if not self.namespace else f"{{{self.namespace}}}{self.name}"

    def get(self, name: str) -> str | None:
        """An attribute without a namespace."""
        return self.attributes.get(("", name))

    def child(self, name: str) -> Element | None:
        """The first child of that unqualified name."""
        return next((c for c in self.children if c.name == name and not c.namespace), None)

    def walk(self) -> Iterator[Element]:
        """This element and all below it."""
        yield self
        for child in self.children:
            yield from child.walk()


def read_xml(data: bytes, limits: Limits = DEFAULT) -> Element:
    """The root of the text as a tree. Raises `Wrong` with its line."""
    if len(data) > limits.document:
        raise Wrong(f"the document is larger than {limits.document // MB} MB; split it")
    builder = _Builder(limits)
    parser = builder.parser
    try:
        for start in range(0, len(data), _BITE):
            parser.Parse(data[start : start + _BITE], False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        words = expat.ErrorString(error.code)
        raise Wrong(f"not well-formed XML: {words}", line=error.lineno) from None
    except (LookupError, ValueError) as error:
        raise Wrong(f"not readable as XML: {error}", line=parser.CurrentLineNumber) from None
    if builder.root is None:
        raise Wrong("the document holds no element", line=1)
    return builder.root


class _Builder:
    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.root: Element | None = None
        self.open: list[Element] = []
        self.parts: list[str] = []
        self.length = 0
        self.pending: dict[str, str] = {}
        self.names: set[str] = set()
        self.elements = 0
        self.parser = parser = expat.ParserCreate(namespace_separator=_SEPARATOR)
        parser.buffer_text = True
        parser.buffer_size = _BITE
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.characters
        parser.StartNamespaceDeclHandler = self.declare
        parser.StartDoctypeDeclHandler = self.doctype
        parser.EntityDeclHandler = self.entity
        parser.ExternalEntityRefHandler = self.external
        parser.SkippedEntityHandler = self.skipped

    def wrong(self, reason: str) -> Wrong:
        return Wrong(reason, line=self.parser.CurrentLineNumber)

    def declare(self, prefix: str | None, uri: str | None) -> None:
        self.pending[prefix or ""] = uri or ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._settle()
        if len(self.open) >= self.limits.depth:
            raise self.wrong(f"nested more than {self.limits.depth} levels deep")
        if len(attributes) > self.limits.attributes:
            raise self.wrong(f"an element with more than {self.limits.attributes} attributes")
        if len(self.pending) > self.limits.attributes:
            raise self.wrong("an element that declares too many namespaces")
        self.elements += 1
        if self.elements > self.limits.elements:
            raise self.wrong(f"more than {self.limits.elements:,} elements; split the document")
        self.names.add(name)
        if len(self.names) > self.limits.names:
            raise self.wrong(f"more than {self.limits.names} different element names")
        for value in attributes.values():
            if len(value) > self.limits.value:
                raise self.wrong(f"an attribute longer than {self.limits.value // MB} MB")
        found = Element(
            *_split(name),
            {_split(key): value for key, value in attributes.items()},
            self.parser.CurrentLineNumber,
            prefixes=self.pending,
        )
        self.pending = {}
        if self.open:
            self.open[-1].children.append(found)
        else:
            self.root = found
        self.open.append(found)

    def end(self, name: str) -> None:
        self._settle()
        self.open.pop()

    def characters(self, text: str) -> None:
        self.length += len(text)
        if self.length > self.limits.value:
            raise self.wrong(f"a text longer than {self.limits.value // MB} MB")
        self.parts.append(text)

    def _settle(self) -> None:
        if not self.parts:
            return
        text, self.parts, self.length = "".join(self.parts), [], 0
        if not self.open:
            return
        owner = self.open[-1]
        if not owner.children:
            owner.text += text
        elif not owner.stray and text.strip():
            owner.stray = True

    def doctype(self, name: str, system: str | None, public: str | None, subset: int) -> None:
        # A bare <!DOCTYPE name> declares nothing; GS1's own examples carry one.
        if system or public or subset:
            raise self.wrong("a DOCTYPE with a DTD is not taken: it could name files and entities")

    def entity(self, *_: object) -> None:
        raise self.wrong("entity declarations are not taken")

    def external(self, *_: object) -> int:
        raise self.wrong("external entities are not taken")

    def skipped(self, name: str, *_: object) -> None:
        raise self.wrong(f"the entity {name[:40]} is not declared")


def _split(name: str) -> tuple[str, str]:
    namespace, separator, local = name.rpartition(_SEPARATOR)
    return (namespace, local) if separator else ("", name)
