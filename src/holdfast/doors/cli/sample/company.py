"""Who Lumen & Vale is: products, sites, partners, and the people who buy from it. All invented."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

NAME = "Lumen & Vale"
SETTINGS: dict[str, object] = {
    "name": NAME,
    "country": "DE",
    "zone": "Europe/Berlin",
    "currency": "EUR",
    "languages": ["en", "de", "fr", "es", "ar"],
    "contact_email": "recall@lumenvale.example",
    "contact_phone": "0800 555 0142",
    "postal_address": "Lumen & Vale GmbH\nMusterweg 12\n10115 Berlin\nGermany",
    "is_simulated": True,
}
PRODUCTS = (
    # code, title, price, weight in sales
    ("VL-10K", "Power bank VL-10K", "39.00", 34),
    ("VL-20K", "Power bank VL-20K", "59.00", 9),
    ("DL-2", "Desk lamp DL-2", "49.00", 12),
    ("NL-1", "Night light NL-1", "19.00", 16),
    ("UC-3", "USB cable UC-3", "12.00", 20),
    ("TR-5", "Travel torch TR-5", "27.00", 9),
)
CABLE_GTIN = "9521234500018"  # of the numbers that GS1 keeps for examples
NEW_MODEL = "VL-10M"
# site, whether it writes down lots, share of what it ships
SITES = (("Gdansk", True, 55), ("Lyon", False, 45))
SUPPLIERS = (
    ("S-07", "Brightcell Components", "CN"),
    ("S-12", "Nordlicht Gehäuse", "DE"),
)
CONSIGNEES = (
    ("C-01", "Kaufgut Leipzig", "retailer", "DE"),
    ("C-02", "Maison Claire", "retailer", "FR"),
    ("C-03", "Sklep Pod Latarnią", "retailer", "PL"),
    ("C-04", "Lichthuis Utrecht", "retailer", "NL"),
    ("C-05", "Iberia Hogar Distribución", "distributor", "ES"),
)
# country, weight, language, cities with postal codes, first and last names
PEOPLE = (
    ("DE", 27, "de", ("Berlin 10115", "Hamburg 20095", "Köln 50667", "Dresden 01067"),
     ("Anna", "Jonas", "Lena", "Mehmet", "Sabine"), ("Fischer", "Weber", "Krüger", "Yilmaz")),
    ("FR", 19, "fr", ("Lyon 69001", "Lille 59000", "Nantes 44000"),
     ("Camille", "Hugo", "Inès", "Louis"), ("Martin", "Bernard", "Petit", "Moreau")),
    ("PL", 13, "en", ("Gdańsk 80-001", "Kraków 30-001", "Łódź 90-001"),
     ("Zofia", "Jakub", "Hanna", "Piotr"), ("Nowak", "Wójcik", "Zielińska", "Mazur")),
    ("NL", 9, "en", ("Utrecht 3511 AA", "Rotterdam 3011 AB"),
     ("Daan", "Sanne", "Bram", "Noor"), ("de Vries", "Jansen", "Bakker", "Smit")),
    ("ES", 9, "es", ("Madrid 28001", "Valencia 46001", "Sevilla 41001"),
     ("Lucía", "Mateo", "Carmen", "Diego"), ("García", "Romero", "Navarro", "Ortega")),
    ("IT", 8, "en", ("Torino 10121", "Bologna 40121"),
     ("Giulia", "Marco", "Elena", "Paolo"), ("Rossi", "Ferrari", "Greco", "Conti")),
    ("GB", 6, "en", ("Leeds LS1 1UR", "Bristol BS1 4DJ"),
     ("Olivia", "Noah", "Priya", "Callum"), ("Smith", "Patel", "Evans", "Walker")),
    ("AT", 5, "de", ("Wien 1010", "Graz 8010"),
     ("Johanna", "Lukas", "Theresa", "Felix"), ("Gruber", "Huber", "Steiner", "Moser")),
    ("SE", 4, "en", ("Malmö 211 20", "Uppsala 753 20"),
     ("Maja", "Elias", "Alva", "Nils"), ("Lindberg", "Nyström", "Ek", "Holm")),
)  # fmt: skip
ARABIC = (("Layla", "Omar", "Nour", "Yusuf"), ("Haddad", "Khalil", "Mansour", "Saleh"))
LETTER = b"""From: Wei Zhang <quality@brightcell.example>
To: recall@lumenvale.example
Subject: Lot B17 of VL-10K overheats
Date: %s

Dear customer,

our retained samples of the power bank VL-10K, lot B17, overheat. In two of twenty
cells the separator is damaged; one cell caught fire while it was not being charged.
12,000 pieces of lot B17 were made. Please stop the sale of lot B17 now.

Kind regards
Wei Zhang, quality
"""
LAMP_LETTER = b"""From: Karl Ruge <qs@nordlicht.example>
To: recall@lumenvale.example
Subject: Desk lamp DL-2, lot 0442
Date: %s

Hello,

in the desk lamp DL-2 of lot 0442 the cable clamp can come loose. Somebody can get an
electric shock. 400 pieces of lot 0442 were delivered.

Karl Ruge
"""


@dataclass(frozen=True)
class Days:
    """The calendar of the story, counted back from the day the sample is made."""

    now: datetime

    def ago(self, days: float, hour: int = 9) -> datetime:
        there = self.now - timedelta(days=days)
        return min(there.replace(hour=hour, minute=12, second=0, microsecond=0), self.now)

    @property
    def told(self) -> datetime:
        """The live recall is nineteen days old."""
        return self.ago(19, 10)


# lot, product, first shipped and used up (days before the recall was told), pieces
LOTS = (
    ("B14", "VL-10K", 300, 146, 1900),
    ("B15", "VL-10K", 150, 96, 900),
    ("B16", "VL-10K", 100, 62, 1400),
    ("B17", "VL-10K", 66, 6, 1100),
    ("B18", "VL-10K", 12, None, 800),
    ("0441", "DL-2", 300, 190, 500),
    ("0442", "DL-2", 195, 120, 260),
    ("0443", "DL-2", 125, None, 300),
    ("N31", "NL-1", 300, 205, 1200),
    ("N32", "NL-1", 210, 118, 1300),
    ("N33", "NL-1", 122, 58, 900),
    ("N34", "NL-1", 62, None, 1100),
    ("T07", "TR-5", 300, 140, 700),
    ("T08", "TR-5", 145, None, 650),
)


def receipts(days: Days) -> list[dict[str, object]]:
    """What arrived where. The lots overlap for a few days, as they do on a real shelf."""
    rows: list[dict[str, object]] = []
    for lot, product, start, end, pieces in LOTS:
        for site, _records, share in SITES:
            rows.append(
                {
                    "lot": lot,
                    "product": product,
                    "site": site,
                    "received_at": day(days.told - timedelta(days=start + 2)),
                    "depleted_at": "" if end is None else day(days.told - timedelta(days=end)),
                    "quantity": pieces * share // 100,
                    "supplier": "S-07" if product.startswith("VL") else "S-12",
                }
            )
    return rows


def orders(days: Days, chance: Random, count: int) -> list[dict[str, object]]:
    """Order lines of nine months: some buyers come back, some are unknown to the shop."""
    buyers: list[dict[str, object]] = []
    rows: list[dict[str, object]] = []
    for number in range(count):
        age = chance.uniform(1, 270)
        ordered = days.told + timedelta(days=10) - timedelta(days=age)
        if ordered > days.now:
            ordered = days.now - timedelta(hours=3)
        buyer = (
            chance.choice(buyers) if buyers and chance.random() < 0.18 else _buyer(chance, buyers)
        )
        site, writes_lots, _share = chance.choices(SITES, [s[2] for s in SITES])[0]
        channel = "marketplace" if chance.random() < 0.13 else "shop"
        unknown = channel == "marketplace" and chance.random() < 0.35
        chosen = chance.choices(PRODUCTS, [p[3] for p in PRODUCTS], k=1 + (chance.random() < 0.2))
        for code, title, price, _weight in {p[0]: p for p in chosen}.values():
            shipped = ordered + timedelta(hours=chance.randint(5, 60))
            rows.append(
                {
                    **({"customer": "", "country": buyer["country"]} if unknown else buyer),
                    "order": f"LV-{41000 + number}",
                    "product": code,
                    "title": title,
                    "quantity": chance.choices((1, 2, 3), (90, 8, 2))[0],
                    "ordered_at": day(ordered),
                    "shipped_at": day(min(shipped, days.now)),
                    "price": price,
                    "currency": "EUR",
                    "channel": channel,
                    "site": site,
                    "lot": _lot(code, shipped, days) if writes_lots else "",
                }
            )
    return rows


def _buyer(chance: Random, buyers: list[dict[str, object]]) -> dict[str, object]:
    country, _weight, language, cities, first, last = chance.choices(
        PEOPLE, [p[1] for p in PEOPLE]
    )[0]
    if country in ("DE", "FR", "SE") and chance.random() < 0.07:
        (first, last), language = ARABIC, "ar"
    name = f"{chance.choice(first)} {chance.choice(last)}"
    city, _space, postcode = chance.choice(cities).partition(" ")
    number = len(buyers) + 1
    local = "".join(c for c in name.lower() if c.isascii() and c.isalpha())
    buyer: dict[str, object] = {
        "customer": f"K{number:05d}",
        "name": name,
        "email": f"{local}{number}@example.org" if chance.random() > 0.045 else "",
        "street": f"Musterweg {chance.randint(1, 180)}" if chance.random() > 0.02 else "",
        "postcode": postcode,
        "city": city,
        "country": country,
        "language": language,
    }
    buyers.append(buyer)
    return buyer


def _lot(code: str, shipped: datetime, days: Days) -> str:
    age = (days.told - shipped).total_seconds() / 86_400
    for lot, product, start, end, _pieces in LOTS:
        if product == code and age <= start and (end is None or age > end):
            return lot
    return ""


def day(at: datetime) -> str:
    """A moment as files write it."""
    return at.strftime("%Y-%m-%d %H:%M")
