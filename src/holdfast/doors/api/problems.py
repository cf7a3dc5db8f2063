"""How a program is told no: `application/problem+json` (RFC 9457), with the wrong fields."""

from __future__ import annotations

import json
from collections.abc import Sequence

from django.http import HttpResponse


class Problem(Exception):
    """One refusal; `errors` are `(JSON pointer, what is wrong there)`."""

    def __init__(
        self,
        status: int,
        title: str,
        detail: str = "",
        *,
        code: str = "",
        errors: Sequence[tuple[str, str]] = (),
    ) -> None:
        super().__init__(title)
        self.status, self.title, self.detail = status, title, detail
        self.code, self.errors = code, errors


def answered(problem: Problem) -> HttpResponse:
    """The answer of a problem, with the headers its status asks for."""
    told: dict[str, object] = {
        "type": "about:blank",
        "title": problem.title,
        "status": problem.status,
    }
    if problem.detail:
        told["detail"] = problem.detail
    if problem.code:
        told["code"] = problem.code
    if problem.errors:
        told["errors"] = [{"pointer": at, "detail": why} for at, why in problem.errors]
    answer = HttpResponse(
        json.dumps(told, ensure_ascii=False),
        content_type="application/problem+json",
        status=problem.status,
    )
    if problem.status == 401:
        answer.headers["WWW-Authenticate"] = 'Bearer realm="holdfast"'
    if problem.status == 405:
        answer.headers["Allow"] = "POST"
    if problem.status == 429:
        answer.headers["Retry-After"] = "5"
    answer.headers["Cache-Control"] = "no-store"
    return answer
