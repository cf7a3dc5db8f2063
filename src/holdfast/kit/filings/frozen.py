"""A filled form frozen for release: what its SHA-256 binds, what of it stays in the house."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from holdfast.kit.filings.filling import Filled, FilledForm
from holdfast.kit.ledger.canonical import canonical_json


def content_of(filled: FilledForm, *, head: Mapping[str, Any]) -> dict[str, Any]:
    """The whole content as canonical JSON values; personal fields are listed under `personal`.

    `head` says what it is: recall, version, cut-off, period. The content is what two people
    release; a package shows it with the personal fields taken out (`public_content`).
    """
    form = filled.form
    return {
        "form": form.id,
        "form_version": form.version,
        "name": form.name,
        "authority": form.authority,
        "regime": form.regime,
        "country": filled.country,
        "cut_off": filled.cut_off.isoformat(),
        "head": dict(head),
        "sections": [
            {
                "id": section.id,
                "name": section.name,
                "fields": [_field(one) for one in filled.fields if one.field in section.fields],
            }
            for section in form.sections
        ],
        "states": [
            {"key": one.key, "place": one.place, "value": one.value} for one in filled.states
        ],
    }


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
        "personal": one.field.personal,
    }


def sha256_of(content: Mapping[str, Any]) -> str:
    """What a release is bound to."""
    return hashlib.sha256(canonical_json(dict(content))).hexdigest()


def public_content(content: Mapping[str, Any]) -> dict[str, Any]:
    """The content without what names or reaches a person."""
    sections = [
        {**section, "fields": [_without(one) for one in section["fields"]]}
        for section in content["sections"]
    ]
    return {**content, "sections": sections}


def _without(one: Mapping[str, Any]) -> dict[str, Any]:
    if not one["personal"] or one["state"] != "filled":
        return dict(one)
    return {**one, "text": "kept in the house: it names or reaches a person", "rows": []}


def fields_of(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Every field of a frozen content with the name of its section."""
    return [
        {**one, "section": section["name"]}
        for section in content["sections"]
        for one in section["fields"]
    ]


def missing_of(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The fields that were needed and empty."""
    return [one for one in fields_of(content) if one["state"] == "missing"]


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
