"""`holdfast bench trace`: a network made, loaded through the product, traced, checked, compared."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from holdfast.doors.cli.measuring.machine import forget, machine, size_mb
from holdfast.doors.cli.measuring.server import NoServer, Server
from holdfast.kit.refusals import Refusal

if TYPE_CHECKING:
    from holdfast.doors.cli.measuring.peers import Peers
    from holdfast.kit.trace.worlds import Network

WARM_RUNS = 5
READERS = 2
READING_SECONDS = 3.0
BACK_LINES = 300
OTHER_DATABASE = "HOLDFAST_DATABASE_URL"
SERVER_FROM = "HOLDFAST_BENCH_POSTGRES"
NO_ANSWER = "no answer within"


@dataclass(frozen=True)
class Wanted:
    """What to run; `postgres` is a URL, '' for whatever is found, 'none' for none.

    `patience` is how many seconds PostgreSQL has for one answer. Of one that takes more than a
    tenth of it no disk-cold time is taken, for it would say the same.
    """

    events: int
    seed: int
    home: Path
    postgres: str = ""
    form: str = "parquet"
    memory: str = "4GB"
    patience: float = 300
    keep: bool = False


def measure(wanted: Wanted, told: Callable[[str], None]) -> dict[str, Any]:
    """The whole run in a folder of its own under the home; removed at the end."""
    place = Path(tempfile.mkdtemp(prefix="bench-", dir=wanted.home))
    try:
        return _Run(wanted, place, told).all()
    finally:
        if not wanted.keep:
            shutil.rmtree(place, ignore_errors=True)


class _Run:
    def __init__(self, wanted: Wanted, place: Path, told: Callable[[str], None]) -> None:
        from holdfast.kit.trace.worlds import Network

        self.wanted, self.place, self.told = wanted, place, told
        self.network = Network(wanted.events, wanted.seed)
        self.input, self.home, self.spill = place / "input", place / "home", place / "spill"
        self.home.mkdir()
        self.answer: dict[str, Any] = {
            "events": wanted.events,
            "seed": wanted.seed,
            "form": wanted.form,
            "machine": machine(),
            "patience_seconds": wanted.patience,
        }

    def all(self) -> dict[str, Any]:
        """Everything, in the order in which it has to be."""
        with self.prepared():
            self.generate(self.network, self.input, self.wanted.form)
        self.load()
        traces = [self.trace(size, f"lot:{lot}") for size, lot in self.network.seeds.items()]
        self.answer["rss_mb"] = max(one.pop("rss_mb") for one in traces)
        self.answer["rss_with_digests_mb"] = max(one.pop("rss_with_digests_mb") for one in traces)
        self.answer["traces"] = traces
        self.check(traces)
        self.answer["backward"] = self.back()
        self.compare(traces)
        self.answer["several_processes"] = self.share()
        return self.answer

    # -- the product --------------------------------------------------------------------------

    def generate(self, network: Network, folder: Path, form: str) -> None:
        """Write the network; not part of any figure but its own."""
        from holdfast.kit.trace.worlds import write_network

        began = time.monotonic()
        write_network(network, folder, form=form, told=lambda said: self.told(f"  made {said}"))
        seconds = time.monotonic() - began
        if folder == self.input:
            self.answer["generate_seconds"] = round(seconds, 2)
        self.told(f"made {network.events:,} events in {seconds:.1f} s")

    @contextmanager
    def prepared(self) -> Iterator[None]:
        """The tables of the new home, made meanwhile: what is loaded is told without them."""
        process = subprocess.Popen(
            [sys.executable, "-m", "holdfast", "doctor", "--json"],
            env=self.environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            yield
            process.wait()
        finally:
            process.kill()
            process.wait()

    def load(self) -> None:
        """Import through the product; the clock ends when a trace answers."""
        self.told("import …")
        began = time.monotonic()
        done = self.holdfast("import", "events", str(self.input))
        imported = time.monotonic() - began
        if done["imported"] != self.wanted.events or done["rejected"]:
            raise Refusal(
                "bench_import",
                f"{done['imported']:,} of {self.wanted.events:,} events were imported and "
                f"{done['rejected']:,} rejected.",
            )
        key = f"lot:{self.network.seeds['small']}"
        self.holdfast("trace", "forward", key, "--no-reference")
        seconds = time.monotonic() - began
        self.answer |= {
            "load_seconds": round(seconds, 2),
            "import_seconds": round(imported, 2),
            "publish_seconds": round(seconds - imported, 2),
            "load_events_per_second": round(self.wanted.events / seconds),
            "disk_mb": size_mb(self.home),
            "disk": {
                part.name: size_mb(part)
                for part in sorted((self.home / "trace").iterdir())
                if part.is_dir()
            },
            "input_mb": size_mb(self.input),
        }
        self.told(f"loaded in {seconds:.1f} s; {self.answer['disk_mb']:,} MB on disk")

    def trace(self, size: str, key: str) -> dict[str, Any]:
        """Cold and warm in one process of its own, then the whole command."""
        with self.reader(key, "--times", str(WARM_RUNS), "--wait") as process:
            is_cold = forget(self.home / "trace")
            said = self.ended(process, "\n")
        found = said["traces"][0]
        # Nothing read from the disk: the cache was not dropped, whatever the system said.
        is_cold = is_cold and bool(found["first_read_mb"])
        began = time.monotonic()
        self.holdfast("trace", "forward", key, "--no-reference")
        wall = (time.monotonic() - began) * 1000
        self.told(f"{size}: {found['lines']:,} lines in {found['warm_ms']} ms")
        return {
            "seed": size,
            "key": key,
            "engine": "holdfast",
            "lines": found["lines"],
            "customers": found["customers"],
            "warm_ms": found["warm_ms"],
            "cold_ms": found["first_ms"] if is_cold else None,
            "cold_read_mb": found["first_read_mb"] if is_cold else None,
            "wall_ms": round(wall, 1),
            "agrees": None,
            "reference_seconds": None,
            "lots": found["lots"],
            "logistic_units": found["logistic_units"],
            "sessions": found["sessions"],
            "confirmed_sha256": found["confirmed_sha256"],
            "open_sha256": found["open_sha256"],
            "rss_mb": said["rss_mb"],
            "rss_with_digests_mb": said["rss_with_digests_mb"],
        }

    def check(self, traces: list[dict[str, Any]]) -> None:
        """The independent search over the raw rows: digests and counts must be the same."""
        import duckdb

        from holdfast.kit.trace.log import Log
        from holdfast.kit.trace.reference_sql import reference_reach

        with duckdb.connect() as con:
            con.execute(f"SET memory_limit = '{self.wanted.memory}'")
            con.execute(f"SET temp_directory = '{self.spill}'")
            con.execute("SET preserve_insertion_order = false")
            con.execute("SET TimeZone = 'UTC'")
            Log(self.home / "trace").views(con)
            for one in traces:
                began = time.monotonic()
                lot = one["key"].removeprefix("lot:")
                reach = reference_reach(con, [lot], count_excluded=False)
                one["agrees"] = (
                    (reach.confirmed_sha256, reach.open_sha256)
                    == (one["confirmed_sha256"], one["open_sha256"])
                    and (reach.top.lines, reach.top.customers) == (one["lines"], one["customers"])
                    and (reach.lots, reach.logistic_units, reach.sessions)
                    == (one["lots"], one["logistic_units"], one["sessions"])
                )
                one["reference_seconds"] = round(time.monotonic() - began, 1)
                verdict = "agrees" if one["agrees"] else "DIFFERS"
                self.told(f"{one['seed']}: the reference {verdict}")

    def back(self) -> dict[str, Any]:
        """Backward from lines all over the two years."""
        total = self.network.rows["order_lines"]
        lines = [f"L{number * total // BACK_LINES:010d}" for number in range(BACK_LINES)]
        with self.reader("--back", *lines) as process:
            return self.ended(process, "")

    # -- beside it ----------------------------------------------------------------------------

    def compare(self, traces: list[dict[str, Any]]) -> None:
        """The same question to PostgreSQL, in two layouts; a row with `why` where there is none."""
        from holdfast.doors.cli.measuring.peers import ENGINES, NAMED_ONLY

        try:
            with self.server() as (peers, restart):
                rows = self.input
                if self.wanted.form != "parquet":
                    rows = self.place / "parquet"
                    self.generate(self.network, rows, "parquet")
                self.answer["postgresql_load_seconds"] = peers.load(
                    rows, self.wanted.memory, self.spill
                )
                theirs = [
                    row for engine in ENGINES for row in self.of_all(peers, engine, traces, restart)
                ]
                # Another, smaller question: it leaves out who cannot be ruled out.
                self.answer["named_only"] = [
                    self.asked(peers, NAMED_ONLY, one, None) | {"agrees": None}
                    for one in list(traces)
                ]
                traces += theirs
        except NoServer as missing:
            self.told(f"no PostgreSQL: {missing}")
            traces += [
                {**_blank(one["seed"], one["key"], engine), "why": str(missing)}
                for one in list(traces)
                for engine in ENGINES
            ]

    def of_all(
        self,
        peers: Peers,
        engine: str,
        traces: list[dict[str, Any]],
        restart: Callable[[], bool] | None,
    ) -> Iterator[dict[str, Any]]:
        """One engine about every seed, smallest first. Once it was stopped, only the last one more.

        What the last one says is the ratio that is told; each of the others would wait as long.
        """
        stopped = ""
        for place, one in enumerate(traces):
            if stopped and place < len(traces) - 1:
                why = f"not asked, {stopped} had no answer within {self.wanted.patience:g} s"
                yield {**_blank(one["seed"], one["key"], engine), "why": why}
                continue
            row = self.asked(peers, engine, one, restart)
            if row.get("why", "").startswith(NO_ANSWER):
                stopped = row["seed"]
            yield row

    def asked(
        self, peers: Peers, engine: str, ours: dict[str, Any], restart: Callable[[], bool] | None
    ) -> dict[str, Any]:
        """One engine's answer about one seed."""
        lot = ours["key"].removeprefix("lot:")
        found = peers.ask(engine, lot, WARM_RUNS)
        cold = None
        is_quick = found.warm_ms is not None and found.warm_ms <= self.wanted.patience * 100
        if is_quick and restart is not None and restart():
            cold = peers.ask_once(engine, lot)
        row = _blank(ours["seed"], ours["key"], engine) | {
            "lines": found.lines,
            "customers": found.customers,
            "warm_ms": found.warm_ms,
            "warm_runs": found.runs,
            "cold_ms": cold,
        }
        if found.digests:
            row["agrees"] = found.digests == (ours["confirmed_sha256"], ours["open_sha256"])
        if found.why:
            row["why"] = found.why
        self.told(f"{ours['seed']}: {engine} {found.why or f'{found.warm_ms:,} ms'}")
        return row

    @contextmanager
    def server(self) -> Iterator[tuple[Peers, Callable[[], bool] | None]]:
        """A PostgreSQL with both layouts, and how to make it cold where it is our own."""
        from holdfast.doors.cli.measuring.peers import Peers

        if self.wanted.postgres == "none":
            raise NoServer("--postgres none")
        named = self.wanted.postgres or os.environ.get(SERVER_FROM, "")
        if named:
            peers = Peers(named, self.told, self.wanted.patience)
            try:
                yield peers, None
            finally:
                peers.remove()
            return
        # Another account runs it, which can seldom look into a home folder.
        folder = Path(tempfile.mkdtemp(prefix="holdfast-bench-"))
        folder.chmod(0o711)
        server = None
        try:
            server = own = Server(folder / "postgresql")

            def restart() -> bool:
                own.stop()
                is_cold = forget(own.data)
                own.start()
                return is_cold

            yield Peers(server.url, self.told, self.wanted.patience), restart
        finally:
            if server is not None:
                server.stop()
            shutil.rmtree(folder, ignore_errors=True)

    # -- several processes --------------------------------------------------------------------

    def share(self) -> dict[str, Any]:
        """Two workers answer; then they go on while an import writes."""
        seeds = self.network.seeds
        keys = [f"lot:{seeds[size]}" for size in ("small", "medium", "large") if size in seeds]
        found: dict[str, Any] = {"readers": READERS, "keys": keys}
        found["alone"] = self.readers_during(keys, lambda: time.sleep(READING_SECONDS))
        more = type(self.network)(max(self.wanted.events // 20, 5_000), self.wanted.seed + 1)
        folder = self.place / "more"
        self.generate(more, folder, "parquet")
        clock: dict[str, float] = {}

        def write() -> None:
            began = time.monotonic()
            self.holdfast("import", "events", str(folder))
            clock["import_seconds"] = round(time.monotonic() - began, 2)

        found["while_importing"] = self.readers_during(keys, write)
        found["while_importing"] |= {"imported_events": more.events, **clock}
        return found

    def readers_during(self, keys: list[str], work: Callable[[], None]) -> dict[str, Any]:
        """Readers that are up before the work begins and stop when it is done."""
        processes = [
            self.started("--seconds", "900", "--wait", *keys)  # ended by us long before
            for _ in range(READERS)
        ]
        try:
            for process in processes:
                self.ready(process)
            for process in processes:
                self.stdin(process).write("\n")
                self.stdin(process).flush()
            began = time.monotonic()
            work()
            seconds = time.monotonic() - began
            said = [self.ended(process, "") for process in processes]
        finally:
            for process in processes:
                process.kill()
        return {
            "seconds": round(seconds, 2),
            "answers_per_second": round(sum(one["answers"] for one in said) / seconds, 1),
            "milliseconds": [one["milliseconds"] for one in said],
            "rss_mb": max(one["rss_mb"] for one in said),
        }

    # -- processes ----------------------------------------------------------------------------

    def environment(self) -> dict[str, str]:
        """The instance of this run and nothing else: no other database."""
        ours = {"HOLDFAST_HOME": str(self.home), "PYTHONPATH": os.pathsep.join(sys.path)}
        return {name: os.environ[name] for name in os.environ if name != OTHER_DATABASE} | ours

    def holdfast(self, *words: str) -> dict[str, Any]:
        """Run one command of the product to its end; its JSON."""
        done = subprocess.run(
            [sys.executable, "-m", "holdfast", *words, "--json"],
            env=self.environment(),
            capture_output=True,
            stdin=subprocess.DEVNULL,
            text=True,
            check=False,
        )
        return _json(done.stdout, done.stderr, words)

    def started(self, *words: str) -> subprocess.Popen[str]:
        """A tracing process."""
        return subprocess.Popen(
            [sys.executable, "-m", "holdfast", "bench", "read", *words, "--json"],
            env=self.environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def ready(self, process: subprocess.Popen[str]) -> None:
        """Wait until it says so."""
        if process.stderr is None:
            return
        while (row := process.stderr.readline()) and row.strip() != "ready":
            pass

    def stdin(self, process: subprocess.Popen[str]) -> IO[str]:
        """Its standard input."""
        if process.stdin is None:
            raise Refusal("bench_reader", "A tracing process was started without an input.")
        return process.stdin

    @contextmanager
    def reader(self, *words: str) -> Iterator[subprocess.Popen[str]]:
        """A tracing process that is up; killed where something goes wrong."""
        process = self.started(*words)
        try:
            if "--wait" in words:
                self.ready(process)
            yield process
        finally:
            process.kill()
            process.wait()

    def ended(self, process: subprocess.Popen[str], word: str) -> dict[str, Any]:
        """Give it its word, close its input, and hear what it says."""
        said, complaint = process.communicate(word)
        return _json(said, complaint, ("bench", "read"))


def _blank(size: str, key: str, engine: str) -> dict[str, Any]:
    """A row without an answer."""
    none = dict.fromkeys(("lines", "customers", "warm_ms", "cold_ms", "agrees"))
    return {"seed": size, "key": key, "engine": engine, **none}


def _json(said: str, complaint: str, words: tuple[str, ...]) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(said)
    except ValueError:
        raise Refusal(
            "bench_command", f"`holdfast {' '.join(words)}` said: {complaint.strip()[-500:]}"
        ) from None
    if "error" in found:
        raise Refusal("bench_command", f"`holdfast {' '.join(words)}`: {found['error']['message']}")
    return found
