"""A file named on the command line, kept as evidence of a recall or an investigation."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from holdfast.decision.investigations.models import Investigation
from holdfast.decision.recalls.models import Recall
from holdfast.ground.evidence.actions import attach_file
from holdfast.kit.actors import Actor
from holdfast.kit.refusals import Unreadable


def attached(
    recall: Recall | Investigation, name: str, about: str, *, by: Actor, now: datetime
) -> str:
    """The SHA-256 of a file that is kept as evidence now."""
    try:
        with Path(name).open("rb") as file:
            kept = attach_file(
                subject=recall.ref,
                about=about,
                name=Path(name).name,
                content=iter(lambda: file.read(1 << 20), b""),
                by=by,
                now=now,
            )
    except OSError as error:
        raise Unreadable(
            "file_unreadable", f"{name} cannot be read: {error.strerror}.", file=name
        ) from error
    return kept.sha256
