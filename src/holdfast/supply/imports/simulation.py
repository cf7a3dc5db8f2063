"""Invented lots and addresses on top of real orders: the same seed gives the same history."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from hashlib import blake2b

LEAD_DAYS = 4  # goods are received some days before the first of them is sold
SUPPLIERS = 6
DOMAIN = "customers.example"  # reserved by RFC 2606: nothing sent there can reach anybody

FIRST = {
    "en": "Alice Amir Beth Callum Dara Ed Fiona Grace Harry Imogen Jack Keira Liam Maya Noah Orla",
    "de": "Anna Ben Clara David Emma Felix Greta Hannes Ida Jonas Lena Max Nora Paul Rosa Tim",
    "fr": "Adèle Bruno Chloé Denis Élise Fabien Gaëlle Hugo Inès Jules Léa Marc Nina Rémi Zoé Yann",
    "es": (
        "Alba Bruno Carla Diego Elena Fermín Gloria Hugo Inés Javier Lucía Mario Nuria Óscar Pilar"
    ),
    "ar": (
        "Amal Basim Dalia Faris Hala Iman Jamal Karim Layla Mona Nadir Omar Rania Samir Yara Zaid"
    ),
}
LAST = {
    "en": "Archer Bell Carter Doyle Ellis Finch Grant Hughes Irwin Jarvis Knight Lowe Mercer Nash",
    "de": "Albers Braun Conrad Decker Ebert Frank Götz Hahn Jansen Keller Lorenz Maurer Neumann",
    "fr": (
        "Arnaud Blanc Caron Dubois Étienne Faure Girard Henry Jacquet Lambert Martin Noël Olivier"
    ),
    "es": "Alonso Blanco Castro Domínguez Esteban Fuentes Gil Herrera Iglesias Lozano Molina Núñez",
    "ar": "Amin Barakat Dabbagh Farouk Haddad Issa Jaber Khalil Mansour Nasser Qasim Rahman Saleh",
}
STREETS = {
    "en": "{n} Mill Lane|{n} Station Road|{n} Church Street|{n} Park Avenue|{n} Victoria Road",
    "de": "Mühlweg {n}|Bahnhofstraße {n}|Kirchgasse {n}|Parkallee {n}|Lindenstraße {n}",
    "fr": "{n} rue du Moulin|{n} avenue de la Gare|{n} rue de l’Église|{n} allée du Parc",
    "es": "Calle del Molino {n}|Avenida de la Estación {n}|Calle Mayor {n}|Paseo del Parque {n}",
    "ar": "{n} Garden Street|{n} Harbour Road|{n} Palm Avenue|{n} Market Street",
}
CITIES = {
    "GB": "Leeds|Bristol|Norwich|Cardiff|Glasgow|Belfast",
    "IE": "Dublin|Cork|Galway|Limerick",
    "DE": "Leipzig|Hamburg|Köln|Freiburg|Kassel",
    "FR": "Lyon|Nantes|Lille|Dijon|Rennes",
    "ES": "Valencia|Sevilla|Bilbao|Zaragoza",
    "NL": "Utrecht|Groningen|Arnhem",
    "BE": "Gent|Liège|Namur",
    "CH": "Bern|Basel|Luzern",
    "AT": "Graz|Linz|Salzburg",
}
LANGUAGES = {
    **dict.fromkeys(("DE", "AT", "CH"), "de"),
    **dict.fromkeys(("FR", "BE"), "fr"),
    **dict.fromkeys(("ES",), "es"),
    **dict.fromkeys(("AE", "BH", "LB", "SA"), "ar"),
}


def chance(seed: int, *what: object) -> int:
    """A number that looks random and depends only on the seed and what it is for."""
    mark = blake2b(repr((seed, *what)).encode(), digest_size=8)
    return int.from_bytes(mark.digest(), "big")


@dataclass(frozen=True, slots=True)
class SimulatedReceipt:
    """One invented stay of an invented lot."""

    lot: str
    product_id: int
    received_at: datetime
    depleted_at: datetime | None
    quantity: Decimal
    supplier: str


def simulated_receipts(
    seed: int, product_id: int, code: str, days: Iterable[tuple[datetime, Decimal]]
) -> Iterator[SimulatedReceipt]:
    """Lots that cover what was sold of one product, oldest first; ends overlap by some days.

    `days` are the days with sales and the units sold on each, in order.
    """
    sold = list(days)
    start, number = 0, 0
    while start < len(sold):
        length = timedelta(days=20 + chance(seed, code, "length", number) % 55)
        until = sold[start][0] + length
        stop = start
        units = Decimal(0)
        while stop < len(sold) and sold[stop][0] < until:
            units += sold[stop][1]
            stop += 1
        first = sold[start][0] - timedelta(days=LEAD_DAYS) if number == 0 else sold[start][0]
        # The next lot is touched before this one is quite gone, as in any real warehouse.
        overlap = timedelta(days=chance(seed, code, "overlap", number) % 6)
        is_last = stop >= len(sold)
        spare = Decimal(1 + int(units) // 20)
        yield SimulatedReceipt(
            lot=lot_code(seed, code, number),
            product_id=product_id,
            received_at=first,
            depleted_at=None if is_last else sold[stop][0] + overlap,
            quantity=max(units, Decimal(1)) + spare,
            supplier=f"S-{1 + chance(seed, code, 'supplier') % SUPPLIERS:02}",
        )
        start, number = stop, number + 1


def lot_code(seed: int, code: str, number: int) -> str:
    """A lot code as suppliers print them: a letter, a number, and the product it is of."""
    letter = "ABCDEFGHJKMNPRSTUVWX"[chance(seed, code, "letter") % 20]
    return f"{letter}{10 + number}-{code[:40]}"


@dataclass(frozen=True, slots=True)
class SimulatedContact:
    """An invented person at an invented address; an empty field is unknown, as in life."""

    name: str
    email: str
    phone: str
    street: str
    postcode: str
    city: str
    country: str
    language: str


def simulated_contact(seed: int, customer_id: int, key: str, market: str) -> SimulatedContact:
    """A contact for one customer: about 3 in 100 have no e-mail, 1 in 100 nothing at all."""
    country = market or "GB"
    language = LANGUAGES.get(country, "en")
    draw = chance(seed, key, "reach") % 1000
    first = _pick(FIRST[language].split(), seed, key, "first")
    last = _pick(LAST[language].split(), seed, key, "last")
    name = f"{first} {last}"
    if draw < 10:
        return SimulatedContact(name, "", "", "", "", "", country, language)
    number = 1 + chance(seed, key, "house") % 120
    street = _pick(STREETS[language].split("|"), seed, key, "street").format(n=number)
    city = _pick(CITIES.get(country, CITIES["GB"]).split("|"), seed, key, "city")
    postcode = f"{10000 + chance(seed, key, 'post') % 89999}"
    phone = f"+99900{chance(seed, key, 'phone') % 10**7:07}"
    email = "" if draw < 40 else f"customer-{customer_id}@{DOMAIN}"
    return SimulatedContact(name, email, phone, street, postcode, city, country, language)


def _pick(words: list[str], seed: int, key: str, what: str) -> str:
    return words[chance(seed, key, what) % len(words)]
