"""Pages for what went wrong: not found, refused, broken."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404, the same for what does not exist and what a stranger may not see."""
    return HttpResponse("Not found", status=404, content_type="text/plain")


def broken(request: HttpRequest) -> HttpResponse:
    """500: a fault of ours."""
    return HttpResponse("Something broke on our side.", status=500, content_type="text/plain")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form was not ours, or too old."""
    return HttpResponse("This form is too old. Go back and try again.", status=403)
