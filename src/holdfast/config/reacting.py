"""Does what follows from the journal; loads nothing of the house but what a waiting fact asks for.

Every command of the command line ends here, so this module is cheap to import.
"""

from __future__ import annotations

import logging
from datetime import datetime

from django.utils.module_loading import import_string

from holdfast.ground.journal.models import Entry, Reaction
from holdfast.ground.journal.reacting import claim_reaction, settle_reaction
from holdfast.kit.actors import SYSTEM

log = logging.getLogger("holdfast.worker")


def run_reactions(*, now: datetime, most: int = 1000) -> int:
    """Do what follows from the journal; a failure is kept on its row and shown on the desk."""
    done = 0
    while done < most:
        reaction = claim_reaction(now=now)
        if reaction is None:
            break
        _react(reaction, now)
        done += 1
    return done


def _react(reaction: Reaction, now: datetime) -> None:
    entry = Entry.objects.get(pk=reaction.entry_index)
    try:
        import_string(reaction.action)(entry=entry, by=SYSTEM, now=now)
    except Exception as error:  # kept on the row, retried, shown; never swallowed
        log.exception("reaction %s to entry %s", reaction.action, reaction.entry_index)
        settle_reaction(reaction, error=repr(error)[:2000], now=now)
    else:
        settle_reaction(reaction, error="", now=now)
