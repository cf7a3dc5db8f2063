"""What rules and gates found, kept in English with the words they found, said to the reader."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from holdfast.doors.desk.hazardwords import hazard_title

SENTENCES = (
    (
        r"The report says that somebody was hurt\.",
        gettext_noop("The report says that somebody was hurt."),
    ),
    (r"It was told as an injury\.", gettext_noop("It was told as an injury.")),
    (
        r"Somebody may have been hurt: “(?P<words>.*)”\.",
        gettext_noop("Somebody may have been hurt: “%(words)s”."),
    ),
    (
        r"It speaks of (?P<hazard>\w+): “(?P<words>.*)”\.",
        gettext_noop("It speaks of %(hazard)s: “%(words)s”."),
    ),
    (r"no scope is confirmed", gettext_noop("no scope is confirmed")),
    (
        r"(?P<a>\d+) of (?P<b>\d+) can be reached by e-mail",
        gettext_noop("%(a)s of %(b)s can be reached by e-mail"),
    ),
    (r"no text is approved for e-mail", gettext_noop("no text is approved for e-mail")),
    (
        r"(?P<n>\d+) people wait for the text of their law: (?P<which>.*)",
        gettext_noop("%(n)s people wait for the text of their law: %(which)s"),
    ),
    (
        r"(?P<n>\d+) people lack a language they read: (?P<which>.*)",
        gettext_noop("%(n)s people lack a language they read: %(which)s"),
    ),
    (r"(?P<n>\d+) taken out", gettext_noop("%(n)s taken out")),
    (
        r"this text was not sent as a test yet",
        gettext_noop("this text was not sent as a test yet"),
    ),
    (
        r"(?P<url>\S+) shows the approved text",
        gettext_noop("%(url)s shows the approved text"),
    ),
    (
        r"(?P<url>\S+) shows another text than the approved one; an old copy may be kept somewhere",
        gettext_noop(
            "%(url)s shows another text than the approved one; an old copy may be kept somewhere"
        ),
    ),
    (
        r"(?P<a>\d+) of (?P<b>\d+) are wrong: (?P<why>.*)",
        gettext_noop("%(a)s of %(b)s are wrong: %(why)s"),
    ),
    (r"(?P<a>\d+) of (?P<b>\d+) answer", gettext_noop("%(a)s of %(b)s answer")),
    (
        r"(?P<url>\S+) does not answer \((?P<why>\w+)\)",
        gettext_noop("%(url)s does not answer (%(why)s)"),
    ),
    (
        r"set HOLDFAST_SMTP_URL, or use the files",
        gettext_noop("set HOLDFAST_SMTP_URL, or use the files"),
    ),
)


def in_words(told: str) -> str:
    """The finding in the reader's language; one that no sentence is kept for stays as it is."""
    for pattern, sentence in SENTENCES:
        found = re.fullmatch(pattern, told, re.DOTALL)
        if found:
            given = dict(found.groupdict())
            if "hazard" in given:
                given["hazard"] = hazard_title(given["hazard"]) or given["hazard"]
            if "why" in given:
                given["why"] = in_words(given["why"])
            return _(sentence) % given if given else _(sentence)
    return told
