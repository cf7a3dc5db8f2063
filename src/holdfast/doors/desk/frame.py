"""The frame of the desk: five words, the strip of one recall, its tabs, the foot."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from holdfast.decision.recalls.models import Recall
from holdfast.doors.desk.strip import strip_for
from holdfast.ground.access.models import Organisation
from holdfast.ground.access.permissions import may
from holdfast.ground.access.queries import organisation
from holdfast.ground.look.frame import Frame, Link
from holdfast.insight.measures.figures import figures_of
from holdfast.kit.actors import NOBODY, Actor

TABS = (
    ("room", "recall_room", "recall.view"),
    ("scope", "recall_scope", "recall.view"),
    ("decision", "recall_decision", "recall.view"),
    ("stop", "recall_stop", "recall.view"),
    ("notice", "recall_notice", "recall.view"),
    ("launch", "recall_launch", "recall.view"),
    ("outreach", "recall_outreach", "recall.view"),
    ("units", "recall_units", "recall.view"),
    ("results", "recall_results", "recall.view"),
    ("deadlines", "recall_deadlines", "recall.view"),
    ("filings", "recall_filings", "recall.view"),
    ("evidence", "recall_evidence", "recall.view"),
)


# Languages the screens are translated to; notices speak more.
SPOKEN = ("en", "de", "ar")


def frame_for(
    request: HttpRequest,
    *,
    org: Organisation,
    recall: Recall | None = None,
    nav: str = "",
    tab: str = "",
    now: datetime,
) -> Frame:
    """Everything around the content, for this person and this recall."""
    by: Actor = getattr(request, "actor", NOBODY)
    shown = figures_of(recall, now=now) if recall else None
    figures = shown.figures if shown else {}
    return Frame(
        nav=_nav(by, nav) if by.is_somebody else (),
        strip=strip_for(recall, figures, now=now) if recall else None,
        tabs=_tabs(recall, tab, figures.get("asks", {})) if recall else (),
        as_of=None if shown is None or shown.is_live else shown.as_of,
        foot=_foot(org, by, now),
        theme=request.COOKIES.get("holdfast_theme", ""),
        drill=settings.DRILL,
        search_url=reverse("search") if by.is_somebody else "",
        theme_url=reverse("theme"),
        language_url=reverse("language"),
        languages=tuple((code, name) for code, name in settings.LANGUAGES if code in SPOKEN),
        account=_account(by, nav) if by.is_somebody else (),
        sign_out_url=reverse("account_logout") if request.user.is_authenticated else "",
    )


def frame_context(request: HttpRequest) -> dict[str, object]:
    """For pages that are not ours to call `page` from: sign-in and second factor."""

    def build() -> Frame:
        return frame_for(request, org=organisation(), now=timezone.now())

    return {"frame": SimpleLazyObject(build)}


def _nav(by: Actor, current: str) -> tuple[Link, ...]:
    """What this person may open; alarms stand by themselves for who has no inbox."""
    words = (
        ("recalls", "recalls", _("Recalls"), "recall.view"),
        ("inbox", "inbox", _("Inbox"), "claim.work"),
        ("complaints", "complaints", _("Complaints"), "complaint.view"),
        ("outreach", "outreach", pgettext("navigation", "Outreach"), "recall.view"),
        ("evidence", "evidence", pgettext("navigation", "Evidence"), "recall.view"),
        ("drills", "drills", pgettext("navigation", "Drills"), "recall.view"),
    )
    alarms = ("inbox", "alarms", _("Alarms"), "recall.view")
    shown = [one if may(by, one[3]) or one[0] != "inbox" else alarms for one in words]
    return tuple(
        Link(label, reverse(name), key == current)
        for key, name, label, permission in shown
        if may(by, permission)
    )


def _tabs(recall: Recall, current: str, asks: Mapping[str, Any]) -> tuple[Link, ...]:
    words = {
        "room": _("Room"),
        "scope": _("Scope"),
        "decision": _("Decision"),
        "stop": _("Stop sale"),
        "notice": _("Notice"),
        "launch": _("Launch check"),
        "outreach": pgettext("navigation", "Outreach"),
        "units": _("Units"),
        "results": _("Results"),
        "deadlines": _("Deadlines"),
        "filings": _("Reports"),
        "evidence": pgettext("navigation", "Evidence"),
    }
    return tuple(
        Link(words[key], reverse(name, args=[recall.ref]), key == current, str(asks.get(key) or ""))
        for key, name, _permission in TABS
    )


def _account(by: Actor, current: str) -> tuple[Link, ...]:
    links = [("data", "data", _("Bring data in"), "import.run")]
    links.append(("voice", "voice", _("What people say"), "mention.work"))
    links.append(("patterns", "patterns", _("Patterns"), "recall.view"))
    links += [
        ("watch", "watch", _("Authorities’ recalls"), "recall.view"),
        ("photographs", "watch_photographs", _("Photographs"), "recall.view"),
        ("scan", "scan", _("Check a code"), "recall.view"),
        ("trace", "trace", _("Trace"), "outreach.view"),
        ("inspections", "inspections", _("Inspections"), "recall.view"),
        ("people", "people", _("People and roles"), "people.manage"),
        ("settings", "settings", _("Settings"), "settings.change"),
        ("law", "law", _("The law"), "recall.view"),
        ("permissions", "permissions", _("Permissions"), "recall.view"),
    ]
    return tuple(
        Link(label, reverse(name), key == current)
        for key, name, label, permission in links
        if may(by, permission)
    )


def _foot(org: Organisation, by: Actor, now: datetime) -> str:
    local = timezone.localtime(now)
    moment = formats.date_format(local, "D j M Y, H:i")
    place = (org.zone or "UTC").rsplit("/", 1)[-1].replace("_", " ")
    parts = [org.name, by.name if by.is_somebody else "", f"{moment} {place}"]
    if org.is_simulated:
        parts.append(org.simulated_note or _("sample data"))
    return " · ".join(part for part in parts if part)


def language() -> str:
    """The language of this page."""
    return get_language() or "en"
