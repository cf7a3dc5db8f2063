"""What a fact can say: reads it from text, keeps it in one form, and writes it for people."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from holdfast.kit.filings.catalogue import FactKind
from holdfast.kit.refusals import Unreadable

LONGEST = 20_000
MOST = 2_000
_MONEY = re.compile(r"(?P<amount>-?\d+(?:\.\d{1,4})?)\s*(?P<currency>[A-Z]{3})")
_SHA256 = re.compile(r"[0-9a-f]{64}")


def parse(fact: FactKind, text: str) -> Any:
    """A value as stored: numbers and money as exact text, days as ISO, lists and tables as JSON.

    Numbers are written plainly ("1200", "0.4"); a list has one item a line or between semicolons;
    a table is CSV without a head. Raises `Unreadable` naming what was expected.
    """
    given = text.strip()
    if not given:
        raise Unreadable("value_needed", f"{fact.key} needs a value.", hint=_example(fact))
    if len(given) > LONGEST:
        raise Unreadable("value_too_long", f"{fact.key}: more than {LONGEST} characters.")
    readers = {
        "number": _number,
        "date": _day,
        "money": _money,
        "choice": _choice,
        "list": _list,
        "table": _table,
        "photo": _photos,
    }
    return readers.get(fact.kind, lambda _fact, words: words)(fact, given)


def number(value: Any) -> Decimal | None:
    """The number a value stands for, or None."""
    if isinstance(value, dict):
        value = value.get("amount")
    try:
        found = Decimal(str(value))
    except (InvalidOperation, TypeError):
        return None
    return found if found.is_finite() else None


def shown(fact: FactKind, value: Any) -> str:
    """A value in one text for people and forms; a table as lines."""
    if value is None:
        return ""
    if fact.kind == "number":
        return _grouped(value)
    if fact.kind == "money":
        return f"{value['amount']} {value['currency']}"
    if fact.kind in ("list", "photo"):
        return "; ".join(str(one) for one in value)
    if fact.kind == "table":
        return "\n".join(", ".join(str(cell) for cell in row) for row in value)
    return str(value)


def plain_text(value: Any) -> str:
    """A number without grouping and trailing noughts: what is stored and compared."""
    found = number(value)
    if found is None:
        return str(value)
    return format(found.normalize(), "f") if found else "0"


def _grouped(value: Any) -> str:
    found = number(value)
    if found is None:
        return str(value)
    whole = found == found.to_integral_value()
    return f"{int(found):,}" if whole else format(found.normalize(), ",f")


def _number(fact: FactKind, text: str) -> str:
    if not re.fullmatch(r"\d{1,15}(?:\.\d{1,6})?", text):
        raise Unreadable(
            "bad_number",
            f"{fact.key}: “{text[:40]}” is no number.",
            hint=f"Digits, with a point where needed, at least 0: {_example(fact)}",
        )
    return plain_text(text)


def _day(fact: FactKind, text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise Unreadable(
            "bad_date", f"{fact.key}: “{text[:40]}” is no day.", hint=_example(fact)
        ) from None


def _money(fact: FactKind, text: str) -> dict[str, str]:
    found = _MONEY.fullmatch(text)
    if found is None:
        raise Unreadable(
            "bad_money", f"{fact.key}: “{text[:40]}” is no sum of money.", hint=_example(fact)
        )
    return {"amount": found["amount"], "currency": found["currency"]}


def _choice(fact: FactKind, text: str) -> str:
    word = text.lower()
    if fact.choices and word not in fact.choices:
        raise Unreadable(
            "bad_choice",
            f"{fact.key}: “{text[:40]}” is not offered.",
            hint=f"One of: {', '.join(fact.choices)}.",
        )
    return word


def _list(fact: FactKind, text: str) -> list[str]:
    found = [" ".join(one.split()) for one in re.split(r"[;\n]", text)]
    items = list(dict.fromkeys(one for one in found if one))
    if len(items) > MOST:
        raise Unreadable("value_too_long", f"{fact.key}: more than {MOST} items.")
    return items


def _table(fact: FactKind, text: str) -> list[list[str]]:
    rows = [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text)) if any(row)]
    wide = len(fact.columns)
    for at, row in enumerate(rows, 1):
        if wide and len(row) != wide:
            raise Unreadable(
                "bad_table",
                f"{fact.key}: row {at} has {len(row)} cells, not {wide}.",
                hint=f"Each row: {', '.join(fact.columns)}.",
                line=at,
            )
    return rows


def _photos(fact: FactKind, text: str) -> list[str]:
    found = _list(fact, text.lower())
    for one in found:
        if not _SHA256.fullmatch(one):
            raise Unreadable(
                "bad_photo",
                f"{fact.key}: “{one[:40]}” is no SHA-256 of an attached file.",
                hint="Attach the picture as evidence first and name its SHA-256.",
            )
    return found


def _example(fact: FactKind) -> str:
    examples = {
        "number": f"{fact.key}=1200",
        "date": f"{fact.key}=2026-04-14",
        "money": f'{fact.key}="39.00 EUR"',
        "list": f'{fact.key}="one; two"',
        "choice": f"{fact.key}={fact.choices[0] if fact.choices else '…'}",
    }
    return examples.get(fact.kind, f'{fact.key}="…"')
