"""What Watch and the bringing in of files refuse is said in every language of the screens."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from django.utils.translation import override

from holdfast.doors.desk.refusedwords import HINTS, NAMED
from holdfast.doors.desk.ruled import in_words
from holdfast.doors.desk.spoken import FORMATS, SEPARATORS, TRACE_FLAGS
from holdfast.kit.announcements.answers import _SENTENCES
from holdfast.kit.tables.delimited import SEPARATOR_NAMES
from holdfast.kit.tables.survey import NOT_TABLES
from holdfast.kit.trace.bulk.flags import _QUESTIONS
from holdfast.supply.imports.fields import FIELDS
from holdfast.supply.imports.formats import formats_for
from tests.house.tree import HOUSE

LANGUAGES = ("de", "ar")
ROOMS = (
    "decision/intake",
    "decision/investigations",
    "decision/announcements",
    "response/answers",
    "connectors",
    "supply/imports",
    "supply/traceability",
    "ground/evidence",
    "insight/patterns",
    "kit/announcements",
    "kit/sampling",
    "kit/tables",
)
REFUSALS = frozenset({"Refusal", "Unreadable", "Forbidden", "NotPermitted", "NotFound"})
# call -> where its sentence stands; what an authority or a mail server answered among them
SAYING = {"Fault": 1, "reject": 2, "refuse": 2, "Unreachable": 0, "_NotData": 0, "ValueError": 0}
# Here the words of a ValueError become those of a refusal; elsewhere they are a fault of ours.
READ_FOR_WORDS = ("cap", "nhtsa", "tabular", "tables", "web")
# Only the command line raises these: a page names no such thing.
LINE_ONLY = frozenset(
    {"usage", "mapping_unreadable", "format_unknown", "not_writable", "nothing_to_simulate"}
    | {"bad_backup", "cannot_write", "home_not_empty"}
)
# A slot that only takes words of a list: each is told by a sentence of its own.
SPELLED = {
    "no 7": [
        f"no {words}" for words in ("supplier code", "code of the consignee", "lot", "product code")
    ],
    "It says 7, but the plan says otherwise: 7": [
        f"It says {verdict}, but the plan says otherwise: 7" for verdict in ("accepted", "rejected")
    ],
    "The switching score is 7 on 7 inspection; reduced inspection takes 7 on normal inspection.": [
        f"The switching score is 7 on {severity} inspection; reduced inspection takes 7 on normal "
        "inspection."
        for severity in ("normal", "tightened", "reduced")
    ],
    "7 has more than 7 7.": [f"7 has more than 7 {what}." for what in ("mails", "rows")],
}
NO_WORDS = frozenset({'{"text": "…", "url": "…"}'})  # an example, the same in every language


def readings(node: ast.expr) -> list[str]:
    """Every sentence an expression may be, with 7 in each slot."""
    if isinstance(node, ast.Constant):
        return [node.value] if isinstance(node.value, str) else ["7"]
    if isinstance(node, ast.FormattedValue):
        return readings(node.value) if isinstance(node.value, ast.IfExp) else ["7"]
    if isinstance(node, ast.JoinedStr):
        return ["".join(parts) for parts in product(*map(readings, node.values))]
    if isinstance(node, ast.IfExp):
        return [*readings(node.body), *readings(node.orelse)]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return [a + b for a, b in product(readings(node.left), readings(node.right))]
    return []


def refusals(path: Path, house: Path = HOUSE) -> Iterator[tuple[str, str]]:
    """`(where, sentence)` of all a module refuses, the hints among them."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        said: list[str] = []
        if name in REFUSALS and len(node.args) > 1:
            code = readings(node.args[0])
            if not LINE_ONLY.isdisjoint(code):
                continue
            said += readings(node.args[1])
            if HINTS.keys().isdisjoint(code):
                said += [one for k in node.keywords if k.arg == "hint" for one in readings(k.value)]
        elif (
            name in SAYING
            and len(node.args) > SAYING[name]
            and (name != "ValueError" or any(one in path.parts for one in READ_FOR_WORDS))
        ):
            said += readings(node.args[SAYING[name]])
        where = f"{path.relative_to(house)}:{node.lineno}"
        for one in said:
            for sentence in SPELLED.get(one, [one]):
                if sentence.strip("7 ") and sentence not in NO_WORDS and "--map 7=" not in sentence:
                    yield where, sentence


@pytest.fixture(scope="module")
def refused() -> dict[str, str]:
    """Every sentence that the rooms may refuse with, and where it is said."""
    found = {
        sentence: where
        for room in ROOMS
        for path in sorted((HOUSE / room).rglob("*.py"))
        for where, sentence in refusals(path)
    }
    assert len(found) > 200
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_refusal_of_watch_and_of_imports_is_said_in_every_language(
    refused: dict[str, str], language: str
) -> None:
    with override(language):
        silent = [f"{where}: {told}" for told, where in refused.items() if in_words(told) == told]
    assert not silent, f"no sentence of refusedwords.py says in {language}:\n" + "\n".join(silent)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_odd_about_the_answer_of_an_authority_is_said_in_every_language(
    language: str,
) -> None:
    with override(language):
        for sentence in _SENTENCES.values():
            where = "7 after 7" if "in time" in sentence else "7"
            told = sentence.format(name="7", where=where, times=7)
            assert in_words(told) != told, sentence


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_file_is_and_where_to_get_one_is_named_in_every_language(language: str) -> None:
    assert {what for _mark, what in NOT_TABLES} <= set(NAMED)
    assert set(SEPARATOR_NAMES.values()) == set(SEPARATORS)
    flags = {*_QUESTIONS, "lots_made_of_themselves"}
    assert {name.replace("_", " ") for name in flags} == set(TRACE_FLAGS)
    known = [one for kind in FIELDS for one in formats_for(kind)]
    assert {words for one in known for words in (one.words, one.how)} == set(FORMATS)
    with override(language):
        page = in_words("list.csv is a web page, not a table of rows and columns.")
        assert "web page" not in page
        hurdle = in_words("CPSC answered with no records: a page or XML instead of records.")
        assert "records" not in hurdle


def test_a_refusal_that_no_sentence_is_kept_for_is_found(tmp_path: Path) -> None:
    room = tmp_path / "room.py"
    room.write_text(
        'raise Unreadable("x", f"{name} is {\'red\' if hot else \'blue\'}.", hint="Go" + "!")\n'
        'raise Fault("lot", "no moon")\nraise Unreadable("usage", "never on a page")\n'
    )
    assert [sentence for _where, sentence in refusals(room, tmp_path)] == [
        "7 is red.",
        "7 is blue.",
        "Go!",
        "no moon",
    ]
