"""The front page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from holdfast.doors.desk.policy import OPEN, policy


@policy(OPEN)
def front(request: HttpRequest) -> HttpResponse:
    """Holdfast answers."""
    return HttpResponse("Holdfast")
