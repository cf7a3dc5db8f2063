"""`holdfast notice lint` from outside: one JSON object, the agreed codes, any kind of file."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from tests.plugins.instance import Instance, environment

pytestmark = pytest.mark.once
GOOD = {
    "en": """Product safety recall: power bank VL-10K, lot B17

Stop using it now. It can catch fire, even when it is not charging.

1. Unplug it. Do not charge it again.
2. Put it outside, or on stone or tile.
3. Choose a refund or a new one at lumenvale.example/recall.

Look at the photo: the lot code B17 stands on the label.
Sold from 6 February 2026 to 14 April 2026 in our shop for €39.00.
Call 0800 555 0142, free. Please tell anyone you gave it to.
""",
    "de": """Produktsicherheitsrückruf: Powerbank VL-10K, Los B17

Benutzen Sie sie ab sofort nicht mehr. Sie kann Feuer fangen, auch wenn sie nicht lädt.

1. Ziehen Sie den Stecker. Laden Sie sie nicht wieder.
2. Legen Sie sie nach draußen oder auf Stein.
3. Wählen Sie Ihr Geld zurück oder ein neues Gerät: lumenvale.example/recall.

Sehen Sie auf das Foto: Die Losnummer B17 steht auf dem Etikett.
Verkauft vom 6. Februar 2026 bis 14. April 2026 in unserem Laden für 39,00 €.
Rufen Sie kostenlos an: 0800 555 0142. Haben Sie sie weitergegeben? Informieren Sie die Person.
""",
}


def lint(home: Path, *words: str | Path) -> tuple[int, dict[str, Any], str]:
    ran = Instance(home, environment(home, None)).run(
        "notice", "lint", *words, "--json", expect=None, timeout=120
    )
    assert "Traceback" not in ran.err
    return ran.code, ran.json, ran.err


@pytest.mark.parametrize("language", sorted(GOOD))
def test_a_good_notice_has_nothing_to_block(tmp_path: Path, language: str) -> None:
    file = tmp_path / "notice.txt"
    file.write_text(GOOD[language], encoding="utf-8")
    code, answer, _ = lint(tmp_path, file, "--regime", "eu_gpsr", "--language", language)
    assert (code, answer["ok"], answer["findings"]) == (0, True, [])


def test_a_bad_notice_blocks_in_the_eu_and_warns_in_the_us(tmp_path: Path) -> None:
    file = tmp_path / "notice.txt"
    file.write_text("A voluntary recall.\nIn rare cases it may overheat.\n", encoding="utf-8")
    code, answer, _ = lint(tmp_path, file, "--regime", "eu_gpsr", "--language", "en")
    assert code == 1
    found = {one["rule"]: one for one in answer["findings"]}
    assert found["banned.voluntary"]["severity"] == "block"
    assert (found["banned.voluntary"]["line"], found["banned.voluntary"]["column"]) == (1, 3)
    assert (found["banned.rare"]["line"], found["banned.rare"]["column"]) == (2, 4)
    assert found["mechanism_without_outcome"]["text"] == "may overheat"
    assert set(found["banned.rare"]) >= {
        *("rule", "severity", "text", "start", "end", "line", "column"),
        *("why", "source", "suggestion"),
    }
    code, answer, _ = lint(tmp_path, file, "--regime", "us_cpsc", "--language", "en")
    assert (code, answer["block"]) == (0, 0)
    assert answer["warn"] > 3


def test_places_in_html_are_those_of_the_file(tmp_path: Path) -> None:
    file = tmp_path / "notice.html"
    file.write_text(
        '<html lang="en"><script>voluntary</script>\n<p>A <b>volun</b>tary &#114;ecall, '
        'a prec&#97;utionary one</p>\n<p lang="de">freiwillig</p>',
        encoding="utf-8",
    )
    _code, answer, _ = lint(tmp_path, file)
    found = [one for one in answer["findings"] if one["rule"].startswith("banned")]
    assert [(one["text"], one["line"], one["column"]) for one in found] == [
        ("voluntary", 2, 9),
        ("precautionary", 2, 38),
    ]


def test_an_email_is_read_through_its_encoding(tmp_path: Path) -> None:
    file = tmp_path / "notice.eml"
    file.write_bytes(
        b"Subject: =?utf-8?q?Freiwilliger_R=C3=BCckruf?=\nMIME-Version: 1.0\n"
        b"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n"
        b"Wir rufen vorsorg=\nlich zur=C3=BCck.\n"
    )
    _code, answer, _ = lint(tmp_path, file, "--language", "de")
    rules = {one["rule"] for one in answer["findings"]}
    assert {"banned.voluntary", "banned.precautionary"} <= rules


def test_languages_of_one_file_must_say_the_same(tmp_path: Path) -> None:
    file = tmp_path / "notice.json"
    texts = {
        **GOOD,
        "de": GOOD["de"].replace("B17", "B71").replace("0800 555 0142", "0800 555 0143"),
    }
    file.write_text(json.dumps({"picture": "p.jpg", "texts": texts}), encoding="utf-8")
    code, answer, _ = lint(tmp_path, file)
    assert code == 1
    wrong = {(one["rule"], one["language"], one["text"]) for one in answer["findings"]}
    assert ("parity.codes", "de", "B17") in wrong
    assert ("parity.codes", "en", "B71") in wrong
    assert ("parity.phones", "en", "08005550143") in wrong
    file.write_text(json.dumps({"picture": "p.jpg", "texts": GOOD}), encoding="utf-8")
    code, answer, _ = lint(tmp_path, file)
    assert (code, answer["findings"]) == (0, [])


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("big.txt", b"a" * 1_000_001, "too_big"),
        ("latin.txt", "Rückruf".encode("latin-1"), "undecodable"),
        ("nul.txt", b"recall\x00now", "nul"),
        ("empty.html", b"<p></p>", "empty"),
        ("broken.json", b'{"a": ', "unreadable"),
        ("deep.json", b"[" * 200_000, "unreadable"),
        (
            "many.json",
            b'{"texts":{%s}}' % b",".join(b'"x%d":"a"' % n for n in range(99)),
            "unreadable",
        ),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(
    tmp_path: Path, name: str, content: bytes, code: str
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    exit_code, answer, _ = lint(tmp_path, file, "--language", "en")
    assert exit_code == 2
    assert answer["error"]["code"] == code
    assert answer["error"]["file"] == str(file)


@pytest.mark.parametrize(
    "words",
    [("--regime", "xx"), ("--language", "xx"), ("--regime", "../x"), ("--language", "../en")],
)
def test_unknown_regimes_and_languages_are_refused_with_the_choices(
    tmp_path: Path, words: tuple[str, str]
) -> None:
    file = tmp_path / "n.txt"
    file.write_text("recall", encoding="utf-8")
    code, answer, _ = lint(tmp_path, file, *words)
    assert code == 2
    assert "Choose one of" in answer["error"]["hint"]


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert lint(tmp_path, tmp_path / "no.txt", "--language", "en")[0] == 2


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.html", b"<a " * 300_000),
        ("b.html", b"<!--" * 240_000),
        ("c.html", b"<a href='" * 100_000),
        ("d.txt", b"." * 900_000 + b"a"),
        ("e.txt", b"no " * 300_000),
        ("f.json", b'["' + b"\\u0061" * 160_000 + b'"]'),
    ],
)
def test_a_megabyte_of_malice_ends_soon(tmp_path: Path, name: str, content: bytes) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    begun = time.monotonic()
    lint(tmp_path, file, "--language", "en")
    assert time.monotonic() - begun < 60


def test_the_answer_says_what_was_not_checked_and_what_to_put_there(tmp_path: Path) -> None:
    file = tmp_path / "notice.txt"
    file.write_text("A voluntary recall.\n", encoding="utf-8")
    code, answer, _ = lint(tmp_path, file, "--regime", "ca_ccpsa", "--language", "en")
    assert (code, answer["regime"], answer["profile"]["wording"]) == (0, "ca_ccpsa", "unknown")
    assert {"regime", "content", "both_languages"} <= {one["id"] for one in answer["not_checked"]}
    found = {one["rule"]: one for one in answer["findings"]}
    assert found["banned.voluntary"]["inline"] == "A ~~voluntary~~ recall."
    assert found["element.stop_using"]["inline"] == "Stop using it now."
    assert found["element.stop_using"]["confidence"] == "house"
