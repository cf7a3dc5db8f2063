"""A row is found by its name, whatever the name and however many rows bear it."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast.kit.trace.published import lookup
from holdfast.kit.trace.published.lookup import buckets, hash_of, hashes, rows_of, twins

pytestmark = pytest.mark.once


@settings(max_examples=80, deadline=None)
@given(st.lists(st.text(max_size=30) | st.sampled_from(["a", "b", "ab" * 4]), max_size=60))
def test_every_row_is_found_and_rows_that_share_a_name_are_known(words):
    hashed = hashes(pa.array(words, pa.string()))
    assert hashed.tolist() == [hash_of(word) for word in words]
    starts, rows = buckets(hashed)
    for word in {*words, "nowhere"}:
        near = rows_of(starts, rows, len(words), word).tolist()
        assert {n for n, one in enumerate(words) if one == word} <= set(near)
    shared = [n for n, one in enumerate(words) if words.count(one) > 1]
    assert twins(hashed, starts, rows).tolist() == shared


def test_a_slice_of_a_column_and_a_million_rows_of_one_name_are_no_trouble():
    column = pa.array(["x", "line-1", "line-22", "a longer name than sixteen bytes"])
    assert hashes(column.slice(1, 2)).tolist() == [hash_of("line-1"), hash_of("line-22")]
    many = np.full(100_000, hash_of("one"), np.uint64)
    many[7] = hash_of("other")
    starts, rows = buckets(many)
    assert len(twins(many, starts, rows)) == 99_999
    assert 7 in rows_of(starts, rows, len(many), "other")


@pytest.mark.parametrize(("bits", "count"), [(3, 20_000), (17, 720_000)])
def test_sorting_a_part_of_the_buckets_at_a_time_gives_the_same(bits, count, monkeypatch):
    hashed = hashes(pa.array([f"line-{n % (count - 500)}" for n in range(count)]))
    starts, rows = buckets(hashed)
    ordered = hashed[rows] >> np.uint64(64 - lookup.bits_for(count))
    assert (np.diff(ordered.astype(np.int64)) >= 0).all()
    twice = twins(hashed, starts, rows)
    assert len(twice) == 1_000
    monkeypatch.setattr(lookup, "PART_BITS", bits)
    again = buckets(hashed)
    assert (again[0] == starts).all()
    assert (again[1] == rows).all()
    assert (twins(hashed, *again) == twice).all()
