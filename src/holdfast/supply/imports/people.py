"""Who a customer is by what a row says of them, and what of two rows is kept."""

from __future__ import annotations

from hashlib import blake2b

from holdfast.kit.tables import tidy_identifier
from holdfast.supply.imports.cells import too_long


def merged_person(old: tuple[object, ...], new: tuple[object, ...]) -> tuple[object, ...]:
    """The older contact with what it lacked; an address is taken whole or not at all."""
    email, phone = old[2] or new[2], old[3] or new[3]
    address = old[4:9] if any(old[4:8]) else new[4:9]
    return (old[0], old[1] or new[1], email, phone, *address, old[9] or new[9])


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
