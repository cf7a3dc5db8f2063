"""YAML as written: only `true` and `false` are truth values, days stay text, NO is Norway."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

_TURNED = ("tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:bool")


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """A safe loader with the truth values of YAML 1.2 and without dates."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if tag not in _TURNED]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), list("tf"))


def read_yaml(path: Path) -> Any:
    """The content of one YAML file of the project's own data."""
    return yaml.load(path.read_text(encoding="utf-8"), _Loader)  # noqa: S506  # a safe loader's child
