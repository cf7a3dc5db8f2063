"""How Holdfast says no: what, where, why, and what to do."""

from __future__ import annotations


class Refusal(Exception):
    """Base of every expected refusal; `exit_code` is the command line's, `status` the page's."""

    exit_code = 1
    status = 400

    def __init__(
        self,
        code: str,
        message: str,
        *,
        hint: str = "",
        file: str | None = None,
        line: int | None = None,
        column: str | None = None,
        extra: dict[str, object] | None = None,
    ) -> None:
        super().__init__(message)
        self.code, self.message, self.hint = code, message, hint
        self.file, self.line, self.column = file, line, column
        self.extra = extra or {}

    def as_json(self) -> dict[str, object]:
        """The `error` object of `--json`: code, message, file, line, column, hint (+ extras)."""
        return {
            "code": self.code,
            "message": self.message,
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "hint": self.hint,
            **self.extra,
        }


class Unreadable(Refusal):
    """Wrong usage or input that cannot be read; nothing changed (exit 2)."""

    exit_code = 2


class Forbidden(Refusal):
    """Not allowed now: lifecycle, permission, gate; nothing changed (exit 3)."""

    exit_code = 3
    status = 409


class NotPermitted(Forbidden):
    """The person lacks the permission (exit 3; pages: 404 to strangers, 403 to members)."""

    status = 403


class NotFound(Unreadable):
    """A named thing does not exist (exit 2)."""

    status = 404
