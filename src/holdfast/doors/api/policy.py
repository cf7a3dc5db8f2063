"""`@token("complaints.write")`: a view for programs, opened by a token of that scope alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from holdfast.doors.api.problems import Problem, answered
from holdfast.ground.access.queries import token_actor
from holdfast.ground.limits.actions import take_turn
from holdfast.ground.limits.rules import Limit, place_of
from holdfast.kit.actors import PUBLIC, Actor
from holdfast.kit.refusals import Refusal

View = Callable[[HttpRequest, Actor], HttpResponse]
# A shop that hands over a day's tickets at once, then ten a second.
WRITES = Limit("api.write", 600, timedelta(milliseconds=100))
# Wrong tokens from one place: enough for a mistake, too few to guess.
GUESSES = Limit("api.guess", 20, timedelta(seconds=30))
RETRY_AFTER = "5"


def token(scope: str) -> Callable[[View], Callable[[HttpRequest], HttpResponse]]:
    """Nobody's session counts here, so no page elsewhere can borrow one."""

    def guard(view: View) -> Callable[[HttpRequest], HttpResponse]:
        @csrf_exempt
        @wraps(view)
        def guarded(request: HttpRequest) -> HttpResponse:
            try:
                by = _actor(request, scope)
                return view(request, by)
            except Problem as problem:
                return answered(problem)
            except Refusal as refused:
                return answered(
                    Problem(
                        refused.status if refused.status != 409 else 403,
                        refused.message,
                        refused.hint,
                        code=refused.code,
                    )
                )

        guarded.policy = f"token {scope}"  # type: ignore[attr-defined]
        return guarded

    return guard


def _actor(request: HttpRequest, scope: str) -> Actor:
    now = datetime.now(UTC)
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    by = token_actor(secret.strip()) if kind.lower() == "bearer" else None
    if by is None:
        place = place_of(request.META.get("REMOTE_ADDR", ""))
        if secret and not take_turn(limit=GUESSES, place=place, by=PUBLIC, now=now):
            raise Problem(429, "Too many wrong tokens from this address.", "Wait a minute.")
        raise Problem(
            401,
            "This needs a token.",
            "Send “Authorization: Bearer …” with a token made on the desk’s permissions page.",
        )
    if scope not in by.roles:
        raise Problem(403, f"This token does not hold the scope {scope}.", "Make another token.")
    if not take_turn(limit=WRITES, place=by.key, by=by, now=now):
        raise Problem(
            429, "Too many requests with this token.", f"Send it again in {RETRY_AFTER} seconds."
        )
    return by
