"""Signals: what is left of leads and false alarms where names, days, reports or kinds change."""

from __future__ import annotations

import hashlib
import random
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np

from bench._house import figure, tell
from bench.signals import RECALLS
from holdfast.kit.signals.history import History, read_history
from holdfast.kit.signals.known_recall import RecallList
from holdfast.kit.signals.makers import maker_key
from holdfast.kit.signals.replay import Replay
from holdfast.kit.signals.report import Report
from holdfast.kit.signals.special import gamma_below
from tests.kit.signals.labelled import COMPLAINTS, REVIEWS
from tests.kit.signals.test_replay import CASES
from tests.plugins.strict import data_folder

WAY = "publication"
DRAWS = range(10)


def real_history() -> History:
    """The real complaints, reviews, recalls and named cases."""
    shared = data_folder()
    with tempfile.TemporaryDirectory() as folder:
        files = {"complaints": COMPLAINTS, "reviews": REVIEWS, "recalls": RECALLS}
        for name, path in files.items():
            if not (shared / path).exists():
                sys.exit(f"there is no {path}; see HOLDFAST_SHARED_DATA")
            ending = "jsonl.gz" if name == "recalls" else "csv.gz"
            (Path(folder) / f"{name}.{ending}").symlink_to(shared / path)
        (Path(folder) / "cases.csv").write_text(CASES)
        return read_history(Path(folder))


def renamed(history: History) -> History:
    """Every maker and brand under an invented name, in reports, recalls and cases alike."""

    def other(key: str) -> str:
        return key and "m" + hashlib.sha256(key.encode()).hexdigest()[:10]

    def report(one: Report) -> Report:
        goods = other(one.product) if one.product == one.maker else one.product
        maker = other(one.maker)
        return replace(one, maker=maker, maker_name=maker, brand=other(one.brand), product=goods)

    listed, said = RecallList(history.recalls), {one.id: "" for one in history.recalls}
    for key in {name for one in history.reports for name in (one.maker, one.brand)}:
        for recall in listed.of(key):
            said[recall.id] += f" {other(key)} "
    cases = [
        replace(one, maker=other(maker_key(one.maker)))
        if one.maker
        else replace(one, product=other(one.product))
        for one in history.cases or ()
    ]
    recalls = [replace(one, words=said[one.id]) for one in history.recalls]
    return History([report(one) for one in history.reports], recalls, cases)


def later(history: History, days: int) -> History:
    """Everything so many days later."""
    by = timedelta(days=days)
    return History(
        [
            replace(one, reported_on=one.reported_on + by, published_on=one.published_on + by)
            for one in history.reports
        ],
        [replace(one, announced_on=one.announced_on + by) for one in history.recalls],
        [replace(one, recall_on=one.recall_on + by) for one in history.cases or ()],
    )


def changed(history: History, change: Callable[[Report], Report]) -> History:
    """Each complaint changed; reviews stay."""
    reports = [change(one) if one.stream == "complaints" else one for one in history.reports]
    return replace(history, reports=reports)


def slowly(one: Report) -> Report:
    """Published after twice the time."""
    return replace(one, published_on=one.published_on + (one.published_on - one.reported_on))


def some(history: History, share: float, seed: int) -> History:
    """A part of the reports, drawn by chance."""
    chance = random.Random(seed)
    kept = [one for one in history.reports if chance.random() < share]
    return replace(history, reports=kept)


def other_kinds(history: History, seed: int) -> History:
    """Every complaint under one of three kinds of goods, drawn by chance."""
    chance = random.Random(seed)
    return changed(history, lambda one: replace(one, product=str(chance.randrange(3))))


def told(name: str, histories: list[History]) -> None:
    """False alarms in the mean of all draws, leads of the named cases, the naive rule beside."""
    replays = [Replay(one) for one in histories]
    rates, notes = [], []
    for rule in ("score", "naive"):
        scores = [getattr(one, rule)(WAY) for one in replays]
        drawn = [one.cases() if rule == "score" else one.naive_cases() for one in replays]
        years = sum(one.maker_years for one in scores) / 100
        false = sum(one.false_alarms for one in scores)
        low, high = (end * len(replays) / years for end in interval(false / len(replays)))
        rates.append(false / years)
        cases = list(zip(*drawn, strict=True))
        leads = [spread([one.lead(WAY) for one in of]) for of in cases if is_to(of, "alarm")]
        wrong = sum(
            one.is_as_expected is False for of in cases if is_to(of, "silent") for one in of
        )
        true = sum(one.true.count(True) for one in scores) / len(replays)
        notes.append(
            f"{false / years:.2f} ({low:.2f}–{high:.2f}), {true:.1f} true, leads "
            f"{', '.join(leads)}, controls {wrong}"
        )
    figure(f"false alarms, {name}", rates[0], "/100 my", "", f"{notes[0]}; naive rule {notes[1]}")


def is_to(found: tuple, expect: str) -> bool:
    """Is the case one that should alarm, or be silent?"""
    return bool(found[0].case.expect == expect)


def spread(leads: list[int | None]) -> str:
    """Lowest, middle and highest; a case that was not found is below all others."""
    by_size = sorted(leads, key=lambda one: -1 if one is None else one)
    three = by_size[0], by_size[(len(by_size) - 1) // 2], by_size[-1]
    shown = ["–" if one is None else str(one) for one in three]
    return shown[0] if len(leads) == 1 else "/".join(shown)


def interval(count: float) -> tuple[float, float]:
    """Of a Poisson count, 95 %; of a mean of draws that share their reports, as of one draw."""
    means = np.linspace(0.001, 10 * (count + 5), 200_000)
    low = 0.0 if count == 0 else means[np.searchsorted(gamma_below(count, means), 0.025)]
    return float(low), float(means[np.searchsorted(gamma_below(count + 1, means), 0.975)])


def main() -> None:
    """Measure and print."""
    history = real_history()
    twice = [replace(one, id=f"{one.id}b") for one in history.reports]
    told("as it is", [history])
    told("makers renamed", [renamed(history)])
    told("ten years later", [later(history, 3_653)])
    told("100 days later", [later(history, 100)])
    told("published twice as late", [changed(history, slowly)])
    told("every report twice", [replace(history, reports=[*history.reports, *twice])])
    told("kinds of goods by chance", [other_kinds(history, seed) for seed in DRAWS])
    told("85 % of the reports", [some(history, 0.85, seed) for seed in DRAWS])
    told("70 % of the reports", [some(history, 0.70, seed) for seed in DRAWS])
    tell()


if __name__ == "__main__":
    main()
