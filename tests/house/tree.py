"""The house as text: every module read and parsed once, with the place it has in the house."""

from __future__ import annotations

import ast
import functools
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HOUSE = ROOT / "src" / "holdfast"
FLOORS = (
    "kit",
    "ground",
    "supply",
    "decision",
    "response",
    "learning",
    "insight",
    "doors",
    "connectors",
    "config",
)
ROOM_FLOORS = FLOORS[1:7]  # those whose rooms have furniture


@dataclass(frozen=True)
class Module:
    """One Python file: where it stands (`src/holdfast/…`), its text and its tree."""

    path: str
    text: str

    @functools.cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, self.path)

    @property
    def parts(self) -> tuple[str, ...]:
        """The place below `holdfast`: ("response", "units", "actions")."""
        return Path(self.path.removeprefix("src/holdfast/")).with_suffix("").parts

    @property
    def floor(self) -> str:
        return self.parts[0]

    @property
    def room(self) -> str:
        return self.parts[1] if len(self.parts) > 2 else ""

    @property
    def furniture(self) -> str:
        """Which piece of the room it belongs to; a file of a package belongs to the package."""
        return self.parts[2] if len(self.parts) > 2 else ""

    @property
    def is_migration(self) -> bool:
        return "migrations" in self.parts

    def at(self, node: ast.AST) -> str:
        return f"{self.path}:{getattr(node, 'lineno', 1)}"


@functools.cache
def modules() -> tuple[Module, ...]:
    """Every module of the house, migrations left out."""
    found = (
        Module(path.relative_to(ROOT).as_posix(), path.read_text("utf-8"))
        for path in sorted(HOUSE.rglob("*.py"))
    )
    return tuple(module for module in found if not module.is_migration)


@functools.cache
def tracked() -> tuple[Path, ...]:
    """Every file of the project that git knows or would take, ignored ones left out."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    paths = (ROOT / name for name in sorted(set(listed.split("\0"))) if name)
    return tuple(path for path in paths if path.is_file())


def example(code: str, path: str = "src/holdfast/response/units/queries.py") -> tuple[Module, ...]:
    """A made-up module, to show that a rule bites."""
    return (Module(path, code),)


def none(faults: list[str]) -> None:
    """Fail with every fault on a line of its own."""
    assert not faults, f"{len(faults)} faults:\n" + "\n".join(faults)


def dotted(node: ast.AST) -> str:
    """`a.b.c` of a name or an attribute chain; calls inside are written `()`."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    if isinstance(node, ast.Call):
        return f"{dotted(node.func)}()"
    return "…"


def calls(node: ast.AST) -> Iterator[ast.Call]:
    """Every call below a node."""
    return (inner for inner in ast.walk(node) if isinstance(inner, ast.Call))


def imports(module: Module) -> Iterator[tuple[ast.stmt, str]]:
    """Every import with the full dotted name it brings."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node, f"{node.module}.{alias.name}") for alias in node.names)
