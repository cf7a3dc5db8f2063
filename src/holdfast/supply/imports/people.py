"""Who a customer is by what a row says of them, and what of two rows is kept."""

from __future__ import annotations

from hashlib import blake2b

from holdfast.kit.tables import tidy_identifier
from holdfast.supply.imports.cells import too_long

# What databases and spreadsheets write where there is nobody: else all of them were one person.
NOBODY = frozenset({"null", "nan", "none", "n/a", "#n/a", "-", "(null)", "guest"})


def merged_person(first: tuple[object, ...], other: tuple[object, ...]) -> tuple[object, ...]:
    """The first contact with what it lacked from the second; an address is taken whole."""
    email, phone = first[2] or other[2], first[3] or other[3]
    address = first[4:9] if any(first[4:8]) or not any(other[4:9]) else other[4:9]
    return (first[0], first[1] or other[1], email, phone, *address, first[9] or other[9])


def person_row(source: str, customer: str, contact: tuple[str, ...]) -> tuple[object, ...] | None:
    """`(key, name, email, phone, street, postcode, city, region, country, language)` or `None`.

    A customer number is known within its source; an e-mail address or a phone number is the same
    person everywhere; else name and address together; else a name within its source.
    """
    texts = [" ".join(text.split()) for text in contact]
    email, name, first, last, phone, street, street2, postcode, city, region, country, language = (
        texts
    )
    number = tidy_identifier(customer)
    if number.casefold() in NOBODY:
        number = ""
    name = name or f"{first} {last}".strip()
    street = ", ".join(part for part in (street, street2) if part)
    if "@" not in email or " " in email:
        email = ""
    for field_name, text in (
        ("customer", number), ("email", email), ("name", name), ("phone", phone),
        ("street", street), ("postcode", postcode), ("city", city), ("region", region),
    ):  # fmt: skip
        too_long(field_name, text)
    digits = "".join(letter for letter in phone if letter.isdigit())
    if number:
        key = f"{source}:{number}"
    elif email:
        key = f"email:{email.casefold()}"
    elif len(digits) >= 7:
        key = f"phone:{digits}"
    elif name and (street or postcode):
        key = f"address:{name}|{street}|{postcode}|{city}".casefold()
    elif name:
        key = f"{source}:name:{name.casefold()}"
    else:
        return None
    if len(key) > 200:
        kind = key.partition(":")[0]
        key = f"{kind}:{blake2b(key.encode(), digest_size=20).hexdigest()}"
    return (key, name, email, phone, street, postcode, city, region, country, language[:12])
