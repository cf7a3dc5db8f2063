"""Every permission on one page: its words and the roles that hold it."""

from __future__ import annotations

from holdfast.kit.actors import Actor
from holdfast.kit.refusals import NotPermitted

ROLES: dict[str, str] = {
    "lead": "Recall lead",
    "approver": "Approver",
    "agent": "Support agent",
    "viewer": "Viewer",
}
EVERYONE = ("lead", "approver", "agent", "viewer")

PERMISSIONS: dict[str, tuple[str, tuple[str, ...]]] = {
    "recall.view": ("See recalls, scope, notices and results", EVERYONE),
    "complaint.view": ("See what people told us, without who they are", EVERYONE),
    "complaint.take": ("Take in what people tell us", ("lead", "approver", "agent")),
    "complaint.work": (
        "Link complaints, settle duplicates, see and forget who told us",
        ("lead", "approver", "agent"),
    ),
    "inspection.record": (
        "Record inspections and test results",
        ("lead", "approver", "agent"),
    ),
    "inspection.agree": (
        "Agree to reduced inspection; resume after it was discontinued",
        ("lead", "approver"),
    ),
    "alarm.judge": ("Judge alarms and investigate", ("lead", "approver", "agent")),
    "alarm.conclude": ("Say what an investigation found", ("lead", "approver")),
    "recall.open": ("Open a recall", ("lead", "approver", "agent")),
    "recall.move": ("Move a recall through its phases, close and reopen it", ("lead",)),
    "scope.propose": ("Propose a scope", ("lead", "approver")),
    "scope.confirm": ("Confirm or refuse a scope", ("lead", "approver")),
    "decision.propose": ("Assess the risk and propose a decision", ("lead", "approver")),
    "decision.sign": ("Sign a decision or dissent from it", ("lead", "approver")),
    "clock.record": ("Record facts that start legal clocks", ("lead", "approver")),
    "duty.work": ("Settle legal duties and give them owners", ("lead", "approver")),
    "law.confirm": ("Record that counsel confirmed what the law says", ("lead", "approver")),
    "filing.work": ("State facts and prepare filings", ("lead", "approver", "agent")),
    "filing.release": ("Release a filing; explain a contradiction", ("lead", "approver")),
    "filing.file": ("Export filings and record receipts", ("lead", "approver")),
    "hold.work": ("Work on stop-sale items and attach proof", ("lead", "approver", "agent")),
    "notice.edit": ("Write notices", ("lead", "approver")),
    "notice.approve": ("Approve a notice text", ("lead", "approver")),
    "outreach.send": ("Launch, pause and withdraw waves; waive a gate", ("lead",)),
    "outreach.view": ("See who was told, with addresses", ("lead", "approver", "agent")),
    "remedy.set": ("Set which remedies are offered", ("lead", "approver")),
    "claim.work": ("Work on claims and record units", ("lead", "approver", "agent")),
    "payout.export": ("Export refunds for payment", ("lead",)),
    "watch.decide": (
        "Decide on matches with authorities’ recalls",
        ("lead", "approver", "agent"),
    ),
    "feed.switch": ("Switch feeds of authorities on and off", ("lead",)),
    "mention.work": (
        "See and answer what people say in public",
        ("lead", "approver", "agent"),
    ),
    "import.run": ("Bring data in", ("lead", "approver", "agent")),
    "evidence.add": ("Attach evidence", ("lead", "approver", "agent")),
    "evidence.export": ("Export and verify the evidence package", ("lead", "approver", "viewer")),
    "drill.run": ("Start a drill", ("lead", "approver", "agent")),
    "people.manage": ("Add people and give them roles", ("lead",)),
    "token.issue": ("Make and revoke tokens for other programs", ("lead",)),
    "settings.change": ("Change the organisation's settings", ("lead",)),
}


# What a token of another program may open; each names the one thing it can do.
SCOPES: dict[str, str] = {
    "complaints.write": "Hand in what people told",
}

PEOPLE_ONLY = {"people.manage", "decision.sign", "notice.approve", "filing.release"}


def may(by: Actor, permission: str) -> bool:
    """Whether the actor holds the permission; a system actor holds all but people's."""
    _words, roles = PERMISSIONS[permission]
    if "system" in by.roles:
        return permission not in PEOPLE_ONLY
    return not by.roles.isdisjoint(roles)


def require(by: Actor, permission: str) -> None:
    """Raise `NotPermitted`, naming the roles that may."""
    if may(by, permission):
        return
    words, roles = PERMISSIONS[permission]
    who = ", ".join(ROLES[role] for role in roles)
    raise NotPermitted(
        "not_permitted",
        f"{by.name} may not do this: {words.lower()}.",
        hint=f"It takes one of these roles: {who}.",
        extra={"permission": permission},
    )
