"""Keeps the tokens of personal links out of every log line."""

from __future__ import annotations

import logging
import re

TOKEN = re.compile(r"/r/[^/\s?\"'<>]+")
HIDDEN = "/r/…"


class WithoutTokens(logging.Filter):
    """Replaces the token in a line's words, arguments and request before it is written."""

    def filter(self, record: logging.LogRecord) -> bool:
        text = record.getMessage()
        if "/r/" in text:
            record.msg, record.args = TOKEN.sub(HIDDEN, text), ()
        return True
