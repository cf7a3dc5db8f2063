"""What the log says of requests that are somebody else's doing."""

from __future__ import annotations

import logging

import pytest
from django.test import Client

pytestmark = pytest.mark.once


def test_a_wrong_host_header_is_one_line_without_our_stack() -> None:
    told: list[logging.LogRecord] = []
    handler = logging.Handler()
    handler.emit = told.append  # type: ignore[method-assign]
    logger = logging.getLogger("django.security.DisallowedHost")
    logger.addHandler(handler)
    try:
        assert Client(HTTP_HOST="evil.example").get("/recall").status_code == 400
    finally:
        logger.removeHandler(handler)
    assert [(one.exc_info, "evil.example" in one.getMessage()) for one in told] == [(None, True)]
