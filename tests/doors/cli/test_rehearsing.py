"""A rehearsal answers as the command would, and leaves no trace."""

import argparse

from holdfast.doors.cli.rehearsing import REHEARSED, commands
from holdfast.doors.cli.run import parser
from tests.plugins.instance import Instance

# These read, serve, or write only a file that the person named.
CHANGE_NOTHING = {
    "serve", "worker", "demo", "check", "doctor", "duties", "backup", "restore", "notice lint",
    "recall status", "recall list", "recall duties", "law coverage",
    "people list", "drill list", "drill score",
    "evidence export", "evidence verify", "import unmatched", "bench trace", "bench read",
    "mentions", "patterns", "sampling plan", "watch alarms", "watch matches",
    "bench match", "risk", "bench signals", "trace export", "filings forms", "filings facts",
}  # fmt: skip
# What they make is the point of them, and it can be thrown away or is only ever added.
# A feed is switched and asked: what it answers cannot be unasked.
# A trace first takes in what the shop sold since; all it changes is how current the trace is.
MAKE = {
    "drill start", "drill begin", "drill end", "evidence attach", "trace forward", "trace back",
    "trace fsma204", "trace balance", "trace publish", "watch feeds", "watch fetch",
}  # fmt: skip
# Looking is the default; changing takes a flag and a file.
LOOK_FIRST = {"recall units", "recall claims"}


def _offers(command: argparse.ArgumentParser) -> bool:
    return any("--dry-run" in action.option_strings for action in command._actions)


def test_whatever_changes_things_can_be_rehearsed() -> None:
    without = {words for words, command in commands(parser()) if not _offers(command)}
    assert without == CHANGE_NOTHING | MAKE | LOOK_FIRST
    assert set(REHEARSED) <= {words for words, _command in commands(parser())}


def test_a_rehearsed_stop_leaves_no_trace(instance: Instance) -> None:
    opened = instance.run("recall", "open", "--product", "VL-10K", "--outcome", "fire", "--json")
    ref = str(opened.json["recall"])
    before = instance.run("doctor", "--json").json
    ran = instance.run(
        "recall", "hold", ref, "--channel", "shop", "--proof", "off", "--dry-run", "--json"
    )
    assert ran.json["dry_run"] is True
    after = instance.run("doctor", "--json").json
    assert (after["journal"], after["tables"]) == (before["journal"], before["tables"])


def test_a_rehearsal_writes_no_file(instance: Instance) -> None:
    opened = instance.run("recall", "open", "--product", "VL-10K", "--outcome", "fire", "--json")
    words = ("recall", "filing", str(opened.json["recall"]), "--export", "out", "--dry-run")
    refused = instance.run(*words, "--json", expect=2)
    assert refused.json["error"]["code"] == "not_rehearsed"
