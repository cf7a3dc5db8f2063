"""What a scope asks and changes and why a line is in it, kept in English, said to the reader."""

from __future__ import annotations

import re

from django.utils.translation import gettext_noop

REASONS = (
    gettext_noop("The order names lot %(lot)s, which is affected."),
    gettext_noop("The order names lot %(lot)s, which is not affected."),
    gettext_noop("No affected lot is of product %(code)s."),
    gettext_noop(
        "%(left)s; no receipt says which lots were in stock then, so it cannot be ruled out."
    ),
    gettext_noop("%(left)s; only %(lots)s was in stock then, and it is affected."),
    gettext_noop("%(left)s; only %(lots)s was in the container then, and it is affected."),
    gettext_noop("%(left)s; only %(lots)s were in stock then, and all of them are affected."),
    gettext_noop(
        "%(left)s; only %(lots)s were in the container then, and all of them are affected."
    ),
    gettext_noop("%(left)s; %(lots)s was in stock then, and it is not affected."),
    gettext_noop("%(left)s; %(lots)s was in the container then, and it is not affected."),
    gettext_noop("%(left)s; %(lots)s were in stock then, and none of them is affected."),
    gettext_noop("%(left)s; %(lots)s were in the container then, and none of them is affected."),
    gettext_noop("%(left)s; %(lots)s was in stock then; %(why)s."),
    gettext_noop("%(left)s; %(lots)s was in the container then; %(why)s."),
    gettext_noop("%(left)s; %(lots)s were in stock then; %(why)s."),
    gettext_noop("%(left)s; %(lots)s were in the container then; %(why)s."),
    gettext_noop("Shipped on an unknown day from %(site)s"),
    gettext_noop("Shipped on an unknown day, site not recorded"),
    gettext_noop("Shipped %(day)s, site not recorded"),
    gettext_noop("Shipped %(day)s from %(site)s"),
    gettext_noop("lots %(words)s and %(n)s more"),
    gettext_noop("lots %(words)s and %(more)s"),
    gettext_noop("lot %(words)s"),
    gettext_noop("%(a)s of %(b)s lots are affected (%(words)s)"),
    gettext_noop("the order in which goods left makes it %(part)s likely to be %(words)s"),
    gettext_noop("%(part)s of the units were %(words)s"),
    gettext_noop("less than 1 %"),
    gettext_noop("more than 99 %"),
    gettext_noop("Product %(code)s: every such unit is affected."),
    gettext_noop("Product %(code)s to %(more)s: every such unit is affected."),
    gettext_noop("Product %(code)s, shipped %(day)s: every such unit is affected."),
    gettext_noop("Product %(code)s, shipped %(day)s to %(more)s: every such unit is affected."),
    gettext_noop("Lot %(lot)s is taken for lot %(words)s."),
    gettext_noop("Lot %(lot)s was made from lot %(words)s."),
)
# What a scope asks, and what a version changes.
CHANGES = (
    gettext_noop("Product is one of %(words)s or %(more)s"),
    gettext_noop("Product is %(words)s"),
    gettext_noop("Variant is one of %(words)s or %(more)s"),
    gettext_noop("Variant is %(words)s"),
    gettext_noop("Lot is one of %(words)s or %(more)s"),
    gettext_noop("Lot is %(words)s"),
    gettext_noop("Supplier is one of %(words)s or %(more)s"),
    gettext_noop("Supplier is %(words)s"),
    gettext_noop("Receipt is one of %(words)s or %(more)s"),
    gettext_noop("Receipt is %(words)s"),
    gettext_noop("Site is one of %(words)s or %(more)s"),
    gettext_noop("Site is %(words)s"),
    gettext_noop("Market is one of %(words)s or %(more)s"),
    gettext_noop("Market is %(words)s"),
    gettext_noop("Serial number is one of %(words)s or %(more)s"),
    gettext_noop("Serial number is %(words)s"),
    gettext_noop("Shipped from %(day)s to %(until)s, both days included"),
    gettext_noop("Shipped on %(day)s or later"),
    gettext_noop("Shipped on %(day)s or earlier"),
    gettext_noop("First version: %(a)s people, %(b)s units."),
    gettext_noop("No longer asked: %(rule)s."),
    gettext_noop("Newly asked: %(rule)s."),
    gettext_noop("%(words)s units; %(a)s people join, %(b)s leave."),
    gettext_noop("%(a)s lines with %(b)s units: %(was)s → %(what)s."),
    gettext_noop("Nothing changes."),
    gettext_noop("confirmed"),
    gettext_noop("probable"),
    gettext_noop("cannot be ruled out"),
    gettext_noop("excluded"),
)
# What a sentence of the trace is followed by: how the lot is spelled, what it was made from.
PARTS = re.compile(r"(?<=\.) (?=Lot .+ (?:is taken for|was made from) lot )")


def parts(reason: str) -> list[str]:
    """The sentences of a reason."""
    return PARTS.split(reason)
