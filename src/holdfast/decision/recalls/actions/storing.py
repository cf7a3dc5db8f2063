"""Puts the lines of a scope version, and the ways they took, into the database in bulk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from itertools import islice

from django.db import connection

from holdfast.decision.recalls.models import ScopeJourney, ScopeLine
from holdfast.decision.recalls.queries.finding import Stored, Way
from holdfast.decision.recalls.queries.rows import units_of

COLUMNS = ("version_id", "line_id", "certainty", "units", "rule", "reason", "probability")
AT_ONCE = 20_000


def store_lines(version: int, lines: Iterable[Stored]) -> None:
    """Write a version's lines; half a million take about three seconds, an ORM loop thirty."""
    table = ScopeLine._meta.db_table
    rows = (
        (version, line, certainty, units_of(units), rule, reason, part)
        for line, certainty, units, rule, reason, part in lines
    )
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({', '.join(COLUMNS)}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        holes = ", ".join(["%s"] * len(COLUMNS))
        sql = f"INSERT INTO {table} ({', '.join(COLUMNS)}) VALUES ({holes})"  # noqa: S608 (no input)
        numbered = ((*row[:3], _as_number(row[3]), *row[4:]) for row in rows)
        while some := list(islice(numbered, AT_ONCE)):
            cursor.executemany(sql, some)


def store_journeys(version: int, ways: Mapping[Way, int]) -> None:
    """Write which ways a version's units took, in an order that is always the same."""
    ScopeJourney.objects.bulk_create(
        [
            ScopeJourney(
                version_id=version,
                lot=lot,
                site=site,
                container=container,
                channel=channel,
                market=market,
                product_id=product,
                certainty=certainty,
                units=units_of(units),
            )
            for (lot, site, container, channel, market, product, certainty), units in sorted(
                ways.items()
            )
        ],
        batch_size=500,
    )


def _as_number(units: Decimal) -> int | str:
    return int(units) if units == units.to_integral_value() else str(units)
