"""Whether a text is in a language that the hazard reader does not read, and in which.

The reader knows English, German, French and Spanish. Of any other language its silence says
nothing, so that has to be told. Letters decide where the script is another; else the small words.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

from holdfast.kit.signals.language import small_words

# Small words that the four languages that are read do not have, or have more rarely.
_OTHER = {
    "it": "il lo gli che di della dei non sono è con per una questo questa mio mia ho ha nel nella "
    "alla dopo anche molto più perché ma stato stata si e la del al ed era i sul quando",
    "nl": "de het een en van ik niet met op dat te mijn voor maar ook naar zijn heeft werd bij "
    "door na geen uit toen deze wij ons onze is was er om aan",
    "pt": "os um uma não da dos das e é que com para meu minha mas foi no na em ao por seu "
    "sua isto este esta ele ela quando depois muito sem se eu estava",
    "pl": "i w na z się nie jest że po od ale przez był była mój moja jak tak za oraz gdy "
    "nad bardzo mnie",
    "sv": "och att det som en på är inte jag med för den var av till har om ett min mitt men "
    "när efter i från blev vi",
    "da": "og at det som en på er ikke jeg med for den var af til har om et min mit men da efter i "
    "fra blev vi av ble etter ikkje",
    "tr": "bir ve bu çok da de için ama değil ile oldu sonra gibi daha benim ben ne var yok kadar "
    "olarak oğlum kızım",
    "cs": "se na že je v s z ale jsem byl byla po k jako pro už není můj moje od při když",
    "ro": "și si nu este cu pe din că care mai fost am dar pentru după meu mea în ale când",
    "hu": "az és nem hogy egy volt meg ez mint van csak már után fel ki amikor én "
    "nagyon fiam lányom kezét",
    "fi": "ja on ei se että oli kun mutta minun en myös sen joka ovat kuin jo hän niin siitä "
    "sitten",
    "vi": "và tôi bị của là không có được cho trong đã chúng rất khi này",
}
_LETTERS = {
    "it": "ìò",
    "pt": "ãõ",
    "pl": "ąęłśźżń",
    "sv": "å",
    "da": "åøæ",
    "tr": "ğşı",
    "cs": "ěščřžůý",
    "ro": "ășțţ",
    "hu": "őű",
    "vi": "đơưạảấầậắặẹếềểệ",
}
_SETS = {name: frozenset(words.split()) for name, words in _OTHER.items()}
_WORD = re.compile(r"[^\W\d_]+")
_LOOKED_AT = 2_000  # characters
_FEWEST = 4  # letters of another script
_SURE = 3  # small words
_SURER = 1.3  # times as many as of any language that is read
_WORDLESS = 14  # words without one small word that is known: a language nobody named here
_SCRIPTS = {"CYRILLIC": "Cyrl", "ARABIC": "Arab", "GREEK": "Grek", "HEBREW": "Hebr",
            "HIRAGANA": "Jpan", "KATAKANA": "Jpan", "CJK": "Hani", "HANGUL": "Kore",
            "THAI": "Thai", "DEVANAGARI": "Deva"}  # fmt: skip


def unread_language(text: str) -> str:
    """`it`, `und-Cyrl`, `und` …: what it is in, as BCP 47 writes it; empty where it can be read.

    Empty too where a text is too short to say.

    >>> unread_language("Il bollitore ha preso fuoco e mio figlio si è bruciato la mano.")
    'it'
    >>> unread_language("Чайник загорелся на кухне.")
    'und-Cyrl'
    >>> unread_language("The kettle caught fire.")
    ''
    """
    seen = text[:_LOOKED_AT]
    letters = [one for one in seen if one.isalpha()]
    scripts: Counter[str] = Counter()
    for letter, number in Counter(letters).items():
        scripts[_script(letter)] += number
    foreign = len(letters) - scripts["LATIN"]
    if foreign >= _FEWEST and foreign * 2 > len(letters):
        most = next(name for name, _ in scripts.most_common() if name != "LATIN")
        return f"und-{_SCRIPTS[most]}" if most in _SCRIPTS else "und"
    words = [word.casefold() for word in _WORD.findall(seen)]
    read = small_words(words, seen)
    small = seen.casefold()
    told, has_marks = Counter(words), not small.isascii()  # the letters are none of ASCII
    counts = {
        name: sum(told[word] for word in known & told.keys())
        + (min(3, sum(small.count(one) for one in _LETTERS.get(name, ""))) if has_marks else 0)
        for name, known in _SETS.items()
    }
    best = max(counts, key=lambda name: counts[name])
    if counts[best] >= _SURE and counts[best] >= _SURER * max(read.values()):
        return best
    return "und" if len(words) >= _WORDLESS and not any(read.values()) else ""


def _script(letter: str) -> str:
    return unicodedata.name(letter, "").partition(" ")[0]
