"""Who may set remedies, answer for a product, settle a claim, export money."""

from __future__ import annotations

from holdfast.ground.access.permissions import require
from holdfast.kit.actors import Actor
from holdfast.kit.refusals import NotPermitted


def require_remedy_setting(by: Actor) -> None:
    require(by, "remedy.set")


def require_answering(by: Actor) -> None:
    """A consumer may answer for their own; staff may do it for them on the phone."""
    if "public" in by.roles:
        return
    require(by, "claim.work")


def require_claim_work(by: Actor) -> None:
    require(by, "claim.work")


def require_link_renewing(by: Actor) -> None:
    """Who helps a person may take a link from whoever else has it."""
    require(by, "claim.work")


def require_payout_export(by: Actor) -> None:
    require(by, "payout.export")


def require_link_making(by: Actor) -> None:
    """Links are part of telling people."""
    if "system" in by.roles:
        return
    require(by, "outreach.send")


def refuse_public(by: Actor) -> None:
    """Consumers never act for the shop."""
    if "public" in by.roles:
        raise NotPermitted("not_permitted", "Consumers cannot do this.")
