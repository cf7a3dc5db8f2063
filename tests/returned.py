"""Reports as mail servers of several makes write them, in our own words and for made-up people."""

from __future__ import annotations

ID = "<0123456789abcdef0123456789abcdef@lumenvale.example>"
TO = "jo.doe@example.org"


def report(
    groups: list[str],
    *,
    original: str = f"Message-ID: {ID}\nSubject: Recall\nTo: {TO}\n",
    original_kind: str = "text/rfc822-headers",
    status_kind: str = "message/delivery-status",
    kind: str = 'multipart/report; report-type=delivery-status; boundary="B=_1"',
    per_mail: str = "Reporting-MTA: dns; mx.example.org\nX-Queue-ID: 4Fk2",
    more: str = "",
) -> bytes:
    """One report of these recipient groups."""
    told = "\n\n".join([per_mail, *groups])
    return (
        f"Return-Path: <>\nFrom: MAILER-DAEMON@mx.example.org\nTo: recall@lumenvale.example\n"
        f"Message-ID: <report-1@mx.example.org>\nSubject: Undelivered Mail Returned to Sender\n"
        f"Auto-Submitted: auto-replied\nMIME-Version: 1.0\nContent-Type: {kind}\n\n"
        f"This is a MIME-encapsulated message.\n\n--B=_1\nContent-Description: Notification\n"
        f"Content-Type: text/plain; charset=us-ascii\n\nI could not deliver it.\n\n"
        f"--B=_1\nContent-Type: {status_kind}\n\n{told}\n\n"
        f"--B=_1\nContent-Type: {original_kind}\n{more}\n{original}\n--B=_1--\n"
    ).encode()


UNKNOWN_USER = (
    f"Final-Recipient: rfc822; {TO}\nOriginal-Recipient: rfc822;{TO}\nAction: failed\n"
    "Status: 5.1.1\nRemote-MTA: dns; mx.example.org\n"
    f"Diagnostic-Code: smtp; 550 5.1.1 <{TO}>: Recipient address\n rejected: User unknown"
)
LATE = (
    f"Final-Recipient: rfc822; {TO}\nAction: delayed\nStatus: 4.4.1\n"
    "Diagnostic-Code: smtp; 421 4.4.1 connection timed out\n"
    "Will-Retry-Until: Sat, 9 May 2026 10:20:00 +0000"
)
GIVEN_UP = f"Final-Recipient: rfc822; {TO}\nAction: failed\nStatus: 4.4.7 (delivery time expired)"
ARRIVED = f"Final-Recipient: rfc822; {TO}\nAction: delivered\nStatus: 2.0.0"
