"""How far the telling of a large recall is: what its notice, print room and outreach pages show.

Counting a million messages or owners takes seconds, so a page never does; the worker does once a
minute while something happens.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from holdfast.decision.recalls.models import Recall
from holdfast.ground.outbox.queries import counts
from holdfast.response.notices.queries import Reader, reader_counts, ways_to_reach
from holdfast.response.outreach.queries import Unreached, unreachable, wave_results

SENDING = ("ramping", "sending")


def telling_of(recall: Recall) -> dict[str, Any]:
    """Waves, totals, who was missed, who reads what, whom which way reaches; plain JSON."""
    return {
        "waves": {
            f"{one.wave.number}.{one.wave.channel}": [one.counts, one.answered]
            for one in wave_results(recall)
        },
        "total": counts(recall.ref),
        "missed": [
            [one.reason, one.people, one.orders, str(one.units)] for one in unreachable(recall)
        ],
        "ways": ways_to_reach(recall),
        "readers": [
            [law, list(reads), n] for (law, reads), n in sorted(reader_counts(recall).items())
        ],
    }


def readers_from(telling: Mapping[str, Any]) -> Counter[Reader]:
    """People by the law they follow and the languages they read, in their order of preference."""
    return Counter({(law, tuple(reads)): people for law, reads, people in telling["readers"]})


def missed_from(telling: Mapping[str, Any]) -> list[Unreached]:
    """Why people were not reached, in people, orders and units."""
    return [Unreached(why, people, n, Decimal(u)) for why, people, n, u in telling["missed"]]
