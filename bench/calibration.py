"""Known lots are hidden and inferred again: is anybody missed, and do the probabilities hold?"""

from __future__ import annotations

import random

from bench._house import figure, tell
from holdfast.kit.trace.hidden import Score, score_all
from holdfast.kit.trace.warehouses import HABITS, run_warehouse

WAREHOUSES = 60
AFFECTED = ("L2", "L4")
NOTHING, SOME = 0, 10


def main() -> None:
    """Each habit alone, then all together with the reliability table, beside the plain share."""
    whole = {key: Score() for key in ((True, NOTHING), (True, SOME), (False, NOTHING))}
    for name, habit in HABITS.items():
        shelves = [run_warehouse(random.Random(seed), habit) for seed in range(WAREHOUSES)]
        for (learning, keep), so_far in whole.items():
            found = score_all(shelves, AFFECTED, learning=learning, keep=keep)
            whole[learning, keep] = so_far + found
            if learning:
                told = "1 line in 10 names its lot" if keep else "no line names its lot"
                figure(f"{name}: Brier score", found.brier or 0, "", "", told)
    blind, taught, plain = whole[True, NOTHING], whole[True, SOME], whole[False, NOTHING]
    note = f"{blind.affected:,} affected lines, {len(HABITS)} habits × {WAREHOUSES} warehouses"
    figure("affected lines left out", blind.missed + taught.missed, "lines", "<= 0", note)
    figure("coverage", (blind.coverage or 0) * 100, "%", ">= 100", "affected lines that are told")
    figure("all habits: Brier score, nothing known", blind.brier or 0, "", "", "")
    figure("all habits: Brier score, 1 in 10 known", taught.brier or 0, "", "", "")
    figure("all habits: Brier score, plain share", plain.brier or 0, "", "", "the baseline")
    error = taught.calibration_error or 0
    figure("all habits: said against observed, 1 in 10 known", error * 100, "points", "<= 5", "")
    error = blind.calibration_error or 0
    figure("all habits: said against observed, nothing known", error * 100, "points", "", "")
    for row in taught.reliability():
        name = f"said {row.low:.0%} to {row.high:.0%} ({row.said:.1%} on average): observed"
        figure(name, row.observed * 100, "%", "", f"{row.lines:,} lines, 1 in 10 known")
    tell()


if __name__ == "__main__":
    main()
