"""Keeps the tokens of personal and calendar links out of every log line."""

from __future__ import annotations

import logging
import re

TOKEN = re.compile(r"/(r|calendar)/[^/\s?\"'<>]+")
HIDDEN = r"/\1/…"


class WithoutTokens(logging.Filter):
    """Replaces the token in a line's words, arguments and request before it is written."""

    def filter(self, record: logging.LogRecord) -> bool:
        text = record.getMessage()
        if "/r/" in text or "/calendar/" in text:
            record.msg, record.args = TOKEN.sub(HIDDEN, text), ()
        return True
