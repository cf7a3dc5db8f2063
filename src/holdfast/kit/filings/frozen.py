"""A filled form frozen for release: what its SHA-256 binds, what of it stays in the house."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from holdfast.kit.filings.filling import Filled, FilledForm
from holdfast.kit.ledger.canonical import canonical_json

Seal = Callable[[str], str]
ERASED = "erased: it named or reached a person"


@dataclass(frozen=True, slots=True)
class Frozen:
    """What is released: `content` is what the SHA-256 binds and what a package shows.

    A field that names or reaches a person stands in `content` only as a commitment, a keyed hash;
    its words are in `personal`, by "section.field", and can be erased without breaking the hash.
    """

    content: dict[str, Any]
    personal: dict[str, str]

    @property
    def sha256(self) -> str:
        """What a release is bound to."""
        return hashlib.sha256(canonical_json(self.content)).hexdigest()

    @property
    def whole(self) -> dict[str, Any]:
        """The content with the words of personal fields put back, for the papers themselves."""
        sections = [
            {
                **section,
                "fields": [
                    _put_back(one, self.personal.get(f"{section['id']}.{one['key']}"))
                    for one in section["fields"]
                ],
            }
            for section in self.content["sections"]
        ]
        return {**self.content, "sections": sections}


def freeze(filled: FilledForm, *, head: Mapping[str, Any], seal: Seal) -> Frozen:
    """A filled form as canonical JSON values; `seal` makes the keyed hash of personal words.

    `head` says what it is: recall, version, period, what it amends.
    """
    form = filled.form
    personal: dict[str, str] = {}
    sections = []
    for section in form.sections:
        fields = []
        for one in filled.fields:
            if one.field not in section.fields:
                continue
            kept = _field(one)
            if one.field.personal and one.state == "filled":
                personal[f"{section.id}.{one.field.key}"] = one.text
                kept["text"], kept["commitment"] = "", seal(one.text)
            fields.append(kept)
        sections.append({"id": section.id, "name": section.name, "fields": fields})
    content = {
        "form": form.id,
        "form_version": form.version,
        "name": form.name,
        "authority": form.authority,
        "regime": form.regime,
        "country": filled.country,
        "cut_off": filled.cut_off.isoformat(),
        "head": dict(head),
        "sections": sections,
        "states": [
            {"key": one.key, "place": one.place, "value": one.value} for one in filled.states
        ],
    }
    return Frozen(content, personal)


def _field(one: Filled) -> dict[str, Any]:
    return {
        "key": one.field.key,
        "label": one.field.label,
        "state": one.state,
        "text": one.text,
        "head": list(one.head),
        "rows": [list(row) for row in one.rows],
        "source": one.field.source,
        "confidence": one.field.confidence,
        "from": list(one.sources),
        "wants": list(one.wants),
        "why": one.why,
    }


def _put_back(one: Mapping[str, Any], words: str | None) -> dict[str, Any]:
    if "commitment" not in one:
        return dict(one)
    return {**one, "text": ERASED if words is None else words}


def fields_of(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Every field of a frozen content with the name of its section."""
    return [
        {**one, "section": section["name"]}
        for section in content["sections"]
        for one in section["fields"]
    ]


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """What a later version says otherwise, in words, field by field."""
    before = {(one["section"], one["key"]): one for one in fields_of(old)}
    after = {(one["section"], one["key"]): one for one in fields_of(new)}
    told = []
    for key, one in after.items():
        was, now = before.get(key), one["text"]
        if was is None and now:
            told.append(f"{one['label']}: new, {_short(now)}.")
        elif was is not None and was["text"] != now:
            told.append(f"{one['label']}: {_short(was['text'])} became {_short(now)}.")
    told += [
        f"{one['label']}: no longer in the form."
        for key, one in before.items()
        if key not in after and one["text"]
    ]
    return told


def _short(text: str) -> str:
    plain = " ".join(text.split())
    if not plain:
        return "nothing"
    return f"“{plain if len(plain) <= 80 else plain[:77] + '…'}”"
