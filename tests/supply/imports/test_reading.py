"""Opening a file with its mapping, before any database is asked."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from holdfast.kit.refusals import Unreadable
from holdfast.supply.imports.reading import Wishes, open_reading

pytestmark = pytest.mark.once


def test_a_workbook_without_the_columns_on_its_first_sheet_names_the_others(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["read me"])
    book.create_sheet("Orders 2026").append(["order", "product", "quantity"])
    book.save(tmp_path / "two.xlsx")
    with pytest.raises(Unreadable) as caught:
        open_reading(tmp_path / "two.xlsx", "orders", Wishes(), zone="UTC")
    assert caught.value.hint.endswith("others (--sheet): 'Orders 2026'.")
