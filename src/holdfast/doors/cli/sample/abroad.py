"""What authorities recalled, as far as the sample knows: two invented authorities, one table each.

One recall names a product of ours by its number, and both authorities have it; one is like another
product in words; one is about nothing that is sold here.
"""

from __future__ import annotations

import csv
from pathlib import Path

from holdfast.decision.announcements.actions import import_announcements, match_announcements
from holdfast.doors.cli.sample.company import CABLE_GTIN, Days
from holdfast.kit.actors import Actor

HEAD = ("number", "date", "title", "brand", "model", "gtin", "hazard", "manufacturer", "lot", "url")
NORTH = "Safety Office of Northland (invented)"
SOUTH = "Market Watch Southland (invented)"
# authority: days ago, number, title, brand, model, gtin, hazard, manufacturer, lot
TOLD = {
    NORTH: (
        (9, "NS-2026-0143", "USB charging cable, 1 m", "Connecta", "UC-3", CABLE_GTIN,
         "The insulation is too thin. The cable can overheat and catch fire.",
         "Brightcell Components", "U11, U12"),
        (16, "NS-2026-0131", "Night light with dusk sensor, plugs into the socket", "Glimmer",
         "GL 40", "", "The housing can be opened without tools; a child may touch live parts.",
         "Glimmer Lighting Ltd", ""),
        (23, "NS-2026-0118", "Garden hose reel, 25 m", "Verdant", "HR-25", "",
         "The spring can come loose and hit the user.", "Verdant Tools", "2025-44 to 2025-49"),
    ),
    SOUTH: (
        (6, "SW 77/26", "Recall of USB cables “Connecta UC-3”", "Connecta", "UC-3", CABLE_GTIN,
         "Risk of fire: the insulation melts.", "Brightcell Components", "U11, U12"),
    ),
}  # fmt: skip


def hear_of_others(*, by: Actor, days: Days, folder: Path) -> None:
    """Bring both tables in and set them against the products, as the worker would."""
    for place, (authority, rows) in enumerate(TOLD.items()):
        path = folder / f"recalls-{place + 1}.csv"
        with path.open("w", newline="", encoding="utf-8") as handle:
            table = csv.writer(handle)
            table.writerow(HEAD)
            for ago, number, *said in rows:
                name = number.replace("/", "-").replace(" ", "-").lower()
                link = f"https://authority.example/{name}"
                table.writerow([number, f"{days.ago(ago):%Y-%m-%d}", *said, link])
        import_announcements(
            path=path, source="csv", authority=authority, by=by, now=days.ago(5 - place)
        )
    match_announcements(by=by, now=days.ago(4, 9))
