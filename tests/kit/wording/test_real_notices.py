"""The linter on 7,343 hazard sentences an agency really published."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

from holdfast.kit.wording import checks
from holdfast.kit.wording.profile import profile
from holdfast.kit.wording.source import Passage
from holdfast.kit.wording.tongue import tongue


def test_outcomes_are_found_and_softening_words_are_not_seen_everywhere(real_data: Path) -> None:
    rules, english = profile("eu_gpsr"), tongue("en")
    seen = with_outcome = softened = 0
    name = real_data / "recalls_cpsc" / "cpsc_recalls_1973_2022.jsonl.gz"
    with gzip.open(name, "rt", encoding="utf-8") as lines:
        for line in lines:
            hazard = (json.loads(line).get("hazard") or "").strip()
            if len(hazard) < 20:
                continue
            read = checks.prepare(Passage(hazard, hazard), english, rules)
            seen += 1
            with_outcome += bool(checks.outcomes_of(read))
            softened += any(True for _ in checks.banned(read))
    assert seen > 7_000
    # The rest name only a mechanism ("the brakes can fail") or a broken rule ("contains lead").
    assert with_outcome / seen > 0.92
    assert softened / seen < 0.02
