"""The same answer to the same question is written once a second, and never for somebody else."""

from __future__ import annotations

import re
from unittest.mock import patch

import pytest
from django.test import Client

from holdfast.doors.portal import checking
from holdfast.doors.portal.kept import PUBLISHED

pytestmark = pytest.mark.django_db


def ask(code: str, *, where: str = "/check", language: str = "en", **more: str):
    return Client().post(
        where, {"code": code, "tries": "2", **more}, headers={"accept-language": language}
    )


def test_a_rush_of_the_same_question_is_answered_from_one_page(told) -> None:
    with patch.object(checking, "_answer", wraps=checking._answer) as written:
        answers = [ask(code) for code in ("B17", "b-17", "b 17", "B17")]
    assert written.call_count == 1
    assert len({answer.content for answer in answers}) == 1
    for answer in answers:
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Content-Language"] == "en"
        assert answer.headers["Content-Type"].startswith("text/html")


def test_another_answer_language_or_recall_is_a_page_of_its_own(told) -> None:
    asked = [
        ("B17", "/check", "en"),
        ("C03", "/check", "en"),
        ("B17", "/check?l=de", "en"),
        ("B17", f"/recall/{told.recall.ref}/check", "en"),
    ]
    pages = [ask(code, where=where, language=language) for code, where, language in asked]
    again = [ask(code, where=where, language=language) for code, where, language in asked]
    assert [one.content for one in pages] == [one.content for one in again]
    PUBLISHED.forget()
    anew = [ask(code, where=where, language=language) for code, where, language in asked]
    assert [one.content for one in pages] == [one.content for one in anew]
    assert len({one.content for one in pages}) == len(pages)


def test_a_personal_page_is_never_kept_for_others(told) -> None:
    own = ask("B17", where=f"/r/{told.token}/check")
    public = ask("B17").content.decode()
    assert told.token in own.content.decode()
    assert told.token not in public
    assert not re.search(r"/r/[\w-]{20}", public)
