"""Runs every measuring script and prints one table with the machine it ran on."""

from __future__ import annotations

import json
import os
import platform
import sqlite3
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

HERE = Path(__file__).resolve().parent
OUT = HERE / "out"
PATIENCE = int(os.environ.get("BENCH_PATIENCE", "1800"))
"""Seconds one script may take; a hundred million events want hours."""


@dataclass(frozen=True)
class Figure:
    """One measured number, and whether it is as good as was wanted."""

    name: str
    value: float
    unit: str = ""
    target: str = ""
    note: str = ""

    @property
    def verdict(self) -> str:
        """`ok`, `SHORT` of the target, or nothing where there is none."""
        if not self.target:
            return ""
        sign, wanted = self.target.split()
        good = self.value >= float(wanted) if sign == ">=" else self.value <= float(wanted)
        return "ok" if good else "SHORT"


def machine() -> dict[str, str]:
    """What the figures were measured on."""
    cpu = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [
            ln.split(":", 1)[1].strip() for ln in info.read_text().splitlines() if "name" in ln
        ]
        cpu = names[0] if names else cpu
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = ", ".join(f"{part:.1f}" for part in os.getloadavg())
    return {
        "measured": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "cpu": f"{cpu}, {len(os.sched_getaffinity(0))} cores",
        "memory": f"{memory:.0f} GiB",
        "load before": load,
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
    }


def scripts(wanted: list[str]) -> list[Path]:
    """The scripts whose name holds one of the words; all without words."""
    found = [path for path in sorted(HERE.glob("*.py")) if not path.name.startswith("_")]
    return [path for path in found if not wanted or any(word in path.stem for word in wanted)]


def measure(script: Path) -> tuple[list[Figure], str]:
    """Run one script; its figures, or why there are none."""
    env = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(HERE.parent / "src"), str(HERE.parent)]),
    }
    try:
        done = subprocess.run(
            [sys.executable, script],
            cwd=HERE.parent,
            env=env,
            stdout=subprocess.PIPE,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return [], f"not finished after {PATIENCE} s"
    lines = done.stdout.strip().splitlines()
    if done.returncode or not lines:
        return [], f"exit {done.returncode}: {lines[-1] if lines else 'said nothing'}"
    return [Figure(**figure) for figure in json.loads(lines[-1])["figures"]], ""


def shown(value: float) -> str:
    """A number with as many digits as it deserves."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.3g}"


def main(wanted: list[str]) -> int:
    """Measure, print, keep; 1 where a script did not finish or a target was missed."""
    about = machine()
    rows: list[tuple[str, Figure | None, str]] = []
    for script in scripts(wanted):
        print(f"{script.stem} …", file=sys.stderr, flush=True)
        began = time.monotonic()
        figures, fault = measure(script)
        print(f"{script.stem}: {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
        rows += [(script.stem, figure, "") for figure in figures]
        if fault:
            rows.append((script.stem, None, fault))
    print("\n".join(f"{name + ':':14}{value}" for name, value in about.items()), end="\n\n")
    print(f"{'figure':44}{'value':>12} {'unit':10}{'target':>14}  {'':6}note")
    for stem, figure, fault in rows:
        if figure is None:
            print(f"{stem:44}{'—':>12} {'':10}{'':>14}  {'FAILED':6} {fault}")
            continue
        print(
            f"{figure.name:44}{shown(figure.value):>12} {figure.unit:10}{figure.target:>14}"
            f"  {figure.verdict:6}{figure.note}"
        )
    OUT.mkdir(exist_ok=True)
    kept = [{"script": stem, "fault": fault, **(vars(f) if f else {})} for stem, f, fault in rows]
    answer = {"machine": about, "figures": kept}
    name = about["measured"].replace(" ", "T").replace(":", "")
    (OUT / f"{name}.json").write_text(json.dumps(answer, indent=1, ensure_ascii=False) + "\n")
    bad = [row for row in rows if row[2] or (row[1] and row[1].verdict == "SHORT")]
    return 1 if bad or not rows else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
