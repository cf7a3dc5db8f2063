"""Signals: lead times and false alarms on real histories, agreement with labels, power, speed."""

from __future__ import annotations

import random
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from bench._house import figure, tell, timed
from holdfast.doors.cli.benching_signals import answer
from holdfast.kit.measures.rates import wilson
from holdfast.kit.signals.census import Census
from holdfast.kit.signals.history import read_history
from holdfast.kit.signals.replay import Replay
from holdfast.kit.signals.sweep import Sweep
from holdfast.kit.signals.synthetic import Setting, detecting, knowing, maximised, performance
from holdfast.kit.signals.tally import Tally, Telling
from tests.kit.signals.labelled import (
    COMPLAINTS,
    REVIEWS,
    SETS,
    Counts,
    agreement,
    agreement_on_invented,
)
from tests.kit.signals.labelled_codes import SETS as CODE_SETS
from tests.kit.signals.labelled_codes import code_agreement
from tests.kit.signals.test_code_reading import lots_agreed
from tests.kit.signals.test_replay import CASES
from tests.plugins.strict import data_folder

RECALLS = "recalls_cpsc/cpsc_recalls_1973_2022.jsonl.gz"
PRODUCTS, EACH, DISTINCT, PORTION = 100_000, 100, 2_000, 5_000
TODAY = date(2026, 11, 1)
HAZARDS = (
    "fire burn shock explosion choking suffocation strangulation laceration entrapment fall "
    "drowning hearing poisoning allergen pathogen foreign_body"
).split()
AIMS = {"Buckyballs": 480, "Bravo pogo sticks": 105, "Quinoa with grit": 55}


def histories() -> None:
    """The replay of complaints, reviews and recalls, with and without the named cases."""
    shared = data_folder()
    for named in (True, False):
        with tempfile.TemporaryDirectory() as folder:
            where = Path(folder)
            for name, path in (
                ("complaints.csv.gz", COMPLAINTS),
                ("reviews.csv.gz", REVIEWS),
                ("recalls.jsonl.gz", RECALLS),
            ):
                if not (shared / path).exists():
                    sys.exit(f"there is no {path}; see HOLDFAST_SHARED_DATA")
                (where / name).symlink_to(shared / path)
            if named:
                (where / "cases.csv").write_text(CASES)
            data: dict = {}
            took = timed(lambda: data.update(answer(Replay(read_history(where)))))  # noqa: B023
        told = "with named cases" if named else "recalls found by name"
        for way in ("report", "publication"):
            own, naive = data[f"by_{way}"], data["naive"][f"by_{way}"]
            figure(
                f"false alarms by {way}, {told}",
                own["false_per_100_maker_years"],
                "/100 my",
                "<= 0.4",
                f"{own['alarms']} alarms, {own['true']} true; naive rule {naive['alarms']} alarms, "
                f"{naive['true']} true, {naive['false_per_100_maker_years']:.2f} false/100",
            )
        if not named:
            continue
        naive_leads = {one["case"]: one for one in data["naive"]["cases"]}
        for case in data["cases"]:
            lead = case["lead_days_publication"]
            if case["expect"] == "alarm":
                figure(
                    f"lead, {case['case']}",
                    lead or 0,
                    "days",
                    f">= {AIMS[case['case']]}",
                    f"by report {case['lead_days_report']}; naive rule "
                    f"{naive_leads[case['case']]['lead_days_publication']}",
                )
        silent = [one for one in data["cases"] if one["expect"] == "silent"]
        wrong = sum(one["as_expected"] is False for one in silent)
        figure("controls credited wrongly", wrong, "", "<= 0", f"of {len(silent)} named")
        figure("replay, whole folder", took, "s", "", f"{data['rows']['read']:,} reports")


def labels() -> None:
    """Agreement of the reader with the hand-labelled texts, by set and by class."""
    shared = data_folder()
    for name in SETS:
        found = agreement(shared, name)
        _classes(f"{name} ({found.texts} texts)", found.hazards)
        if found.harm:
            right = sum(count for (told, read), count in found.harm.items() if told == read)
            _share(f"level of harm right, {name}", right, found.harm.total())
            _classes(f"{name}, part of the body", found.body)
            _classes(f"{name}, age in months", found.months, each=False)
            _classes(f"{name}, part that failed", found.parts)
    for language in ("en", "de", "fr", "es"):
        _classes(f"invented sentences, {language}", agreement_on_invented(language), each=False)
    for name in CODE_SETS:
        _classes(f"{name} out of prose", code_agreement(shared, name))
    right, wrong, missed = lots_agreed(shared)
    note = f"{right}/{right + wrong} read rightly, {right}/{right + missed} found"
    figure("F1 lots out of prose, first sample", _f1(right, wrong, missed), "%", "", note)


def _classes(name: str, counts: Counts, *, each: bool = True) -> None:
    for one in (None, *(counts.names() if each else ())):
        hits, false, missed = counts.of(one)
        if one is not None and hits + missed < 5:
            continue  # too few to say anything
        precision, recall = wilson(hits, hits + false), wilson(hits, hits + missed)
        note = "; ".join(
            f"{word} {part.low:.2f}–{part.high:.2f}"
            for word, part in (("precision", precision), ("recall", recall))
            if part
        )
        shown = f"{hits}/{hits + false} read rightly, {hits}/{hits + missed} found; {note}"
        figure(f"F1 {name}, {one or 'all'}", _f1(hits, false, missed), "%", "", shown)


def _share(name: str, right: int, of: int) -> None:
    part = wilson(right, of)
    figure(
        name,
        100 * right / of,
        "%",
        "",
        f"{right}/{of}; {part.low:.2f}–{part.high:.2f}" if part else "",
    )


def _f1(hits: int, false: int, missed: int) -> float:
    return 200 * hits / (2 * hits + false + missed) if hits else 0.0


def power() -> None:
    """Power and delay on made histories, beside CUSUM that is told both rates."""
    for per_day, risk in ((0.005, 20.0), (0.02, 5.0), (0.02, 10.0), (0.1, 3.0)):
        setting = Setting(per_day, risk, onset=730, days=1095, learning=456)
        optimum = performance(knowing(setting), setting, np.random.default_rng(1))
        statistic = performance(maximised(setting), setting, np.random.default_rng(1))
        own = performance(detecting, setting, np.random.default_rng(1))
        name = f"{per_day * 365:.0f} a year, then {risk:.0f} times"
        beside = (
            f"optimum {optimum.power:.2f} after {optimum.mean_delay:.0f} days, MaxSPRT "
            f"{statistic.power:.2f} after {statistic.mean_delay:.0f}; 200 made histories"
        )
        figure(f"power in a year, {name}", own.power, "", "", beside)
        figure(f"delay, {name}", own.mean_delay, "days", "", beside)


def kept(number: int) -> Tally:
    """One of the made histories of a product: its reports over five years, each of one hazard."""
    chance = random.Random(number)
    told = (
        Telling(
            number * EACH + at + 1,
            TODAY - timedelta(days=chance.randrange(1_800)),
            "",
            (chance.choice(HAZARDS),),
            None,
            False,
            False,
            0,
            "",
        )
        for at in range(EACH)
    )
    return Tally.of(told)


def speed() -> None:
    """Ten million reports scored anew by what the product scores with, from tallies as kept."""
    made = [(one.content, one.names, one.hazards) for one in map(kept, range(DISTINCT))]
    seen = 0

    def scored() -> None:
        nonlocal seen
        census = Census()
        for low in range(0, PRODUCTS, PORTION):
            census.add("complaints", portion(low))
        habits = census.habits()
        for low in range(0, PRODUCTS, PORTION):
            named = [
                (("complaints", "", f"P{low + at}"), one, "") for at, one in enumerate(portion(low))
            ]
            sweep = Sweep(named, census, habits, TODAY + timedelta(days=1))
            seen += sum(1 for _ in sweep.since(TODAY - timedelta(days=365), 6.0))
            seen += sum(1 for _ in sweep.now(TODAY))

    def portion(low: int) -> list[Tally]:
        return [Tally.read(*made[at % DISTINCT]) for at in range(low, low + PORTION)]

    took = timed(scored)
    about = (
        f"{PRODUCTS * EACH:,} made reports, {PRODUCTS:,} products of {DISTINCT:,} histories, "
        f"{len(HAZARDS)} hazards; a year day by day and today, {seen:,} scores; no database"
    )
    figure("catalogue scored anew", took, "s", "<= 60", about)


if __name__ == "__main__":
    histories()
    labels()
    power()
    speed()
    tell()
