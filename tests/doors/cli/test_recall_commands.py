"""The recall commands as a script calls them: one object, right exit codes, no surprises."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from PIL import Image

from tests.plugins.instance import Instance

MAIL = """From: quality desk, supplier S-07
Date: Tue 14 Apr 2026, 07:52
In the ageing test 3 of 600 cells of VL-10K, lot B17, overheat and burn while charging.
The lot was made 12 to 15 January 2026, 12,000 pieces. Shipped 18 Feb 2026.
"""
ORDERS = """order,product,quantity,customer,shipped_at,country,lot,site
1,VL-10K,1,anna,2026-02-20,DE,B17,Lyon
2,vl-10k,2,ben,2026-02-24,FR,,Lyon
3,VL-10K,1,cem,2026-03-20,DE,,Lyon
4,VL-10K,1,,2026-02-25,DE,,Lyon
5,LAMP,1,=dora,2026-02-25,DE,,Lyon
6,VL-10K,3,anna,2026-02-10,DE,,Lyon
"""
RECEIPTS = """lot,sku,site,received_at,depleted_at,quantity,supplier
B16,VL-10K,Lyon,2026-02-01,2026-03-01,38,S-07
B17,VL-10K,Lyon,2026-02-18,2026-03-10,62,S-07
B18,VL-10K,Lyon,2026-03-15,,50,S-08
"""
CERTAINTIES = ("confirmed", "probable", "cannot_rule_out", "excluded")


@pytest.fixture
def shop(instance: Instance, tmp_path: Path) -> Instance:
    for name, text in (("orders", ORDERS), ("receipts", RECEIPTS)):
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
        instance.json("import", name, tmp_path / f"{name}.csv")
    return instance


def test_from_the_mail_to_the_closed_door(shop: Instance, tmp_path: Path) -> None:
    read = shop.json("recall", "open", "--mail", "-", "--dry-run", stdin=MAIL)
    assert (read["products"], read["lots"], read["mechanism"]) == (["VL-10K"], ["B17"], "overheats")
    assert read["outcome_suggested"] == "fire"
    refused = shop.json("recall", "open", "--mail", "-", stdin=MAIL, expect=2)
    assert refused["error"]["code"] == "outcome_needed"
    opened = shop.json("recall", "open", "--mail", "-", "--outcome", "fire", stdin=MAIL)
    ref = opened["recall"]
    assert ref.startswith("R-")

    scoped = shop.json("recall", "scope", ref)
    assert scoped["version"] == 1
    assert scoped["confirmed"] == {"lines": 1, "units": 1, "people": 1}
    assert scoped["probable"] == {"lines": 2, "units": 3, "people": 1}
    assert scoped["cannot_rule_out"] == {"lines": 0, "units": 0, "people": 0}
    assert scoped["excluded"]["lines"] == 3
    assert scoped["in_scope"]["people"] == 2
    assert scoped["unreachable"]["lines_without_customer"] == 1
    again = shop.json("recall", "scope", ref)
    assert (again["version"], again["created"], again["digest"]) == (1, False, scoped["digest"])

    early = shop.json(
        *("recall", "decide", ref, "--severity", "4", "--probability", "1/1000"), expect=3
    )
    assert early["error"]["code"] == "lifecycle"
    lines = tmp_path / "lines.csv"
    confirmed = shop.json("recall", "scope", ref, "--confirm", "--lines", str(lines))
    assert (confirmed["version"], confirmed["state"]) == (1, "confirmed")
    with lines.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == [
        *("line", "order", "customer", "sku", "lot", "quantity", "certainty", "reason")
    ]
    assert [row["certainty"] for row in rows] == [
        *("confirmed", "probable", "excluded", "probable", "excluded", "excluded")
    ]
    assert "62 % of the units were B17" in rows[1]["reason"]
    assert not any(cell.startswith("=") for row in rows for cell in row.values())

    decided = shop.json(
        *("recall", "decide", ref, "--severity", "4", "--probability", "1/1000", "--sign"),
        *("--remedy", "refund", "--remedy", "replacement", "--reason", "3 of 600 burned"),
    )
    assert (decided["state"], decided["risk"]["risk"]) == ("decided", "serious")
    assert decided["signatures"][0]["alone"] is True

    holds = shop.json("recall", "hold", ref, "--list")
    assert {h["kind"] for h in holds["holds"]} == {"warehouse"}
    shop.json("recall", "hold", ref, "--all", "--proof", "taken down, looked twice")
    assert shop.json("recall", "hold", ref, "--list")["open"] == 0

    status = shop.json("recall", "status", ref, "--timeline")
    assert status["state"] == "decided"
    assert (status["next"]["phase"], status["next"]["act"]) == ("decide", "law")
    assert status["units_unaccounted"] == status["scope"]["in_scope"]["units"]
    assert status["timeline"][0]["kind"] == "Known"
    closed = shop.json("recall", "close", ref, expect=3)
    assert closed["error"]["code"] == "lifecycle"
    assert closed["error"]["open"]["stops"] == 0
    assert closed["error"]["open"]["units"] == status["units_unaccounted"]


def test_an_unknown_product_is_done_with_a_warning(shop: Instance) -> None:
    ref = shop.json("recall", "open", "--product", "VL-1OK", "--outcome", "fire")["recall"]
    answer = shop.json("recall", "scope", ref, expect=1)
    assert "VL-10K" in answer["warnings"][0]["hint"]
    assert sum(answer[c]["lines"] for c in CERTAINTIES) == 6
    assert answer["excluded"]["lines"] == 6


REFUSED = [
    (("recall", "scope", "R-1999-001"), 2),
    (("recall", "scope", "{ref}", "--shipped", "yesterday.."), 2),
    (("recall", "scope", "{ref}", "--lines", "/no/such/folder/x.csv"), 2),
    (("recall", "decide", "{ref}", "--sign"), 2),
    (("recall", "open", "--outcome", "boredom"), 2),
    (("recall", "open", "--mail", "/no/such/mail", "--outcome", "fire"), 2),
    (("recall", "withdraw", "{ref}"), 3),
    (("recall", "close", "{ref}"), 3),
    (("recall", "reopen", "{ref}", "--reason", "x"), 3),
    (("recall", "dance", "{ref}"), 2),
]


def test_refusals_are_one_object_and_change_nothing(shop: Instance) -> None:
    ref = shop.json("recall", "open", "--product", "VL-10K", "--outcome", "fire")["recall"]
    before = shop.json("doctor", expect=None)["journal"]
    for words, code in REFUSED:
        error = shop.json(*(word.format(ref=ref) for word in words), expect=code)["error"]
        assert set(error) >= {"code", "message", "file", "line", "column", "hint"}, words
    assert shop.json("doctor", expect=None)["journal"] == before


def test_a_check_answers_from_what_is_recalled(shop: Instance) -> None:
    assert shop.json("check", "B17")["answer"] == "not_affected"
    ref = shop.json("recall", "open", "--product", "VL-10K", "--lot", "B17", "--outcome", "fire")
    shop.json("recall", "scope", ref["recall"], "--confirm")
    for code, answer in (("b-I7", "affected"), ("B18", "not_affected"), ("Q99", "cannot_tell")):
        found = shop.json("check", code)
        assert found["answer"] == answer
        assert found["why"]
    assert shop.json("check", "B17")["recalls"] == [ref["recall"]]
    assert shop.json("check", "LAMP")["answer"] == "not_affected"
    assert shop.json("check", "VL-10K")["answer"] == "cannot_tell"


def test_a_second_person_settles_what_the_first_proposed(shop: Instance) -> None:
    ref = shop.json("recall", "open", "--product", "VL-10K", "--outcome", "fire")["recall"]
    shop.json("recall", "scope", ref, "--confirm")
    for mail, name, role in (
        ("lea@example.org", "Lea", "lead"),
        ("abo@example.org", "Abo", "approver"),
    ):
        shop.run("people", "add", mail, "--name", name, "--role", role, *_as(role))
    narrow = ("recall", "scope", ref, "--lot", "B17", "--product", "VL-10K")
    refused = shop.json(*narrow, "--rationale", "lots are known now", "--confirm", *LEA, expect=3)
    assert refused["error"]["code"] == "second_person"
    assert shop.json(*narrow, "--rationale", "lots are known now", *LEA)["state"] == "proposed"
    assert shop.json("recall", "scope", ref, "--confirm", *ABO)["state"] == "confirmed"
    who = shop.json("recall", "status", ref, expect=2)["error"]
    assert who["code"] == "who_acts"


LEA, ABO = ("--as", "lea@example.org"), ("--as", "abo@example.org")


def _as(role: str) -> tuple[str, ...]:
    return () if role == "lead" else ("--as", "owner@localhost")


def test_a_photo_stands_in_the_notice_with_its_words(shop: Instance, tmp_path: Path) -> None:
    ref = shop.json("recall", "open", "--mail", "-", "--outcome", "fire", stdin=MAIL)["recall"]
    shop.json("recall", "scope", ref)
    drafted = shop.json(
        "recall", "notice", ref, "--draft", "--phone", "08005550142", "--language", "en"
    )
    assert drafted["photo"] == ""
    assert "“My shop” speaks, a name no owner knows" in shop.run("recall", "notice", ref).out
    before = drafted["texts"][0]["elements_present"]
    photo = tmp_path / "bank.png"
    Image.effect_noise((640, 480), 40).save(photo)
    words = ("recall", "notice", ref, "--photo", photo)
    refused = shop.json(*words, expect=2)
    assert refused["error"]["languages"] == ["en"]
    told = shop.json(*words, "--alt", "en=Black power bank, its back")
    assert len(told["photo"]) == 64
    assert told["texts"][0]["elements_present"] == before + 1
    approved = shop.json("recall", "notice", ref, "--approve", "en")
    assert approved["approved"] == ["en"]
    assert shop.json("recall", "notice", ref, "--no-photo")["approved"] == []
    (tmp_path / "not.png").write_text("<svg/>")
    broken = shop.json("recall", "notice", ref, "--photo", tmp_path / "not.png", expect=2)
    assert broken["error"]["file"].endswith("not.png")
