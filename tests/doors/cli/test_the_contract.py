"""Exit codes, one JSON object, nothing outside the home, quick first words."""

from __future__ import annotations

import json
import subprocess

import pytest

from tests.plugins.instance import Instance


def test_an_unknown_command_is_wrong_usage_in_json_too(instance: Instance) -> None:
    ran = instance.run("bogus", "--json", expect=2)
    assert ran.json["error"]["code"] == "usage"
    assert set(ran.json["error"]) >= {"code", "message", "file", "line", "column", "hint"}
    assert "Traceback" not in ran.err


def test_the_doctor_names_journal_and_tables_and_a_second_look_changes_nothing(
    instance: Instance,
) -> None:
    first = instance.run("doctor", "--json").json
    again = instance.run("doctor", "--json").json
    assert first["journal"]["entries"] >= 1
    assert len(first["journal"]["root"]) == 64
    assert "orders_orderline" in first["tables"]
    assert not any("session" in name for name in first["tables"])
    assert (first["journal"], first["tables"]) == (again["journal"], again["tables"])


def test_outside_the_machine_it_refuses_to_serve_without_accounts(instance: Instance) -> None:
    ran = instance.run("serve", "--host", "0.0.0.0", "--json", expect=3)
    assert ran.json["error"]["code"] == "no_accounts"


def test_every_command_shows_an_example(instance: Instance) -> None:
    from holdfast.doors.cli.run import parser

    def leaves(node, words=()):  # type: ignore[no-untyped-def]
        groups = [a for a in node._actions if hasattr(a, "choices") and isinstance(a.choices, dict)]
        yield words, node
        for group in groups:
            for word, child in group.choices.items():
                yield from leaves(child, (*words, word))

    commands = list(leaves(parser()))
    missing = [" ".join(w) for w, node in commands if "holdfast " not in (node.epilog or "")]
    assert missing == []

    # Typographic quotes are no quotes to a shell: such an example breaks when it is copied.
    quoted = [" ".join(w) for w, node in commands if set("“”‘’") & set(node.epilog or "")]
    assert quoted == []


def test_units_are_numbers_also_where_a_part_of_one_was_sold(
    capsys: pytest.CaptureFixture[str],
) -> None:
    from holdfast.doors.cli.run import _print_json

    told = {"excluded": {"units": "1030.5"}, "unreachable": {"units_without_customer": "0.25"}}
    _print_json({**told, "lines": [{"units": 3, "lot": "1.5"}]})
    assert json.loads(capsys.readouterr().out) == {
        "excluded": {"units": 1030.5},
        "unreachable": {"units_without_customer": 0.25},
        "lines": [{"units": 3, "lot": "1.5"}],
    }


def test_a_reader_that_leaves_changes_neither_the_exit_code_nor_leaves_a_traceback(
    instance: Instance,
) -> None:
    process = subprocess.Popen(
        [*instance.command, "recall", "status", "R-2026-009", "--json"],
        env=instance.env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    process.stdout.close()
    err = process.stderr.read() if process.stderr else ""
    assert (process.wait(60), "Traceback" in err) == (2, False), err
