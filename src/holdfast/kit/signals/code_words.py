"""The words that say what a code is, and what codes and days look like, as one expression."""

from __future__ import annotations

import re

_NUMBER = r"(?:\s*(?:#|numbers?|nos?\b\.?|nr\.?|n°|codes?|ids?)\s*\(?s?\)?['’]?s?)*"
LABELS = (
    (
        "lot",
        rf"(?:lots?|batch(?:es)?|charge|chargen-?nr|los|lote|partie|control|pedigree|date\s+(?=codes?)){_NUMBER}",
    ),
    ("upc", rf"(?:upcs?|u\.p\.c\.?|gtin|ean|bar\s?codes?|case\s+upc){_NUMBER}"),
    ("serial", rf"(?:serial|s/n|sn(?!\d)|seriennummer|n° de série){_NUMBER}"),
    ("model", rf"(?:models?|modell|modèle|modelo){_NUMBER}"),
    (
        "item",
        rf"(?:items?|sku|style|rn(?=\s*(?:#|no|num))|preparation(?=\s*(?:#|no))|art(?:icle|ikel|ículo)?|products?|part|ref|ndc|plu){_NUMBER}",
    ),
    (
        "expiry",
        r"(?:exp(?:iry|iration|ires?|\.)?|bud|beyond[\s-]us(?:e|age)|used?[\s-](?:by|before|thru)|best(?:\s+if)?"
        r"[\s-]*(?:(?:used?|enjoyed)?[\s-]*(?:by|before|buy|thru|through))|sell[\s-]by|bb[ed]?|mhd|"
        r"mindestens haltbar bis|dluo|ddm|caducidad|consumir antes)"
        r"(?:[\s/]*(?:dates?|codes?|on|of|use by|freeze by))*",
    ),
    (
        "made",
        r"(?:mfg\.?|manufactur(?:ed|ing)|production|prod\.?|produced|(?:re)?pack(?:ed|aged|ing)?|made|"
        r"compounded|prepared|processed|bottled|canned|"
        r"herstellung|hergestellt|fabriqué)(?:\s*(?:dates?|on|codes?|from|between|of))*",
    ),
    (
        "sold",
        r"(?:distribut(?:ed|ion)|purchased|sold|shipped|ship|received)(?:\s*(?:dates?|on|from|between|or|after|before))*",
    ),
)
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DATE = (
    rf"(?:\d{{1,2}}[/.]\d{{1,2}}[/.]\d{{2,4}}|\d{{4}}-\d{{2}}-\d{{2}}|\d{{1,2}}-\d{{1,2}}-\d{{2,4}}|"
    rf"\d{{1,2}}\s?[-/]?\s?{_MONTH}\.?\s?[-/,]?\s?\d{{2,4}}|{_MONTH}\.?\s?[-/]?\s?\d{{1,2}}"
    rf"(?:st|nd|rd|th)?(?:\s?[-,/]\s?|\s)\d{{4}}|{_MONTH}\.?\s?\d{{1,2}}[\s,]\s?\d{{2}}(?![\d:])|"
    rf"{_MONTH}\.?\s?\d{{1,2}}(?:st|nd|rd|th)?(?!\d)|{_MONTH}\.?[-/,:\s]{{0,2}}\d{{2,4}}|"
    rf"{_MONTH}\d{{6}}|"
    rf"\d{{1,2}}/\d{{2,4}}(?![\w/-])|\d{{1,2}} \d{{1,2}} \d{{2,4}}(?!\d))"
)
_UPC = (
    r"\d(?:[\s-]{0,3}\d{5}){2}[\s-]{0,3}\d|\d{6}[\s-]?\d{5}[\s-]?\d|"
    r"\d{12,14}|\d[\s-]\d{9,12}[\s-]\d"
)
_CODE = r"[A-Za-z0-9]\w*:\d+@\d+|[A-Za-z0-9][\w@+./#-]*[\w#]|\d"
TOKEN = re.compile(
    "|".join(
        [f"(?P<{name}>\\b{written}(?![a-z]))" for name, written in LABELS]
        + [
            r"(?P<all>\ball\s+(?:\w+\s+){0,3}?(?:lots?|codes?|batch(?:es)?|products?|units?)\b)",
            r"(?P<none>\b(?:no|without|not)\s+(?:\w+\s+){0,2}?(?:lots?|codes?)\b|\bnone\b|\bn/a\b)",
            r"(?P<unknown>\b(?!(?:codes?|numbers?|and|or|dates?)\b)[a-z]+\s?(?:#|no\.)\s?:?)",
            rf"(?P<date>(?<![\w/]){_DATE}(?![\w]))",
            rf"(?P<digits>(?<![\w-])(?:{_UPC})(?![\w-]))",
            rf"(?P<code>(?<![\w])(?:{_CODE}))",
            r"(?P<stop>[.:]\s|[\n\r])",
        ]
    ),
    re.I,
)
