"""The tokens of personal and calendar links are in no log line."""

from __future__ import annotations

import logging

import pytest

from holdfast.doors.portal.redaction import WithoutTokens

pytestmark = pytest.mark.once


@pytest.mark.parametrize("kind", ["r", "calendar"])
def test_a_token_is_hidden_wherever_it_stands(kind: str) -> None:
    line = logging.LogRecord(
        *("django.request", logging.WARNING, __file__, 1, "Not Found: %s"),
        args=(f"/{kind}/Zq3secretsecret.ics?x=1",),
        exc_info=None,
    )
    assert WithoutTokens().filter(line)
    assert "secret" not in line.getMessage()
    assert f"/{kind}/…" in line.getMessage()


def test_other_lines_stay_as_they_are() -> None:
    line = logging.LogRecord("x", logging.INFO, __file__, 1, "GET /recalls/", None, None)
    WithoutTokens().filter(line)
    assert line.getMessage() == "GET /recalls/"
