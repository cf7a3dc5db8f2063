"""Verifying: an honest package passes, and every tampering is found with everything it touched."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast.kit.ledger import leaf_hash, root_of, verify
from holdfast.kit.ledger.verify import Unusable, document_bytes
from tests.kit.ledger.packages import (
    NOTICE_NAME,
    Files,
    agree,
    entries,
    line,
    make,
    named,
    read,
    rewrite,
    write,
)

MANY = 10_000


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("honest") / "package.zip"
    make(path)
    return path


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("large") / "large.zip"
    make(path, MANY)
    return path


@pytest.fixture
def there(tmp_path: Path) -> Path:
    return tmp_path / "tampered.zip"


def lines_of(files: Files) -> list[bytes]:
    return files["journal.jsonl"].splitlines()


def with_lines(files: Files, lines: list[bytes]) -> Files:
    return {**files, "journal.jsonl": b"".join(each + b"\n" for each in lines)}


# -- what is honest passes


def test_an_honest_package_passes_and_says_what_it_could_not_look_for(honest: Path) -> None:
    answer = verify.verify(str(honest))
    assert answer["ok"]
    assert answer["faults"] == []
    assert answer["journal"] == {
        "entries": 30,
        "root": root_of(leaf for leaf, _ in entries(30)).hex(),
    }
    assert "No checkpoint" in answer["not_checked"][0]
    assert answer["absent"] == [{"what": "addresses", "why": "they are personal data"}]


@pytest.mark.parametrize("count", [0, 1, 2, 3, 5, 1024, 1025, 2049])
def test_packages_of_every_shape_of_tree_pass(there: Path, count: int) -> None:
    written = make(there, count)
    answer = verify.verify(str(there))
    if count < 3:  # the approved text is spoken of in entry 3
        assert named(answer)[1] == {NOTICE_NAME}
    else:
        assert answer["ok"], answer
    assert written.checkpoint["entries"] == count


def test_a_package_of_one_recall_shows_only_its_entries_and_passes(tmp_path: Path) -> None:
    path, kept = tmp_path / "one.zip", tmp_path / "kept.json"
    kept.write_bytes(make(path, 40, only="R-2026-001").to_keep())
    answer = verify.verify(str(path), str(kept))
    assert answer["ok"], answer
    assert answer["entries"] == 13
    assert answer["journal"]["entries"] == 40
    assert answer["scope"] == "R-2026-001"


def test_two_exports_of_the_same_state_are_byte_identical(tmp_path: Path) -> None:
    make(tmp_path / "a.zip", 100)
    make(tmp_path / "b.zip", 100)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_packed_again_by_another_tool_it_still_passes(honest: Path, there: Path) -> None:
    files = read(honest)
    write(there, dict(sorted(files.items(), reverse=True)))
    assert verify.verify(str(there))["ok"]
    with zipfile.ZipFile(there, "w", zipfile.ZIP_STORED) as archive:
        for name, content in files.items():
            with archive.open(zipfile.ZipInfo(name), "w", force_zip64=True) as target:
                target.write(content)
    assert verify.verify(str(there))["ok"]


def test_unpacked_into_a_folder_it_checks_itself_with_nothing_but_python(
    honest: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "unpacked"
    with zipfile.ZipFile(honest) as archive:
        archive.extractall(folder)
    command = [sys.executable, "-I", "-S", str(folder / "verify.py")]
    empty = {"PATH": ""}
    done = subprocess.run(
        [*command, "--json"], capture_output=True, text=True, env=empty, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout)["ok"]
    (folder / "units.csv").write_bytes(b"unit,state\n1,disposed!\n")
    done = subprocess.run(command, capture_output=True, text=True, env=empty, check=False)
    assert done.returncode == 1
    assert "units.csv" in done.stdout
    done = subprocess.run(
        [*command, str(honest)], capture_output=True, text=True, env=empty, check=False
    )
    assert done.returncode == 0
    assert "everything agrees" in done.stdout


def test_the_verifier_imports_only_the_standard_library() -> None:
    code = (
        "import sys, runpy; runpy.run_path(sys.argv[1], run_name='checked');"
        "print(sorted({name.partition('.')[0] for name in sys.modules}"
        " - set(sys.stdlib_module_names) - {'__main__', 'sitecustomize'}))"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code, verify.__file__],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == "[]", done.stdout + done.stderr


# -- files


@pytest.mark.parametrize("how", ["flip", "append", "cut", "empty"])
@pytest.mark.parametrize("name", [
    "README.txt", "absent.json", "checkpoint.json", "deliveries.csv", "journal.jsonl",
    "manifest.json", NOTICE_NAME, "tree.txt", "units.csv", "verify.py",
])  # fmt: skip
def test_a_change_of_any_file_names_the_file(
    honest: Path, there: Path, name: str, how: str
) -> None:
    files = read(honest)
    content = files[name]
    files[name] = {
        "flip": content[:10] + bytes([content[10] ^ 1]) + content[11:],
        "append": content + b"\n",
        "cut": content[:-1],
        "empty": b"",
    }[how]
    answer = verify.verify(str(write(there, files)))
    assert not answer["ok"]
    assert name in named(answer)[1]


def test_several_changed_files_are_all_named(honest: Path, there: Path) -> None:
    files = read(honest)
    for name in ("units.csv", "deliveries.csv", "README.txt", NOTICE_NAME):
        files[name] += b"x"
    assert named(verify.verify(str(write(there, files))))[1] == {
        "units.csv", "deliveries.csv", "README.txt", NOTICE_NAME,
    }  # fmt: skip


def test_a_renamed_removed_or_added_file_is_named(honest: Path, there: Path) -> None:
    files = read(honest)
    files["Units.csv"] = files.pop("units.csv")
    del files["deliveries.csv"]
    files["more/notes.txt"] = b"hello"
    assert named(verify.verify(str(write(there, files))))[1] == {
        "Units.csv", "units.csv", "deliveries.csv", "more/notes.txt",
    }  # fmt: skip


def test_two_files_with_their_contents_swapped_are_both_named(honest: Path, there: Path) -> None:
    files = read(honest)
    files["units.csv"], files["deliveries.csv"] = files["deliveries.csv"], files["units.csv"]
    assert named(verify.verify(str(write(there, files))))[1] == {"units.csv", "deliveries.csv"}


@pytest.mark.parametrize(
    "name", ["journal.jsonl", "tree.txt", "manifest.json", "checkpoint.json", "verify.py"]
)
def test_a_missing_part_is_named_and_the_rest_is_still_checked(
    honest: Path, there: Path, name: str
) -> None:
    files = read(honest)
    del files[name]
    files["units.csv"] += b"x"
    found = named(verify.verify(str(write(there, files))))[1]
    assert name in found
    assert name == "manifest.json" or "units.csv" in found


def test_a_text_no_entry_speaks_of_is_named_even_if_the_manifest_agrees(
    honest: Path, there: Path
) -> None:
    files = read(honest)
    changed = b"All is well with the kettle.\n"
    del files[NOTICE_NAME]
    name = f"texts/{verify.sha256(changed).hexdigest()}.txt"
    files[name] = changed
    answer = verify.verify(str(write(there, agree(files))))
    assert named(answer)[1] == {name}
    files[NOTICE_NAME] = files.pop(name)
    assert named(verify.verify(str(write(there, agree(files)))))[1] == {NOTICE_NAME}


@pytest.mark.parametrize("field", ["root", "entries", "block", "blocks", "scope", "manifest", "x"])
def test_a_checkpoint_whose_fields_were_changed_is_named(
    honest: Path, there: Path, field: str
) -> None:
    files = read(honest)
    checkpoint = json.loads(files["checkpoint.json"])
    checkpoint[field] = {
        "root": "0" * 64,
        "entries": 31,
        "block": 2,
        "blocks": checkpoint["blocks"][:-1],
        "scope": "R-2026-009",
        "manifest": "0" * 64,
        "x": 1,
    }[field]
    files["checkpoint.json"] = document_bytes(checkpoint)
    assert "checkpoint.json" in named(verify.verify(str(write(there, files))))[1]


# -- entries

Change = Callable[[list[bytes]], list[bytes]]


def edited(at: int) -> Change:
    return lambda lines: [
        each.replace(b'"number":', b'"numbeR":') if n == at - 1 else each
        for n, each in enumerate(lines)
    ]


def without(*gone: int) -> Change:
    return lambda lines: [each for n, each in enumerate(lines) if n + 1 not in gone]


def swapped(one: int, other: int) -> Change:
    def change(lines: list[bytes]) -> list[bytes]:
        lines[one - 1], lines[other - 1] = lines[other - 1], lines[one - 1]
        return lines

    return change


def doubled(at: int, to: int) -> Change:
    return lambda lines: [*lines[:to], lines[at - 1], *lines[to:]]


def added(at: int, index: int) -> Change:
    return lambda lines: [*lines[:at], line(index, forged=True), *lines[at:]]


ATTACKS: dict[str, tuple[Change, set[int]]] = {
    "first edited": (edited(1), {1}),
    "last edited": (edited(30), {30}),
    "three edited": (lambda x: edited(4)(edited(5)(edited(20)(x))), {4, 5, 20}),
    "all edited": (lambda x: [each + b" " for each in x], set(range(1, 31))),
    "number changed": (
        lambda x: [each.replace(b'"index":7,', b'"index":8,') for each in x],
        {7},
    ),
    "number made no number": (
        lambda x: [each.replace(b'"index":7,', b'"index":-7,') for each in x],
        {7},
    ),
    "one removed": (without(12), {12}),
    "first removed": (without(1), {1}),
    "several removed": (without(2, 3, 17, 30), {2, 3, 17, 30}),
    "tail removed": (lambda x: x[:20], set(range(21, 31))),
    "all removed": (lambda x: [], set(range(1, 31))),
    "neighbours swapped": (swapped(9, 10), {9, 10}),
    "far ones swapped": (swapped(3, 28), {3, 28}),
    "doubled in place": (doubled(6, 6), {6}),
    "doubled at the end": (doubled(6, 30), {6}),
    "replaced by another": (lambda x: [*x[:10], x[4], *x[11:]], {5, 11}),
    "added at the end": (added(30, 31), {31}),
    "added in the middle": (added(10, 31), {31}),
    "forged beside the real one": (added(10, 10), {10}),
    "removed and edited": (lambda x: without(5)(edited(9)(x)), {5, 9}),
    "removed and swapped": (lambda x: without(5)(swapped(20, 25)(x)), {5, 20, 25}),
    "edited and added": (lambda x: added(3, 40)(edited(9)(x)), {9, 40}),
}  # fmt: skip


@pytest.mark.parametrize("is_manifest_made_to_agree", [False, True])
@pytest.mark.parametrize("attack", ATTACKS)
def test_every_entry_that_an_attack_touches_is_named(
    honest: Path, there: Path, attack: str, is_manifest_made_to_agree: bool
) -> None:
    change, touched = ATTACKS[attack]
    files = with_lines(read(honest), change(lines_of(read(honest))))
    if is_manifest_made_to_agree:
        files = agree(files)
    answer = verify.verify(str(write(there, files)))
    assert not answer["ok"]
    assert named(answer)[0] == touched, answer["faults"]
    # The approved text is spoken of in entry 3; without it nobody vouches for the text.
    assert named(answer)[1] - {NOTICE_NAME} == {"journal.jsonl"}


def test_a_line_that_is_no_entry_is_named_by_its_number(honest: Path, there: Path) -> None:
    files = read(honest)
    lines = lines_of(files)
    files = with_lines(files, [*lines[:3], b"hello", *lines[3:]])
    answer = verify.verify(str(write(there, files)))
    assert any("line 4" in fault["why"] for fault in answer["faults"])
    assert named(answer) == (set(), {"journal.jsonl"})


def test_an_entry_changed_together_with_its_hash_is_named_from_the_blocks(
    honest: Path, there: Path
) -> None:
    files = read(honest)
    lines = edited(14)(lines_of(files))
    tree = files["tree.txt"].splitlines()
    tree[13] = b"+" + leaf_hash(lines[13]).hex().encode()
    files = with_lines(files, lines)
    files["tree.txt"] = b"".join(each + b"\n" for each in tree)
    answer = verify.verify(str(write(there, agree(files))))
    assert named(answer)[0] == {14}


def test_a_tree_file_that_lies_is_named_and_the_entries_are_not(honest: Path, there: Path) -> None:
    files = read(honest)
    tree = files["tree.txt"].splitlines()
    for change in (
        [*tree[:4], b"+" + b"0" * 64, *tree[5:]],
        [*tree[:4], b"+" + b"x" * 64, *tree[5:]],
        [*tree[:4], *tree[5:]],
        [*tree, b"+" + b"0" * 64],
        [b"-" + tree[0][1:], *tree[1:]],
        [],
    ):
        changed = {**files, "tree.txt": b"".join(each + b"\n" for each in change)}
        for variant in (changed, agree(changed)):
            answer = verify.verify(str(write(there, variant)))
            assert not answer["ok"]
            assert named(answer)[1] == {"tree.txt"}, answer


@settings(max_examples=120)
@given(data=st.data())
def test_whatever_is_done_to_the_journal_all_of_it_is_named(
    honest: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Edits and removals at random places, in any number and together."""
    files = read(honest)
    touched = data.draw(st.sets(st.integers(1, 30), min_size=1, max_size=12))
    removed = data.draw(st.sets(st.sampled_from(sorted(touched))))
    lines = lines_of(files)
    for index in touched:
        lines = edited(index)(lines)
    lines = without(*removed)(lines)
    there = tmp_path_factory.getbasetemp() / "random.zip"
    answer = verify.verify(str(write(there, agree(with_lines(files, lines)))))
    assert named(answer)[0] == touched, answer["faults"]


LARGE = [1, 2, 500, 501, 1024, 4096, 5000, 9999, 10_000]


def test_in_ten_thousand_entries_every_attack_is_found_and_named(large: Path, there: Path) -> None:
    files = read(large)
    clean = lines_of(files)
    attacks: list[tuple[list[bytes], set[int]]] = []
    lines = clean
    for index in LARGE:
        lines = edited(index)(lines)
    attacks.append((lines, set(LARGE)))
    attacks.append((without(*LARGE)(clean), set(LARGE)))
    attacks.append((swapped(17, 9_000)(list(clean)), {17, 9_000}))
    attacks.append((doubled(4_000, 8_000)(clean), {4_000}))
    attacks.append((added(10_000, 10_001)(clean), {10_001}))
    attacks.append((clean[:9_000], set(range(9_001, 10_001))))
    attacks.append((clean[1_000:], set(range(1, 1_001))))
    for changed, touched in attacks:
        answer = verify.verify(str(write(there, agree(with_lines(files, changed)))))
        assert named(answer)[0] == touched


# -- against a checkpoint kept outside


@settings(max_examples=60)
@given(now=st.integers(3, 90), before=st.integers(0, 90), is_one=st.booleans())
def test_no_honest_history_gives_a_false_alarm(
    tmp_path_factory: pytest.TempPathFactory, now: int, before: int, is_one: bool
) -> None:
    """Any journal, whole or of one recall, against any earlier state of itself in any form."""
    folder = tmp_path_factory.getbasetemp()
    path, older = folder / "honest.zip", folder / "older.zip"
    make(path, now, only="R-2026-001" if is_one else None)
    kept = make(older, min(now, max(3, before)))
    (folder / "kept.json").write_bytes(kept.to_keep())
    (folder / "plain.json").write_bytes(document_bytes(kept.checkpoint))
    for checkpoint in ("kept.json", "plain.json", "older.zip"):
        answer = verify.verify(str(path), str(folder / checkpoint))
        assert answer["ok"], answer["faults"]


def forged(files: Files, change: Change, there: Path) -> str:
    return str(write(there, rewrite(files, change)))


@pytest.fixture
def kept(honest: Path, tmp_path: Path) -> dict[str, str]:
    """The same state of the journal in every form in which it may have been kept."""
    files = read(honest)
    checkpoint, manifest = json.loads(files["checkpoint.json"]), json.loads(files["manifest.json"])
    documents = {
        "checkpoint.json": files["checkpoint.json"],
        "kept.json": document_bytes({"checkpoint": checkpoint, "manifest": manifest}),
        "other.json": json.dumps({"tree_size": 30, "root": checkpoint["root"]}).encode(),
        "doctor.json": json.dumps(
            {"journal": {"entries": 30, "root": checkpoint["root"]}, "tables": {"x": 1}}
        ).encode(),
    }
    for name, content in documents.items():
        (tmp_path / name).write_bytes(content)
    return {name: str(tmp_path / name) for name in documents} | {"package": str(honest)}


FORMS = ["checkpoint.json", "kept.json", "doctor.json", "other.json", "package"]


@pytest.mark.parametrize("form", FORMS)
def test_the_honest_package_agrees_with_what_was_kept(
    honest: Path, kept: dict[str, str], form: str
) -> None:
    answer = verify.verify(str(honest), kept[form])
    assert answer["ok"], answer
    assert answer["not_checked"] == []


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("attack", ATTACKS)
def test_a_package_rewritten_as_a_whole_is_found_against_what_was_kept(
    honest: Path, there: Path, kept: dict[str, str], attack: str, form: str
) -> None:
    change, _ = ATTACKS[attack]
    path = forged(read(honest), change, there)
    if "added at the end" in attack or "doubled at the end" in attack:
        # One more entry at the end is what an honest journal gets every day.
        assert verify.verify(path, kept[form])["ok"]
        return
    assert not verify.verify(path, kept[form])["ok"]


def test_a_perfect_forgery_is_invisible_without_a_checkpoint_and_that_is_said(
    honest: Path, there: Path
) -> None:
    path = forged(read(honest), edited(14), there)
    answer = verify.verify(path)
    assert answer["ok"]
    assert "rewritten as a whole" in answer["not_checked"][0]


@pytest.mark.parametrize("form", ["checkpoint.json", "kept.json", "package"])
def test_the_forged_entries_are_named_from_what_was_kept(
    honest: Path, there: Path, kept: dict[str, str], form: str
) -> None:
    path = forged(read(honest), lambda x: edited(14)(edited(3)(x)), there)
    found, _ = named(verify.verify(path, kept[form]))
    assert found >= {3, 14}
    path = forged(read(honest), lambda x: x[:26], there)
    assert named(verify.verify(path, kept[form]))[0] == {27, 28, 29, 30}


@pytest.mark.parametrize("form", ["kept.json", "package"])
def test_a_file_rewritten_with_its_manifest_is_named_from_what_was_kept(
    honest: Path, there: Path, kept: dict[str, str], form: str
) -> None:
    files = read(honest)
    files["deliveries.csv"] = files["deliveries.csv"].replace(b"accepted", b"failed")
    path = str(write(there, agree(files)))
    assert verify.verify(path)["ok"]
    assert named(verify.verify(path, kept[form]))[1] == {"deliveries.csv"}
    assert named(verify.verify(path, kept["checkpoint.json"]))[1] == {"manifest.json"}


@pytest.mark.parametrize("form", FORMS)
def test_a_newer_package_of_the_same_journal_is_consistent_with_an_older_checkpoint(
    there: Path, kept: dict[str, str], form: str
) -> None:
    for count in (31, 64, 1_100):
        make(there, count)
        answer = verify.verify(str(there), kept[form])
        assert answer["ok"], answer
        assert answer["checkpoint"]["entries"] == 30


@pytest.mark.parametrize("form", FORMS)
def test_an_older_package_given_for_a_newer_one_is_found(
    there: Path, kept: dict[str, str], form: str
) -> None:
    make(there, 22)
    answer = verify.verify(str(there), kept[form])
    assert named(answer)[0] == set(range(23, 31))


@pytest.mark.parametrize(
    "content",
    [b"", b"hello", b"{}", b"[]", b'{"entries":"3"}', b'{"entries":3,"root":"x"}', b"\xff",
     b'{"entries":3,"root":"%b","block":1,"blocks":["%b"]}' % (b"0" * 64, b"1" * 64),
     b"[" * 99_999, b"PK\3\4broken"],
)  # fmt: skip
def test_what_is_no_checkpoint_is_refused_and_not_ignored(
    honest: Path, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "kept"
    path.write_bytes(content)
    with pytest.raises(Unusable, match=r"checkpoint|at fault"):
        verify.verify(str(honest), str(path))
    with pytest.raises(Unusable, match="cannot be read"):
        verify.verify(str(honest), str(tmp_path / "nothing"))


# -- the command line of the script


@pytest.mark.parametrize("content", [None, b"", b"hello world", b"{}"])
def test_what_is_no_package_is_unreadable_and_exits_2(
    tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "no.zip"
    if content is not None:
        path.write_bytes(content)
    out, err = io.StringIO(), io.StringIO()
    assert verify.answer_and_exit_code(str(path), None, True, out, err) == 2
    error = json.loads(out.getvalue())["error"]
    assert error["code"] in ("unreadable", "not_a_package")
    assert str(path) in error["message"]
    assert error["hint"]
    assert verify.answer_and_exit_code(str(path), None, False, out, err) == 2
    assert str(path) in err.getvalue()
    (tmp_path / "folder").mkdir()
    assert verify.answer_and_exit_code(str(tmp_path / "folder"), None, True, out, err) == 2


def test_a_link_in_an_unpacked_package_is_not_followed(honest: Path, tmp_path: Path) -> None:
    folder = tmp_path / "unpacked"
    with zipfile.ZipFile(honest) as archive:
        archive.extractall(folder)
    (folder / "units.csv").unlink()
    os.symlink("/dev/zero", folder / "units.csv")
    os.symlink("/", folder / "root")
    answer = verify.verify(str(folder))
    assert {"units.csv", "root"} <= named(answer)[1]
