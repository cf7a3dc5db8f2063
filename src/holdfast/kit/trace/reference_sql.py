"""The reference trace over millions of rows: a search from frontier to frontier in DuckDB.

It asks the five tables themselves, set by set, and knows none of the engine's layouts: lots are
followed a generation at a time, containers upwards a level at a time with the times at which all
levels hold, container lines downwards at their own instant, windows by an interval join. Every
rule is that of `reference`; random worlds show the two equal.
"""

# ruff: noqa: S608 - the statements are put together from names of this code, never from data.

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb

ALWAYS = "TIMESTAMP '0001-01-01'"
NEVER = "TIMESTAMP '9999-12-31 23:59:59.999999'"
NO_LOT = (
    r"\d{18}|\(00\)\d{18}|\((8003|8004|253|254|402|414)\).+|\(01\)\d{14}"
    r"|urn:epc:id:(sscc|grai|giai|sgln|gdti|gsin):.+"
)
"""GS1 keys of pallets, crates and other assets, and of a product without a lot."""
AT_ONCE = 100_000
CERTAINTIES = {3: "confirmed", 2: "probable", 1: "cannot_rule_out"}


@dataclass(frozen=True)
class Counted:
    """Lines, distinct known customers, and the quantity of the rows that count."""

    lines: int
    customers: int
    quantity: Decimal


@dataclass(frozen=True)
class ReferenceReach:
    """A forward answer in numbers and digests; `excluded` is missing where it was not asked."""

    lots: int
    logistic_units: int
    sessions: int
    top: Counted
    by_certainty: dict[str, Counted]
    confirmed_sha256: str
    open_sha256: str


def reference_reach(
    con: duckdb.DuckDBPyConnection,
    lots: Collection[str],
    *,
    at: datetime | None = None,
    count_excluded: bool = True,
) -> ReferenceReach:
    """Forward from the seed lots over the five views (or tables) of a connection.

    Works in temporary tables named `ref_…` and drops them. `at` without a zone is UTC. Views made
    with `known_at` answer for what was known then. Counting the excluded lines reads every line
    of the affected lots' SKUs; the certificate does not need them.
    """
    search = _Search(con, at)
    try:
        search.follow(lots)
        search.climb()
        search.select()
        search.look_inside()
        search.look_around()
        return search.answer(count_excluded=count_excluded)
    finally:
        search.clear()


class _Search:
    """One search, in temporary tables."""

    def __init__(self, con: duckdb.DuckDBPyConnection, at: datetime | None) -> None:
        self.con = con
        self.made: list[str] = []
        until = ""
        if at is not None:
            moment = at.astimezone(UTC).replace(tzinfo=None) if at.tzinfo else at
            until = f"TIMESTAMP '{moment.isoformat(sep=' ')}'"
        self.changes = _up_to("transformations", "at", until)
        self.packings = _up_to("packings", "packed_at", until)
        self.receipts = _up_to("receipts", "received_at", until)
        self.lines = _up_to("order_lines", "shipped_at", until)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What a query gives."""
        return self.con.execute(query).fetchall()

    def make(self, name: str, query: str) -> int:
        """A temporary table of a query; its number of rows."""
        self.con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {query}")
        self.made.append(name)
        return int(self.rows(f"SELECT count(*) FROM {name}")[0][0])

    def clear(self) -> None:
        """Drop what was made."""
        for name in dict.fromkeys(self.made):
            self.con.execute(f"DROP TABLE IF EXISTS {name}")

    def reach(self, name: str, start: str, step: str) -> int:
        """A table `name` of one column `node`: what `start` gives and all that `step` leads to.

        `step` selects nodes from those of `ref_newest`; a node is entered once, so circles end.
        """
        self.make(name, f"SELECT DISTINCT node FROM ({start})")
        self.make("ref_newest", f"SELECT node FROM {name}")
        while self.make(
            "ref_newest",
            f"SELECT DISTINCT node FROM ({step}) WHERE node NOT IN (SELECT node FROM {name})",
        ):
            self.con.execute(f"INSERT INTO {name} SELECT node FROM ref_newest")
        return int(self.rows(f"SELECT count(*) FROM {name}")[0][0])

    def follow(self, seeds: Collection[str]) -> None:
        """`ref_lots`: the affected lots; `ref_skus`: the SKUs under which they were received."""
        self.make("ref_seeds", "SELECT '' AS node LIMIT 0")
        named = sorted(set(seeds))
        for begin in range(0, len(named), AT_ONCE):
            part = named[begin : begin + AT_ONCE]
            self.con.execute("INSERT INTO ref_seeds SELECT unnest(?::VARCHAR[])", [part])
        step = f"""SELECT output_lot AS node FROM {self.changes}
            WHERE input_lot IN (SELECT node FROM ref_newest)"""
        self.lots = self.reach("ref_lots", "SELECT node FROM ref_seeds", step)
        self.make("ref_received", f"SELECT DISTINCT lot, sku FROM {self.receipts}")
        self.make(
            "ref_skus",
            "SELECT DISTINCT sku FROM ref_received WHERE lot IN (SELECT node FROM ref_lots)",
        )

    def climb(self) -> None:
        """`ref_held`: when each container held an affected lot, at any level.

        First the containers above, whatever the time; then, among their stays alone, the times. A
        container is climbed from again only when the time it held an affected lot has grown.
        """
        step = f"""SELECT container AS node FROM {self.packings}
            WHERE child IN (SELECT node FROM ref_newest)"""
        self.reach("ref_above", "SELECT node FROM ref_lots", step)
        self.make("ref_stays", _stays(self.packings, "child IN (SELECT node FROM ref_above)"))
        self.make("ref_held", f"SELECT '' AS node, {ALWAYS} AS since, {ALWAYS} AS until LIMIT 0")
        self.make("ref_grown", f"SELECT node, {ALWAYS} AS since, {NEVER} AS until FROM ref_lots")
        while True:
            self.make(
                "ref_found",
                """SELECT s.container AS node, greatest(s.since, g.since) AS since,
                    least(s.until, g.until) AS until
                FROM ref_grown g JOIN ref_stays s ON s.child = g.node
                    AND s.since < g.until AND g.since < s.until""",
            )
            self.make(
                "ref_merged",
                _merged("""SELECT * FROM ref_found UNION ALL
                    SELECT * FROM ref_held WHERE node IN (SELECT node FROM ref_found)"""),
            )
            if not self.make("ref_grown", "FROM ref_merged EXCEPT FROM ref_held"):
                break
            self.con.execute("DELETE FROM ref_held WHERE node IN (SELECT node FROM ref_merged)")
            self.con.execute("INSERT INTO ref_held SELECT * FROM ref_merged")
        self.units = int(self.rows("SELECT count(DISTINCT node) FROM ref_held")[0][0])
        self.sessions = int(
            self.rows("""SELECT count(*) FROM ref_stays s
            WHERE child IN (SELECT node FROM ref_lots) OR EXISTS (SELECT 1 FROM ref_held h
                WHERE h.node = s.child AND h.since < s.until AND s.since < h.until)""")[0][0]
        )

    def select(self) -> None:
        """`ref_rows`: rows that name an affected lot. `ref_asked`: rows to decide without one.

        Without a named lot only two kinds of rows can be affected: those of an affected lot's SKU,
        and those in a container that held an affected lot of unknown SKU.
        """
        self.make(
            "ref_rows",
            f"""SELECT line, customer, quantity, 3 AS strength FROM {self.lines}
            WHERE lot <> '' AND lot IN (SELECT node FROM ref_lots)""",
        )
        self.make(
            "ref_asked",
            f"""SELECT row_number() OVER () AS asked, line, customer, sku, container, site,
                shipped_at, quantity
            FROM {self.lines} WHERE lot = '' AND (sku IN (SELECT sku FROM ref_skus)
                OR container IN (SELECT node FROM ref_held))""",
        )

    def look_inside(self) -> None:
        """Case 2: the lots of the row's SKU inside its container, through all levels, then."""
        self.make(
            "ref_shelves",
            """SELECT row_number() OVER () AS shelf, container, shipped_at FROM (
                SELECT DISTINCT container, shipped_at FROM ref_asked
                WHERE container <> '' AND shipped_at IS NOT NULL)""",
        )
        step = f"""SELECT child AS node FROM {self.packings}
            WHERE container IN (SELECT node FROM ref_newest)"""
        self.reach("ref_below", "SELECT container AS node FROM ref_shelves", step)
        self.make("ref_stays", _stays(self.packings, "container IN (SELECT node FROM ref_below)"))
        self._tell_apart()
        self.make("ref_opened", "SELECT shelf, container AS node, shipped_at FROM ref_shelves")
        self.make("ref_newest", "SELECT * FROM ref_opened")
        self.make("ref_inside", "SELECT 0 AS shelf, '' AS lot LIMIT 0")
        self.make("ref_unopened", "SELECT 0 AS shelf LIMIT 0")
        while True:
            self.make(
                "ref_found",
                """SELECT DISTINCT shelf, child AS node, shipped_at
                FROM ref_newest n JOIN ref_stays s ON s.container = n.node
                    AND s.since <= n.shipped_at AND n.shipped_at < s.until""",
            )
            self.con.execute(
                """INSERT INTO ref_inside SELECT shelf, node FROM ref_found
                WHERE node IN (SELECT node FROM ref_lot_names)"""
            )
            self.con.execute(
                """INSERT INTO ref_unopened SELECT shelf FROM ref_found f
                JOIN ref_first_packed p USING (node)
                WHERE f.shipped_at < p.since"""
            )
            if not self.make(
                "ref_newest",
                """SELECT * FROM ref_found f WHERE node IN (SELECT node FROM ref_containers)
                AND NOT EXISTS (SELECT 1 FROM ref_opened o
                    WHERE o.shelf = f.shelf AND o.node = f.node)""",
            ):
                break
            self.con.execute("INSERT INTO ref_opened SELECT * FROM ref_newest")
        self.make(
            "ref_fitting",
            """SELECT a.shelf, a.sku, count(*) AS lots,
                count(*) FILTER (lot IN (SELECT node FROM ref_lots)) AS hit
            FROM (SELECT DISTINCT s.shelf, a.sku FROM ref_asked a
                JOIN ref_shelves s USING (container, shipped_at)) a
            JOIN (SELECT DISTINCT shelf, lot FROM ref_inside) i USING (shelf)
            WHERE lot NOT IN (SELECT lot FROM ref_received)
                OR (lot, a.sku) IN (SELECT (lot, sku) FROM ref_received)
            GROUP BY a.shelf, a.sku""",
        )
        self.con.execute(
            """INSERT INTO ref_rows SELECT line, customer, quantity,
                CASE WHEN hit = lots THEN 3 WHEN 2 * hit >= lots THEN 2 ELSE 1 END
            FROM ref_asked a JOIN ref_shelves USING (container, shipped_at)
                JOIN ref_fitting USING (shelf, sku) WHERE hit > 0"""
        )
        # None of them is affected: that tells nothing where something lay there unopened.
        self.con.execute(
            """DELETE FROM ref_fitting
            WHERE hit = 0 AND shelf IN (SELECT shelf FROM ref_unopened)"""
        )

    def _tell_apart(self) -> None:
        """`ref_containers` and `ref_lot_names` among what was packed: an id can be both.

        `ref_first_packed`: of what no row names as a lot, and whose key is none of a lot, since
        when it was packed into, if ever.
        """
        self.make("ref_children", "SELECT DISTINCT child AS node FROM ref_stays")
        among = "(SELECT node FROM ref_children)"
        self.make(
            "ref_containers",
            f"""SELECT container AS node FROM {self.packings} WHERE container IN {among}
            UNION SELECT container FROM {self.lines} WHERE container IN {among}""",
        )
        self.make(
            "ref_named",
            f"""SELECT lot AS node FROM {self.receipts} WHERE lot IN {among}
            UNION SELECT lot FROM {self.lines} WHERE lot IN {among}
            UNION SELECT input_lot FROM {self.changes} WHERE input_lot IN {among}
            UNION SELECT output_lot FROM {self.changes} WHERE output_lot IN {among}""",
        )
        self.make(
            "ref_lot_names",
            """SELECT node FROM ref_children WHERE node NOT IN (SELECT node FROM ref_containers)
            UNION SELECT node FROM ref_named""",
        )
        self.make(
            "ref_first_packed",
            f"""SELECT node, coalesce(min({_since("packed_at")}) FILTER (container IS NOT NULL),
                {NEVER}) AS since
            FROM ref_children LEFT JOIN {self.packings} p ON p.container = node
            WHERE node NOT IN (SELECT node FROM ref_named)
                AND regexp_full_match(node, '{NO_LOT}') GROUP BY node""",
        )

    def look_around(self) -> None:
        """Case 3: the lots of the row's SKU with a window at its site then."""
        self.make(
            "ref_left",
            """SELECT * FROM ref_asked WHERE sku IN (SELECT sku FROM ref_skus)
            AND asked NOT IN (SELECT asked FROM ref_asked
                JOIN ref_shelves USING (container, shipped_at)
                JOIN ref_fitting USING (shelf, sku))""",
        )
        self.make(
            "ref_windows",
            f"""SELECT lot, sku, site, quantity, lot IN (SELECT node FROM ref_lots) AS is_hit,
                site <> '' OR received_at IS NOT NULL OR depleted_at IS NOT NULL AS is_placed,
                {_since("received_at")} AS since, {_until("depleted_at")} AS until
            FROM {self.receipts} WHERE sku IN (SELECT sku FROM ref_skus)""",
        )
        then = "w.sku = a.sku AND w.since <= a.shipped_at AND a.shipped_at < w.until"
        columns = "a.asked, w.lot, w.quantity, w.is_hit, w.is_placed"
        pairs = f"""
            SELECT {columns} FROM ref_left a JOIN ref_windows w ON w.site = a.site AND {then}
            UNION ALL SELECT {columns} FROM ref_left a JOIN ref_windows w
                ON w.site = '' AND a.site <> '' AND {then}
            UNION ALL SELECT {columns} FROM ref_left a JOIN ref_windows w
                ON w.site <> '' AND a.site = '' AND {then}"""
        self.make(
            "ref_lying",
            f"""SELECT asked, bool_and(is_hit) AS is_all, bool_or(is_hit) AS is_any,
                bool_or(is_placed) AS is_placed,
                count(*) = count(quantity) AND sum(quantity) > 0 AS is_known,
                coalesce(sum(quantity) FILTER (is_hit), 0) * 2 >= sum(quantity) AS is_most
            FROM ({pairs}) GROUP BY asked""",
        )
        self.make(
            "ref_by_count",
            f"""SELECT asked, count(DISTINCT lot) FILTER (is_hit) * 2
                >= count(DISTINCT lot) AS is_most
            FROM ({pairs}) WHERE asked IN
                (SELECT asked FROM ref_lying WHERE is_any AND NOT is_all AND NOT is_known)
            GROUP BY asked""",
        )
        self.con.execute(
            """INSERT INTO ref_rows SELECT line, customer, quantity,
                CASE WHEN is_any IS NULL OR NOT is_any THEN 1
                WHEN is_all OR coalesce(c.is_most, y.is_most) THEN 2 ELSE 1 END
            FROM ref_left LEFT JOIN ref_lying y USING (asked) LEFT JOIN ref_by_count c USING (asked)
            WHERE is_any IS NULL OR is_any OR NOT is_placed"""
        )

    def answer(self, *, count_excluded: bool) -> ReferenceReach:
        """Lines from their rows: the strongest wins, the affected rows are summed."""
        self.make(
            "ref_affected", "SELECT line, max(strength) AS strength FROM ref_rows GROUP BY line"
        )
        found = dict.fromkeys(CERTAINTIES.values(), Counted(0, 0, Decimal(0)))
        for strength, *counts in self.rows(
            f"""SELECT a.strength, {COUNTS} FROM ref_rows r JOIN ref_affected a USING (line)
            GROUP BY a.strength"""
        ):
            found[CERTAINTIES[strength]] = Counted(*counts)
        top = Counted(*self.rows(f"SELECT {COUNTS} FROM ref_rows")[0])
        if count_excluded:
            others = f"""SELECT {COUNTS} FROM {self.lines} WHERE sku IN (SELECT sku FROM ref_skus)
                AND line NOT IN (SELECT line FROM ref_affected)"""
            found["excluded"] = Counted(*self.rows(others)[0])
        return ReferenceReach(
            self.lots,
            self.units,
            self.sessions,
            top,
            found,
            self._digest("strength = 3"),
            self._digest("strength < 3"),
        )

    def _digest(self, which: str) -> str:
        """SHA-256 over the line ids; DuckDB sorts text by its UTF-8 bytes."""
        hashed = hashlib.sha256()
        found = self.con.execute(f"SELECT line FROM ref_affected WHERE {which} ORDER BY line")
        while part := found.fetchmany(AT_ONCE):
            hashed.update("".join(f"{line}\n" for (line,) in part).encode())
        return hashed.hexdigest()


COUNTS = """count(DISTINCT line), count(DISTINCT customer) FILTER (customer <> ''),
    coalesce(sum(quantity), 0)"""


def _up_to(table: str, start: str, until: str) -> str:
    """The rows of a table up to T; an event of unknown time stays."""
    if not until:
        return table
    return f'(SELECT * FROM {table} WHERE "{start}" IS NULL OR "{start}" <= {until})'


def _since(column: str) -> str:
    return f"coalesce({column}, {ALWAYS})"


def _until(column: str) -> str:
    return f"coalesce({column}, {NEVER})"


def _stays(packings: str, which: str) -> str:
    """Some stays with their interval; those that end as they begin never held."""
    return f"""SELECT container, child, {_since("packed_at")} AS since,
            {_until("unpacked_at")} AS until
        FROM {packings} WHERE {_since("packed_at")} < {_until("unpacked_at")} AND {which}"""


def _merged(intervals: str) -> str:
    """Intervals of a node that touch or overlap, as one."""
    return f"""SELECT node, min(since) AS since, max(until) AS until FROM (
            SELECT *, sum(starts) OVER (PARTITION BY node ORDER BY since, until
                ROWS UNBOUNDED PRECEDING) AS island
            FROM (SELECT *, CASE WHEN since <= max(until) OVER (PARTITION BY node
                    ORDER BY since, until ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
                THEN 0 ELSE 1 END AS starts FROM ({intervals})))
        GROUP BY node, island"""
