"""What is changed behind the journal's back, in the table itself, is named entry by entry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction

from holdfast.ground.journal.actions import record_all
from holdfast.ground.journal.checking import checked_entries, faults
from holdfast.ground.journal.events import Fact
from holdfast.ground.journal.models import Entry
from holdfast.ground.journal.queries import head
from holdfast.kit.actors import SYSTEM
from holdfast.kit.ledger import leaf_hash

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@dataclass(frozen=True)
class WallBuilt(Fact):
    """A fact that only these tests know."""

    words = "A wall of {stones} stones was built"
    stones: int


def build(count: int = 40) -> int:
    with transaction.atomic():
        record_all([WallBuilt(n) for n in range(count)], by=SYSTEM, now=NOW)
    return head()[0]


def behind(sql: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def named() -> list[int]:
    return [int(str(fault["entry"])) for fault in faults()]


def test_an_untouched_journal_has_no_fault_and_gives_the_lines_of_a_package() -> None:
    size = build()
    found = list(checked_entries())
    assert [each.index for each in found] == list(range(1, size + 1))
    assert not any(each.why for each in found)
    assert all(leaf_hash(each.line) == each.leaf for each in found)


@pytest.mark.parametrize("column", ["at", "kind", "by", "subject", "payload"])
def test_a_changed_column_names_exactly_its_entries(column: str) -> None:
    build()
    for index in (3, 4, 17, 32, 40):
        behind(
            f"""UPDATE journal_entry SET "{column}" = 'x' || substr("{column}", 2)
                WHERE "index" = %s""",
            index,
        )
    assert named() == [3, 4, 17, 32, 40]


@pytest.mark.parametrize("index", [1, 2, 7, 8, 16, 31, 32, 33, 40])
def test_an_entry_changed_together_with_its_hash_is_still_named(index: int) -> None:
    build()
    entry = Entry.objects.get(pk=index)
    entry.payload = '{"stones":99999}'
    behind(
        'UPDATE journal_entry SET payload = %s, leaf = %s WHERE "index" = %s',
        entry.payload,
        leaf_hash(entry.line()).hex(),
        index,
    )
    assert named() == [index]


def test_a_removed_entry_is_named_where_it_is_missing() -> None:
    size = build()
    behind('DELETE FROM journal_entry WHERE "index" IN (5, 6, 20)')
    found = {str(fault["entry"]): fault["why"] for fault in faults()}
    assert found["7"] == "entries 5 to 6 are missing"
    assert found["21"] == "entry 20 is missing"
    assert head()[0] == size


@pytest.mark.parametrize("column", ["leaf", "peak", "root"])
@pytest.mark.parametrize("value", ["0" * 64, "no hash", ""])
def test_a_changed_hash_is_named(column: str, value: str) -> None:
    build()
    behind(f'UPDATE journal_entry SET {column} = %s WHERE "index" = 12', value)
    assert 12 in named()


def test_two_entries_swapped_are_both_named() -> None:
    build()
    behind('UPDATE journal_entry SET "index" = 1000 WHERE "index" = 9')
    behind('UPDATE journal_entry SET "index" = 9 WHERE "index" = 23')
    behind('UPDATE journal_entry SET "index" = 23 WHERE "index" = 1000')
    assert {9, 23} <= set(named())
