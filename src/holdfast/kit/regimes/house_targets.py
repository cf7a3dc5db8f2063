"""Our own targets where the law gives a word and no number; never shown as law."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from holdfast.kit.regimes.counting import Period
from holdfast.kit.regimes.yamltext import read_yaml


@cache
def house_targets() -> dict[str, Period]:
    """The targets this project starts with, by unit of the law; a house may set its own."""
    data = read_yaml(Path(__file__).parent / "house.yaml")
    return {unit: Period(row["value"], row["unit"]) for unit, row in data.items()}
