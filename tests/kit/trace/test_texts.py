"""Columns of strings on disk give back what is asked for, in the order in which it is asked."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from holdfast.kit.trace.published.texts import Texts, write_texts

pytestmark = pytest.mark.once


def test_strings_come_in_the_order_asked_for(tmp_path: Path) -> None:
    names = ["a", "b", "c", "d"]
    write_texts(tmp_path / "names.arrow", [pa.array(names)])
    texts = Texts(tmp_path / "names.arrow")
    # Two changed places are the trap: such an order is its own inverse.
    for places in itertools.product([-1, 0, 1, 2, 3], repeat=3):
        wanted = [names[place] if place >= 0 else "" for place in places]
        assert texts.take(np.array(places)).to_pylist() == wanted
