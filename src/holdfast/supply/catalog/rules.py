"""What is a product and what only stands in an order file like one: postage, fees, vouchers."""

from __future__ import annotations

import re

# Codes that mean the same in every shop that uses them.
PSEUDO_CODES = frozenset(
    {
        "post",
        "postage",
        "dot",
        "shipping",
        "ship",
        "shipping-fee",
        "delivery",
        "carriage",
        "versand",
        "versandkosten",
        "porto",
        "frais-de-port",
        "envio",
        "bank charges",
        "bankcharges",
        "amazonfee",
        "amazon fee",
        "fee",
        "fees",
        "cruk",
        "pads",
        "manual",
        "discount",
        "rabatt",
        "remise",
        "descuento",
        "coupon",
        "tip",
        "gift-card",
        "giftcard",
        "gift card",
        "gift-wrap",
        "giftwrap",
        "insurance",
        "adjust",
        "bad debt",
    }
)
_SERVICE = (
    r"postage|shipping|delivery|carriage|handling|versand|porto|frais de port|frais de livraison|"
    r"livraison|gastos de env[ií]o|env[ií]o|bank charges?|(?:amazon |service |payment )?fees?|"
    r"geb[üu]hr(?:en)?|(?:\w+ )?commission|manual|discount|rabatt|remise|descuento|samples?|"
    r"(?:adjust )?bad debt|tips?|trinkgeld|pourboire|propina|gift ?wrap(?:ping)?|"
    r"insurance"
)
_PSEUDO_TITLE = re.compile(
    rf"^(?:(?:dotcom|amazon|ups|dhl|dpd|standard|express|free)\s+)?(?:{_SERVICE})"
    r"(?:\s+(?:and|&)\s+handling)?(?:[ -]?(?:fees?|costs?|charges?|kosten|pauschale))?"
    r"(?:\s*[£$€]?\s*\d+(?:[.,]\d+)?\s*[£$€%]?)?$"
    r"|\b(?:gift|e-gift|store)[ -]?(?:card|voucher|certificate)s?\b"
    r"|geschenk(?:karte|gutschein)|carte[ -]cadeau|ch[èe]que[ -]cadeau|tarjeta[ -]regalo",
    re.IGNORECASE,
)


def code_key(code: str) -> str:
    """The form under which a product code is found: letter case does not matter, all else does.

    >>> code_key("85123a") == code_key("85123A")
    True
    """
    return code.strip().casefold()


def is_pseudo(code: str, title: str) -> bool:
    """True for what is sold like a product and is none.

    A title decides alone only when it says nothing else: a postage-stamp mug is a product.

    >>> is_pseudo("POST", ""), is_pseudo("M", "Manual"), is_pseudo("22666", "POSTAGE STAMP MUG")
    (True, True, False)
    """
    return code_key(code) in PSEUDO_CODES or bool(_PSEUDO_TITLE.search(title.strip()))
