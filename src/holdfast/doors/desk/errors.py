"""Pages for what went wrong: not found, refused, broken."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import defaults

from holdfast.doors.desk.refusing import in_readers_words
from holdfast.kit.refusals import Refusal

NUL = "NUL (0x00)"  # as PostgreSQL's driver names it; SQLite keeps it
BARE = "<!doctype html><title>Holdfast</title><h1>Something broke on our side.</h1>"


class Refusals:
    """A refusal that no view caught becomes a page that says what, why and what to do."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Only for refusals, and for text no database keeps; anything else is a fault of ours."""
        if isinstance(exception, (DataError, ValueError)) and NUL in str(exception):
            return _said(
                request,
                _("A sign in this text cannot be kept."),
                _("Go back and type the text anew instead of pasting it."),
                400,
            )
        if not isinstance(exception, Refusal):
            return None
        title, hint = in_readers_words(exception, request.actor)  # type: ignore[attr-defined]
        return _said(request, title, hint, exception.status)


def _said(
    request: HttpRequest, title: str, hint: str, status: int, to: tuple[str, str] | None = None
) -> HttpResponse:
    return render(
        request, "look/note.html", {"title": title, "hint": hint, "to": to}, status=status
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404, the same for what does not exist and what a stranger may not see."""
    return _said(
        request,
        _("There is nothing here."),
        _("The address may be mistyped, or you may need to sign in."),
        404,
    )


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, or 413 for a form with more in it than is read at once; a wrong host is told no more."""
    if not isinstance(exception, (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)):
        return defaults.bad_request(request, exception)
    return _said(
        request,
        _("This is more than a form takes."),
        _(
            "Nothing was kept. Go back, where it still stands, and shorten it; "
            "or bring it in as a file."
        ),
        413,
        to=(reverse("data"), _("Bring in a file")),
    )


def broken(request: HttpRequest) -> HttpResponse:
    """500: a fault of ours; drawn without the database, which may be what broke."""
    try:
        return HttpResponse(render_to_string("look/broken.html"), status=500)
    except Exception:  # what is broken may be this too
        return HttpResponse(BARE, status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form was not ours, or too old."""
    return _said(
        request,
        _("This form is too old."),
        _("Go back, reload the page and send it again. What you typed is still there."),
        403,
    )
