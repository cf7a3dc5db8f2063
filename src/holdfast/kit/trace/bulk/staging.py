"""One file read into sound rows and rejects, beside the log; what is whole is used again.

A staged file is named for the digest of what was read and how. Its `.json` comes last: without it
the rest is what a killed import left, and is written anew.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from holdfast.kit.trace.bulk.delimited import Delimited
from holdfast.kit.trace.bulk.finding import Found
from holdfast.kit.trace.bulk.header import Wishes
from holdfast.kit.trace.bulk.parquet import Parquet
from holdfast.kit.trace.bulk.rows import Chunk, Rejected, Rules, sound_rows
from holdfast.kit.trace.log.files import Writer
from holdfast.kit.trace.log.manifest import put_file
from holdfast.kit.trace.tables import TABLES, arrow_schema

READING = 1  # grows when the same file would be read otherwise than before
AHEAD = 3
Watch = Callable[[float, int], None]


@dataclass(frozen=True, slots=True)
class Staged:
    """A file that was read: where its sound rows are, and how many were not sound."""

    key: str
    path: Path
    rows: int
    rejected: int
    ignored: tuple[str, ...]

    def rejects(self) -> Iterator[Rejected]:
        """The rejected rows, in the order of the file."""
        with self.path.with_suffix(".rejects").open(encoding="utf-8") as lines:
            for line in lines:
                yield Rejected(*json.loads(line))


class Staging:
    """Reads files into a folder."""

    def __init__(self, folder: Path, wishes: Wishes) -> None:
        self.folder, self.wishes = folder, wishes
        self.zone = wishes.time_zone()

    def _open(self, found: Found) -> Delimited | Parquet:
        """Look at a file and its header. Raises `Unreadable`."""
        table = TABLES[found.table]
        if found.is_parquet:
            return Parquet(found.path, table, self.wishes)
        return Delimited(found.path, table, self.wishes)

    def key(self, found: Found, digest: str) -> str:
        """What a file is as far as reading goes: its bytes, its table, and what was wished."""
        wishes = json.dumps(asdict(self.wishes), sort_keys=True)
        said = f"{READING}\n{found.table}\n{found.is_parquet}\n{digest}\n{wishes}\n"
        return sha256(said.encode()).hexdigest()

    def stage(self, found: Found, key: str, watch: Watch) -> Staged:
        """Read the file to its end, or find that it was. Raises `Unreadable`."""
        path = self.folder / f"{key[:40]}.parquet"
        done = self._done(key, path)
        if done:
            return done
        file = self._open(found)
        rules = Rules(file.header, self.zone, self.wishes.decimal)
        rejected = rows = 0
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        writer = Writer(path, arrow_schema(file.header.table))
        try:
            with path.with_suffix(".rejects").open("w", encoding="utf-8") as faulty:
                for sound, rejects in _ahead(file.chunks(), rules):
                    writer.write(sound)
                    for one in rejects:
                        faulty.write(
                            json.dumps([one.line, one.column, one.reason, one.row[:2_000]])
                        )
                        faulty.write("\n")
                    rejected += len(rejects)
                    rows = writer.rows + rejected
                    watch(file.read_share, rows)
            writer.finish()
        except BaseException:
            writer.abandon()
            raise
        ignored = list(file.header.ignored)
        said = {"key": key, "rows": rows, "rejected": rejected, "ignored": ignored}
        put_file(path.with_suffix(".json"), json.dumps(said).encode())
        return Staged(key, path, rows, rejected, tuple(ignored))

    def _done(self, key: str, path: Path) -> Staged | None:
        try:
            said = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        if said.get("key") != key or not path.exists():
            return None
        return Staged(key, path, said["rows"], said["rejected"], tuple(said["ignored"]))


def _ahead(chunks: Iterator[Chunk], rules: Rules) -> Iterator[tuple[Any, list[Rejected]]]:
    """Sound rows chunk by chunk, while the next chunks are being split and checked."""
    with ThreadPoolExecutor(1) as checker:
        waiting: deque[Future[tuple[Any, list[Rejected]]]] = deque()
        for chunk in chunks:
            waiting.append(checker.submit(sound_rows, chunk, rules))
            if len(waiting) >= AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
