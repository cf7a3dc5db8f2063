"""What is kept in files while a generation is built comes back as it was, and then is gone."""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from holdfast.kit.trace.published.scratch import Scratch, in_parts

pytestmark = pytest.mark.once


def test_numbers_and_answers_come_back_as_they_were_and_the_folder_goes(tmp_path: Path) -> None:
    place = tmp_path / "scratch"
    with Scratch(place) as scratch, duckdb.connect() as con:
        assert scratch.keep(np.array([3, -1], np.int32)).tolist() == [3, -1]
        assert len(scratch.keep(np.empty(0, np.int64))) == 0
        found = scratch.fetch(con, "SELECT i, i % 2 = 0 AS even FROM range(600000) t(i) ORDER BY i")
        assert (found["i"] == np.arange(600_000)).all()
        assert (found["even"][:3] == [True, False, True]).all()
        none = scratch.fetch(con, "SELECT 1::INTEGER AS a WHERE FALSE")
        assert (len(none["a"]), none["a"].dtype) == (0, np.int32)
    assert not place.exists()


def test_strings_of_any_length_and_any_slice_come_back_as_one_array(tmp_path: Path) -> None:
    given = [
        pa.array(["", "ä", "x" * 70_000]),
        pa.array(["skip", "b", "c"]).slice(1),
        pa.array([], "string"),
    ]
    with Scratch(tmp_path / "scratch") as scratch:
        column = scratch.text_column()
        for piece in given:
            column.add(piece)
        whole = column.whole()
        assert whole.to_pylist() == ["", "ä", "x" * 70_000, "b", "c"]
        assert whole.take(pa.array([4, 1])).to_pylist() == ["c", "ä"]
        assert scratch.text_column().whole().to_pylist() == []


def test_an_order_is_cut_into_parts_without_a_gap() -> None:
    parts = list(in_parts(np.arange(10), 4))
    assert [len(one) for one in parts] == [4, 4, 2]
    assert np.concatenate(parts).tolist() == list(range(10))
