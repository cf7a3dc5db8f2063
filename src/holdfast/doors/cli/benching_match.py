"""`holdfast bench match`: recalls of a folder against a catalogue of it; no database, no home."""

from __future__ import annotations

import argparse
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from holdfast.doors.cli.answer import Answer
from holdfast.kit.refusals import Unreadable
from holdfast.kit.sheets import csv_pieces

if TYPE_CHECKING:
    from holdfast.kit.matching import Matches

LEFT = ("left.csv", "recalls.csv", "recalls.jsonl")
RIGHT = ("right.csv", "catalogue.csv")
TRUTH = ("truth.csv",)
PACKED = ("", ".gz", ".zst")
SAYS_WHETHER = ("label", "match", "is_match", "gold")
NO = {"0", "0.0", "false", "no"}
HEAD = ("left", "right", "score", "answer")


def add(commands: argparse._SubParsersAction, common: argparse.ArgumentParser) -> None:  # type: ignore[type-arg]
    """Add `bench match` to the group that `benching` made."""
    verb = commands.bench_verbs.add_parser(  # type: ignore[attr-defined]
        "match",
        parents=[common],
        help="recalls against a catalogue: what matches, why, and how right that is",
        epilog="example:  holdfast bench match FOLDER --out found.csv --json",
    )
    verb.add_argument(
        "folder", metavar="DIR",
        help="left.csv or recalls.csv|jsonl, right.csv or catalogue.csv, perhaps truth.csv",
    )  # fmt: skip
    verb.add_argument("--out", metavar="FILE.csv", help="write left,right,score,answer")
    verb.set_defaults(run=_match, needs_database=False)


def _match(options: argparse.Namespace) -> Answer:
    from holdfast.kit.matching import Catalogue, match_all, rate, read_records

    folder = Path(options.folder)
    left, right = _one_of(folder, LEFT), _one_of(folder, RIGHT)
    began = time.perf_counter()
    recalls = list(read_records(left))
    catalogue = Catalogue(read_records(right))
    indexed = time.perf_counter()
    matches = match_all(recalls, catalogue)
    ended = time.perf_counter()
    data: dict[str, Any] = {
        "left": len(recalls),
        "right": len(catalogue),
        "pairs": len(matches.found),
        "answers": {"suppress": 0, "review": 0, "no visible match": len(matches.unseen)}
        | Counter(match.answer for match in matches.found),
        "seconds": {"read": round(indexed - began, 3), "match": round(ended - indexed, 3)},
        "truth": None,
        "matches": [
            {
                "left": match.left,
                "right": match.right,
                "score": round(match.score, 4),
                "answer": match.answer,
                "reason": match.reason,
            }
            for match in matches.found
        ],
        "no_visible_match": matches.unseen,
    }
    if any((folder / (name + packed)).exists() for name in TRUTH for packed in PACKED):
        true = _pairs(_one_of(folder, TRUTH))
        found = {(match.left, match.right) for match in matches.found}
        lefts, rights = {recall.id for recall in recalls}, catalogue.every_id
        absent = sum(one not in lefts or other not in rights for one, other in true)
        rated = rate(found, true).as_json()
        data["truth"] = {"pairs": len(true), "absent": absent, **rated}
    if options.out:
        _write(Path(options.out), matches)
    return Answer(data, "\n".join(_told(data)))


def _one_of(folder: Path, names: tuple[str, ...]) -> Path:
    """The one file of these names that is there."""
    found = [
        folder / (name + packed)
        for name in names
        for packed in PACKED
        if (folder / (name + packed)).is_file()
    ]
    if len(found) == 1:
        return found[0]
    if found:
        both = " and ".join(path.name for path in found)
        raise Unreadable(
            "file_twice", f"{folder} has {both}; which one is meant?", file=str(folder),
            hint="Leave one of them there.",
        )  # fmt: skip
    raise Unreadable(
        "file_missing", f"{folder} has no {' and no '.join(names)}.", file=str(folder),
        hint="The first column of each is the id; see docs/matching.md.",
    )  # fmt: skip


def _pairs(path: Path) -> set[tuple[str, str]]:
    """The true pairs: the columns `left` and `right`, else the first two.

    Where a column says whether a pair is one (`label`, `match`: 0 or 1), only those that are.
    """
    from holdfast.kit.tables import open_table

    table = open_table(path)
    names = [column.strip().lower() for column in table.columns]
    if len(names) < 2:
        raise Unreadable(
            "column_missing", f"{path} has one column.", file=str(path), line=1,
            hint="It has the columns left and right.",
        )  # fmt: skip
    at = (names.index("left"), names.index("right")) if {"left", "right"} <= {*names} else (0, 1)
    said = next((names.index(name) for name in SAYS_WHETHER if name in names[2:]), None)
    return {
        (cells[at[0]].strip(), cells[at[1]].strip())
        for _line, cells in table.rows()
        if len(cells) > max(at)
        and (said is None or len(cells) <= said or cells[said].strip().lower() not in NO)
    }


def _write(path: Path, matches: Matches) -> None:
    """The pairs as a table; cells that a spreadsheet would run are made harmless."""
    rows = [
        (match.left, match.right, f"{match.score:.4f}", match.answer) for match in matches.found
    ]
    try:
        with path.open("wb") as file:
            file.writelines(csv_pieces(HEAD, rows))
    except OSError as error:
        raise Unreadable(
            "not_writable", f"{path} cannot be written: {error.strerror}.", file=str(path)
        ) from error


def _told(data: dict[str, Any]) -> list[str]:
    answers, took = data["answers"], data["seconds"]
    lines = [
        f"{data['left']:,} recalls, {data['right']:,} products: read in {took['read']} s, "
        f"matched in {took['match']} s",
        f"suppress {answers['suppress']:,} pairs, review {answers['review']:,} pairs; "
        f"{answers['no visible match']:,} recalls with no visible match, which does not mean safe",
    ]
    if data["truth"]:
        for name in ("precision", "recall", "f1"):
            share, interval = data["truth"][name], data["truth"][f"{name}_interval"]
            shown = (
                "–" if share is None else f"{share:.1%} ({interval[0]:.1%} to {interval[1]:.1%})"
            )
            lines.append(f"{name:10}{shown}")
        if data["truth"]["absent"]:
            lines.append(
                f"{data['truth']['absent']:,} pairs of the truth name a record that is not in its "
                "table, and count as missed"
            )
    return lines
