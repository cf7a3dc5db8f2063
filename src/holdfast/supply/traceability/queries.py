"""Reads of the traceability room: where the log of trace events lies, and what is in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from django.conf import settings

from holdfast.ground.journal.models import Entry
from holdfast.kit.epcis.store import EventStore
from holdfast.kit.trace.log import Log
from holdfast.kit.trace.log.files import rows_in
from holdfast.supply.orders.models import OrderLine
from holdfast.supply.orders.rules import EVENTS

if TYPE_CHECKING:
    import duckdb

    from holdfast.kit.trace.backward import Origins
    from holdfast.kit.trace.engine import Trace
    from holdfast.kit.trace.reach import Reach


def trace_folder() -> Path:
    """The folder of the home that holds all there is to the trace, wherever the tables are."""
    return Path(settings.HOME) / "trace"


def trace_log() -> Log:
    """The log of trace events of this instance."""
    return Log(trace_folder())


def epcis_store() -> EventStore:
    """The EPCIS events of this instance, as they were captured."""
    return EventStore(trace_folder() / "epcis")


def trace_mark() -> tuple[int, int]:
    """Changes with every change of the log; one look at a file's dates."""
    try:
        found = (trace_folder() / "manifest.json").stat()
    except FileNotFoundError:
        return 0, 0
    return found.st_mtime_ns, found.st_ino


SHOP = "shop"
# What can change a sale or a receipt leaves one of these facts.
SHOP_FACTS = ("FileImported", "HistorySimulated", "ReceiptRecorded")


def shop_mark() -> str:
    """The state of the shop's sales and receipts as far as the trace goes: their last fact."""
    last = Entry.objects.filter(kind__in=SHOP_FACTS).order_by("-index").values_list("root")
    found = last.first()
    return found[0] if found else ""


def trace_faults() -> list[str]:
    """Files that the log names and that are absent or end too early; their content is not read."""
    log = trace_log()
    manifest = log.manifest()
    named = [(one.file, one.rows) for one in manifest.segments]
    named += [(one.file, one.rows) for one in manifest.corrections]
    return [file for file, rows in named if rows_in(log.folder / file) != rows]


def trace_facts() -> dict[str, Any]:
    """What the doctor says of the trace: events that hold, files, and the digest of both."""
    manifest = trace_log().manifest()
    return {
        "events": manifest.events,
        "segments": len(manifest.live()),
        "generation": manifest.generation,
        "input_digest": manifest.input_digest,
    }


MOST_ORDERS = 500_000
"""Orders of the shop that are looked for among the events; more would not change what is said."""


@dataclass(frozen=True, slots=True)
class BothWays:
    """Order lines among the events and from the shop, and orders whose number is in both."""

    event_lines: int
    shop_lines: bool
    shared: int = 0
    example: str = ""


def orders_both_ways() -> BothWays:
    """Did order lines come in two ways, and do any of them name the same order?"""
    log = trace_log()
    manifest = log.manifest()
    own = tuple(one for one in manifest.segments if one.source != SHOP)
    manifest = replace(manifest, segments=own)
    lines = sum(one.rows for one in manifest.live("order_lines"))
    of_shop = OrderLine.objects.exclude(source=EVENTS)
    if not lines or not of_shop.exists():
        return BothWays(lines, lines > 0 and of_shop.exists())
    numbers = of_shop.order_by().values_list("order_number", flat=True).distinct()[:MOST_ORDERS]
    from holdfast.kit.trace.log.engine import connected  # noqa: PLC0415 - only with events

    with connected(log.staging) as con:
        log.views(con, manifest=manifest)
        count, example = con.execute(
            'SELECT count(DISTINCT "order"), min("order") FROM order_lines '
            'WHERE "order" IN (SELECT unnest($1::VARCHAR[]))',
            [list(numbers)],
        ).fetchall()[0]
    return BothWays(lines, True, int(count), example or "")


_open: dict[str, tuple[str, Trace]] = {}
"""The generation each home has open in this process; it never changes, so threads share it."""


def open_trace(*, known_at: datetime | None = None) -> Trace:
    """The trace over all that is in the log (or was by a moment), kept open by this process.

    Where nobody has built it since the last import it is built now: some seconds for a million
    events, some minutes for a hundred. `published_trace` answers at once from what there is.
    """
    from holdfast.kit.trace import publishing  # noqa: PLC0415 - numpy, only when a trace is asked

    log = trace_log()
    if known_at is not None:
        return publishing.open_known_at(log, known_at)
    name, home = publishing.name_of(log.manifest()), str(log.folder)
    if home not in _open or _open[home][0] != name:
        _open[home] = (name, publishing.open_fresh(log))
    return _open[home][1]


def published_trace() -> Trace | None:
    """The trace over what was published last, which may be behind the log; None before that."""
    from holdfast.kit.trace import publishing  # noqa: PLC0415

    log = trace_log()
    name, home = log.manifest().published, str(log.folder)
    if name and _open.get(home, ("",))[0] == name:
        return _open[home][1]
    found = publishing.open_published(log)
    if found is not None and name:
        _open[home] = (name, found)
    return found


def trace_forward(
    written: str,
    *,
    at: datetime | None = None,
    known_at: datetime | None = None,
    steps: int | None = None,
    with_reference: bool = True,
) -> tuple[dict[str, Any], Reach]:
    """Who got it: the answer of the contract, and the reach behind it for its rows."""
    from holdfast.kit.trace import answers, publishing  # noqa: PLC0415

    trace = open_trace(known_at=known_at)
    moment = None if at is None else publishing.instant(at)
    started = perf_counter()
    key = trace.resolve(written)
    reach = trace.forward_from(key, at=moment, steps=steps)
    reach.count()
    milliseconds = 1000 * (perf_counter() - started)
    answer = answers.forward_answer(key, reach, milliseconds=milliseconds)

    @contextmanager
    def connected() -> Iterator[duckdb.DuckDBPyConnection]:
        with publishing.reading(trace_log(), known_at=known_at) as con:
            yield con

    # The reference follows every generation; it cannot witness a trace of a few steps.
    asks = with_reference and steps is None
    answer["certificate"] = answers.certify(
        trace, reach, at=at, connected=connected if asks else None
    )
    return answer, reach


def trace_back(
    written: str,
    *,
    at: datetime | None = None,
    known_at: datetime | None = None,
    steps: int | None = None,
) -> tuple[dict[str, Any], Origins]:
    """Where it came from: the lots behind a key with their ancestors, sites and suppliers."""
    from holdfast.kit.trace import answers, publishing  # noqa: PLC0415

    trace = open_trace(known_at=known_at)
    moment = None if at is None else publishing.instant(at)
    started = perf_counter()
    key = trace.resolve(written)
    found = trace.back_from(key, at=moment, steps=steps)
    milliseconds = 1000 * (perf_counter() - started)
    return answers.back_answer(key, found, milliseconds=milliseconds), found


SOON = 2_000_000
"""Events whose trace is built while somebody waits for a page: some seconds."""


def trace_is_ready() -> bool:
    """Can a page ask the trace: is what is in the log published, or soon built?"""
    from holdfast.kit.trace import publishing  # noqa: PLC0415

    log = trace_log()
    return log.manifest().events <= SOON or publishing.is_fresh(log)


def lots_held(now: datetime) -> Callable[[str], Sequence[str] | None]:
    """The lots in a container at a moment, through all levels, by its name or GS1 key.

    Also what lies in it unopened: nobody recorded what is in that, so it is no known lot.

    None where nobody recorded such a container, and where what came in last is not in the
    published trace yet: a check does not wait for it, and does not answer from what is old.
    """

    def held(name: str) -> Sequence[str] | None:
        from holdfast.kit.trace import publishing  # noqa: PLC0415 - numpy, only for containers
        from holdfast.kit.trace.contents import inside_at, unopened_at  # noqa: PLC0415
        from holdfast.kit.trace.keys import find  # noqa: PLC0415

        log = trace_log()
        trace = published_trace() if log.manifest().published and publishing.is_fresh(log) else None
        key = None if trace is None else find(trace.published, "container", name)
        if trace is None or key is None:
            return None
        asked = int(key.places[0]), publishing.instant(now)
        inside = {trace.published.names.lots[lot] for lot in inside_at(trace.published, *asked)}
        return sorted(inside | unopened_at(trace.published, *asked))

    return held
