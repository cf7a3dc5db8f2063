"""Consumer pages are open to all; each says so, and carries the headers that keep links private."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from holdfast.doors.portal.uploads import take_no_files

View = Callable[..., HttpResponse]


def open_to_all(view: View) -> View:
    """A page for everybody: no account, no session, no cookie.

    No cookie means no ambient authority, so there is nothing a forged form could borrow.
    """

    @csrf_exempt
    @wraps(view)
    def page(request: HttpRequest, *args: object, **named: object) -> HttpResponse:
        take_no_files(request)
        response = view(request, *args, **named)
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Content-Security-Policy"] = CSP
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    page.policy = "open to all"  # type: ignore[attr-defined]
    return page


CSP = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
