"""Canonical JSON: one value has one form, and what has none is refused by its path."""

from __future__ import annotations

import datetime as dt
import decimal
import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.kit.ledger import NotCanonical, canonical_json

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


def test_keys_are_sorted_and_nothing_is_padded() -> None:
    assert canonical_json({"b": 1, "a": [True, None, "x"]}) == b'{"a":[true,null,"x"],"b":1}'


def test_the_sorting_example_of_rfc_8785_comes_out() -> None:
    """Section 3.2.3: keys are ordered by UTF-16 code units, so the emoji precedes U+FB33."""
    keys = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]
    ordered = ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]
    written = canonical_json(dict.fromkeys(keys, 0))
    assert list(json.loads(written)) == ordered


def test_strings_are_escaped_as_rfc_8785_says() -> None:
    assert canonical_json('€$\x0f\nA\'B"\\\\"/') == '"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'.encode()
    assert canonical_json("\x7f\u2028") == '"\x7f\u2028"'.encode()


@pytest.mark.parametrize(
    "value",
    [
        1.5,
        1.0,
        math.nan,
        math.inf,
        decimal.Decimal("1.5"),
        dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
        b"bytes",
        {1: "x"},
        {"a": {"b": [1, 2.5]}},
        2**53,
        -(2**53),
        "\ud800",
        {"\udfff": 1},
        {"x"},
        object(),
    ],
)
def test_what_has_no_canonical_form_is_refused(value: object) -> None:
    with pytest.raises(NotCanonical):
        canonical_json(value)


def test_the_refusal_names_the_path() -> None:
    with pytest.raises(NotCanonical, match=r"\$\.lines\[1\]\.amount: a float"):
        canonical_json({"lines": [{}, {"amount": 0.5}]})


def test_a_bottomless_value_is_refused_and_does_not_exhaust_the_stack() -> None:
    value: list[object] = []
    for _ in range(100_000):
        value = [value]
    with pytest.raises(NotCanonical, match="deeper"):
        canonical_json(value)


@given(VALUES)
def test_what_is_written_reads_back_and_writes_the_same(value: object) -> None:
    try:
        written = canonical_json(value)
    except NotCanonical:
        assert any("\ud800" <= char <= "\udfff" for char in repr(value)) or "\\ud" in repr(value)
        return
    assert json.loads(written) == value
    assert canonical_json(json.loads(written)) == written
