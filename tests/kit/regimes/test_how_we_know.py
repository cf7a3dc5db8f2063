"""The page on what is verified says what the data says; HOLDFAST_WRITE=1 rewrites it."""

from __future__ import annotations

import os
from pathlib import Path

from holdfast.kit.regimes.coverage import Known, known
from holdfast.kit.regimes.law import MATTERS, Regime
from holdfast.kit.regimes.reading import versions

PAGE = Path(__file__).parents[3] / "docs" / "law.md"
BEGIN = "<!-- table: kept by tests/kit/regimes/test_how_we_know.py -->\n"
END = "<!-- end of table -->"


def test_the_table_on_the_page_is_that_of_the_data() -> None:
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    wanted = before + BEGIN + table() + END + after
    if os.environ.get("HOLDFAST_WRITE") == "1":
        PAGE.write_text(wanted, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == wanted


def table() -> str:
    """One row a regime: duties verified and not, then each matter."""
    heads = ["regime", "in", "duties verified", "recalled", *(m.replace("_", " ") for m in MATTERS)]
    lines = [_line(heads), _line(["---"] * len(heads))]
    lines += [_row(law) for law in versions()]
    total = [known(law)["duties"] for law in versions()]
    lines.append(
        _line(
            [
                f"{len(versions())} regimes",
                "",
                str(sum(one.verified for one in total)),
                str(sum(one.recalled + one.unknown for one in total)),
                *[""] * len(MATTERS),
            ]
        )
    )
    return "\n".join(lines) + "\n"


def _row(law: Regime) -> str:
    found = known(law)
    duties = found["duties"]
    return _line(
        [
            f"[`{law.id}`](../src/holdfast/kit/regimes/law/{law.id}/regime.yaml)",
            law.jurisdiction,
            str(duties.verified),
            str(duties.recalled + duties.unknown),
            *[_cell(found[matter]) for matter in MATTERS],
        ]
    )


def _cell(matter: Known) -> str:
    return "–" if matter.is_missing else matter.confidence


def _line(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"
