"""Theme and language of the screens: a cookie each, set by a form that works without JavaScript."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from holdfast.doors.desk.policy import OPEN, policy

YEAR = 365 * 24 * 3600


def _back(request: HttpRequest) -> HttpResponse:
    wanted = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        wanted = "/"
    return redirect(wanted)


def _keep(request: HttpRequest, answer: HttpResponse, name: str, value: str) -> HttpResponse:
    answer.set_cookie(
        name, value, max_age=YEAR, samesite="Lax", httponly=True, secure=request.is_secure()
    )
    return answer


@policy(OPEN)
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """System, light or dark."""
    value = request.POST.get("t", "")
    return _keep(
        request, _back(request), "holdfast_theme", value if value in {"light", "dark"} else ""
    )


@policy(OPEN)
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """The language of the screens; notices have their own."""
    value = request.POST.get("language", "")
    answer = _back(request)
    if value in dict(settings.LANGUAGES):
        _keep(request, answer, settings.LANGUAGE_COOKIE_NAME, value)
    return answer
