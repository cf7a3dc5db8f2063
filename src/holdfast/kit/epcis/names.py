"""Which prefixes a JSON-LD document declares: extension fields need a namespace."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

STANDARD = {
    "epcis": "https://ref.gs1.org/epcis/",
    "cbv": "https://ref.gs1.org/cbv/",
    "cbvmda": "urn:epcglobal:cbv:mda:",
    "gs1": "https://gs1.org/voc/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "dcterms": "http://purl.org/dc/terms/",
    "vtype": "urn:epcglobal:epcis:vtype:",
}
CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
_ABSOLUTE = frozenset({"http", "https", "urn", "ftp", "tag", "did", "ni", "info", "oid"})


@dataclass(frozen=True)
class Names:
    """The prefixes in force. `foreign` says that a context we never fetch may declare more."""

    inline: tuple[tuple[str, str], ...] = ()
    standard: bool = False
    foreign: bool = False

    def within(self, value: dict[str, Any]) -> Names:
        """The prefixes inside an object: those around it and those its `@context` adds."""
        if "@context" not in value:
            return self
        inline, standard, foreign = dict(self.inline), self.standard, self.foreign
        given = value["@context"]
        for one in given if isinstance(given, list) else [given]:
            if isinstance(one, str):
                if "epcis-context" in one or "epcis/epcis-context" in one.lower():
                    standard = True
                else:
                    foreign = True
            elif isinstance(one, dict):
                for name, meaning in one.items():
                    if isinstance(meaning, dict):
                        meaning = meaning.get("@id")
                    if isinstance(meaning, str):
                        inline[name] = meaning
        return Names(tuple(inline.items()), standard, foreign)

    def declares(self, name: str) -> bool:
        """Whether the prefix of an extension name stands for something."""
        prefix, _, rest = name.partition(":")
        if any(prefix == given for given, _ in self.inline):
            return True
        if self.standard and prefix in STANDARD:
            return True
        if rest.startswith("//") or prefix.lower() in _ABSOLUTE:
            return True
        return self.foreign

    def prefixes(self) -> dict[str, str]:
        """Every prefix with what it stands for, the document's own ones winning."""
        known = dict(STANDARD) if self.standard else {}
        return known | dict(self.inline)
