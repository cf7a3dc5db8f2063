"""Rows change in actions and nowhere else."""

from __future__ import annotations

import ast
import re

from tests.house.tree import FLOORS, ROOT, Module, calls, dotted, example, modules, none

# Besides actions, by what they are for:
WRITERS = {
    "src/holdfast/ground/journal/reacting.py": "a worker's claim on what follows from an entry",
    "src/holdfast/learning/drills/copying.py": "filling the copy that a drill runs on",
    "src/holdfast/config/storage.py": "the checkpoint of SQLite",
    "src/holdfast/config/start.py": "the migration at start",
    "src/holdfast/doors/cli/measuring/peers.py": "a server to compare with, never our own database",
}
ROW_VERBS = {"save", "delete", "asave", "adelete", "save_base"}
QUERY_VERBS = {
    *("create", "bulk_create", "bulk_update", "update_or_create", "get_or_create", "update"),
    *("acreate", "aupdate", "abulk_create"),
}
WRITING_SQL = re.compile(
    r"^\s*(WITH\b.*\)\s*)?(INSERT|UPDATE|DELETE|REPLACE|TRUNCATE|DROP|CREATE|ALTER|COPY)\b",
    re.IGNORECASE | re.DOTALL,
)


def writes(found: tuple[Module, ...]) -> list[str]:
    """Writes to the database outside actions."""
    faults = []
    for module in found:
        if module.furniture in {"actions", "admin"} or module.path in WRITERS:
            continue
        if module.floor not in FLOORS or module.floor == "kit":
            continue
        for call in calls(module.tree):
            what = _write(call)
            if what:
                faults.append(f"{module.at(call)}: {what} outside an action")
    return faults


def _write(call: ast.Call) -> str:
    if not isinstance(call.func, ast.Attribute):
        return ""
    verb, owner = call.func.attr, dotted(call.func.value)
    if verb in QUERY_VERBS and re.search(r"(^|\.)(_?objects|_default_manager)\b|_set\b", owner):
        return f"{owner}.{verb}()"
    if verb in ROW_VERBS and not re.search(
        r"form|image|picture|workbook|storage|file", owner, re.I
    ):
        on_rows = "objects" in owner or (verb in {"save", "asave"} and not call.args)
        if on_rows or (verb == "delete" and not call.args and not call.keywords):
            return f"{owner}.{verb}()"
    if verb in {"execute", "executemany", "copy"} and call.args:
        sql = _text(call.args[0])
        if WRITING_SQL.match(sql):
            return f"{owner}.{verb}({' '.join(sql.split())[:40]}…)"
    return ""


def _text(node: ast.expr) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part) for part in node.values)
    if isinstance(node, ast.BinOp):
        return _text(node.left)
    return ""


def test_rows_change_only_in_actions() -> None:
    none(writes(modules()))


def test_writes_elsewhere_are_found() -> None:
    for code in (
        "Unit.objects.create(level='consumer')",
        "Unit.objects.filter(pk=1).update(state='x')",
        "recall.messages_set.bulk_create(rows)",
        "unit.save()",
        "unit.delete()",
        "Unit.objects.all().delete()",
        "cursor.execute('INSERT INTO unit VALUES (1)')",
        "cursor.execute(f'''WITH x AS (SELECT 1) \\n UPDATE {table} SET a = 1''')",
    ):
        assert writes(example(code)), code
        assert writes(example(code, "src/holdfast/doors/desk/units.py")), code


def test_actions_may_write_and_reads_are_no_writes() -> None:
    for path in ("actions.py", "actions/closing.py"):
        assert not writes(example("unit.save()", f"src/holdfast/response/units/{path}"))
    for code in (
        "seen.update(more)",
        "digest.update(b'x')",
        "cursor.execute('SELECT 1')",
        "form.save_m2m()",
        "words.create(1)",
    ):
        assert not writes(example(code)), code


def test_a_migration_asks_the_database_it_changes() -> None:
    # A drill on PostgreSQL lays its tables in a file: the live rows are not to be seen or changed.
    asked = [
        f"{path}: {line.strip()}"
        for path in sorted((ROOT / "src").glob("**/migrations/*.py"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.search(r"\.objects\b(?!\.using\()", line)
    ]
    none(asked)
