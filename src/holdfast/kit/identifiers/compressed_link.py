"""The compressed form of Digital Links: elements packed into bits, bits into one URL-safe word.

The algorithm of the GS1 Digital Link standard, "Compression and decompression": four bits a digit
of an identifier, digits as one binary number, text in the narrowest of five alphabets, and codes
for identifiers that often stand together.
"""

from __future__ import annotations

import math
import re

from holdfast.kit.identifiers.application_identifiers import Component, lengths, table
from holdfast.kit.identifiers.elements import Element, Elements
from holdfast.kit.identifiers.faults import BadIdentifier

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
LONGEST = 1_000

TOGETHER: dict[str, tuple[str, ...]] = {
    "0A": ("01", "22"),
    "0B": ("01", "10"),
    "0C": ("01", "21"),
    "0D": ("01", "17"),
    "0E": ("01", "7003"),
    "0F": ("01", "30"),
    "1A": ("01", "10", "21", "17"),
    "1B": ("01", "15"),
    "1C": ("01", "11"),
    "1D": ("01", "16"),
    "1E": ("01", "91"),
    "1F": ("01", "10", "15"),
    **{f"2{code}": ("01", f"310{n}") for n, code in enumerate("ABCDEF")},
    **{f"3{code}": ("01", f"320{n}") for n, code in enumerate("ABCDEF")},
    "9A": ("8010", "8011"),
    "9B": ("8017", "8019"),
    "9C": ("8018", "8019"),
    "9D": ("414", "254"),
    **{f"A{n}": ("01", f"392{n}") for n in range(10)},
    **{f"C{n}": ("255", f"390{n}") for n in range(10)},
    **{f"C{code}": ("255", f"394{n}") for n, code in enumerate("ABCD")},
}
"""Codes for identifiers whose values follow without their numbers."""

_HEX_LOWER, _HEX_UPPER = "0123456789abcdef", "0123456789ABCDEF"
_ASCII = "".join(map(chr, range(128)))
_ENCODINGS = ((1, _HEX_LOWER, 4), (2, _HEX_UPPER, 4), (3, ALPHABET, 6), (4, _ASCII, 7))
_WORD = re.compile(r"[A-Za-z0-9_-]{2,}")

# Fields that a link packs as one component though the dictionary knows parts of them.
_WHOLE_TEXT = re.compile(r"723\d|8007|8013")


def compressed(elements: Elements, *, optimised: bool = True) -> str:
    """The word that stands for these elements.

    >>> compressed((Element("01", "05412345000013"), Element("10", "ABC123")), optimised=False)
    'AQnYUc1gmiCNV4JG'
    """
    left = sorted(elements)
    bits = []
    while optimised and (code := _best_code({one.ai for one in left})):
        bits.append(f"{int(code, 16):08b}")
        for ai in TOGETHER[code]:
            one = next(one for one in left if one.ai == ai)
            left.remove(one)
            bits.append(_packed(one))
    for one in left:
        bits.append("".join(f"{int(digit):04b}" for digit in one.ai) + _packed(one))
    whole = "".join(bits)
    whole += "0" * (-len(whole) % 6)
    return "".join(ALPHABET[int(whole[at : at + 6], 2)] for at in range(0, len(whole), 6))


def decompressed(word: str) -> tuple[Elements, tuple[tuple[str, str], ...]]:
    """The elements and other parameters that a word stands for.

    >>> decompressed("AQnYUc1gmiCNV4JG")[0]
    (Element(ai='01', value='05412345000013'), Element(ai='10', value='ABC123'))
    """
    if len(word) > LONGEST or not _WORD.fullmatch(word):
        raise BadIdentifier("compressed Digital Link", "letters, digits, - and _", word)
    bits = _Bits("".join(f"{ALPHABET.index(ch):06b}" for ch in word), word)
    elements: list[Element] = []
    others: list[tuple[str, str]] = []
    while bits.left >= 8 and not bits.only_padding:
        code = f"{bits.number(8):02X}"
        if code in TOGETHER:
            elements += [Element(ai, _unpacked(ai, bits)) for ai in TOGETHER[code]]
        elif code[0] == "F":
            others.append(_other(int(code[1], 16), bits))
        else:
            ai = code + "".join(f"{bits.number(4):X}" for _ in range(lengths().get(code, 2) - 2))
            if ai not in table():
                raise BadIdentifier("compressed Digital Link", "an application identifier", ai)
            elements.append(Element(ai, _unpacked(ai, bits)))
    if not elements or (bits.left and bits.number(bits.left)):
        raise BadIdentifier("compressed Digital Link", "elements and nothing behind them", word)
    return tuple(elements), tuple(others)


def _best_code(present: set[str]) -> str:
    """The code that saves most digits of identifiers, or none."""
    fits = [code for code, together in TOGETHER.items() if present.issuperset(together)]
    return max(fits, key=lambda code: len("".join(TOGETHER[code])), default="")


class _Bits:
    """Bits read from the front."""

    def __init__(self, bits: str, word: str) -> None:
        self._bits, self._at, self._word = bits, 0, word

    @property
    def left(self) -> int:
        return len(self._bits) - self._at

    @property
    def only_padding(self) -> bool:
        return self._at > 0 and self.left < 6

    def number(self, many: int) -> int:
        if many > self.left:
            raise BadIdentifier("compressed Digital Link", f"{many} more bits", self._word)
        found = self._bits[self._at : self._at + many]
        self._at += many
        return int(found, 2) if found else 0


def _length_bits(longest: int) -> int:
    return math.ceil(math.log2(longest) + 0.01)


def _value_bits(digits: int) -> int:
    return math.ceil(digits * math.log2(10) + 0.01)


def _fields(ai: str) -> list[Component]:
    """The components as a link packs them: neighbours of fixed length are one."""
    found: list[Component] = []
    parts = list(table()[ai].components)
    if _WHOLE_TEXT.fullmatch(ai):
        return [Component("X", 1, sum(one.longest for one in parts), False, ())]
    for one in parts:
        fixed = one.shortest == one.longest
        last = found[-1] if found else None
        alike = last is not None and last.alphabet == one.alphabet
        if last and fixed and alike and not one.optional and not last.optional:
            found[-1] = last._replace(
                shortest=last.shortest + one.shortest, longest=last.longest + one.longest
            )
        elif last and alike and one.optional and last.optional:
            found[-1] = last._replace(longest=last.longest + one.longest, shortest=1)
        else:
            found.append(one._replace(shortest=1) if one.optional and fixed else one)
    return found


def _packed(one: Element) -> str:
    ai, rest = one
    bits = ""
    for field in _fields(ai):
        part, rest = rest[: field.longest], rest[field.longest :]
        if field.alphabet == "N":
            if field.shortest != field.longest:
                bits += f"{len(part):0{_length_bits(field.longest)}b}"
            bits += f"{int(part or '0'):0{_value_bits(len(part))}b}"
        else:
            bits += _packed_text(part, field)
    if rest:
        raise BadIdentifier(f"({ai})", "a value that fits its identifier", one.value)
    return bits


def _packed_text(part: str, field: Component) -> str:
    fixed = field.shortest == field.longest
    length = "" if fixed else f"{len(part):0{_length_bits(field.longest)}b}"
    # Readers exist that drop leading zeros of a number; as hexadecimal digits they stay.
    if part.isdigit() and (part[0] != "0" or part == "0"):
        return f"000{length}{int(part):0{_value_bits(len(part))}b}"
    for code, alphabet, width in _ENCODINGS if part else _ENCODINGS[-1:]:
        if all(ch in alphabet for ch in part):
            packed = "".join(f"{alphabet.index(ch):0{width}b}" for ch in part)
            return f"{code:03b}{length}{packed}"
    raise BadIdentifier("compressed Digital Link", "ASCII characters", part)


def _unpacked(ai: str, bits: _Bits) -> str:
    said = ""
    for field in _fields(ai):
        if field.alphabet == "N":
            variable = field.shortest != field.longest
            many = bits.number(_length_bits(field.longest)) if variable else field.longest
            said += _digits(many, bits)
        else:
            said += _text(bits, field)
    return said


def _text(bits: _Bits, field: Component) -> str:
    code = bits.number(3)
    fixed = field.shortest == field.longest
    many = field.longest if fixed else bits.number(_length_bits(field.longest))
    return _characters(code, many, bits)


def _characters(code: int, many: int, bits: _Bits) -> str:
    if code == 0:
        return _digits(many, bits)
    found = next(((a, w) for number, a, w in _ENCODINGS if number == code), None)
    if found is None:
        raise BadIdentifier("compressed Digital Link", "an encoding from 0 to 4", str(code))
    alphabet, width = found
    return "".join(alphabet[bits.number(width)] for _ in range(many))


def _digits(many: int, bits: _Bits) -> str:
    if not many:
        # A missing part still takes one bit; the last one may be lost in the padding.
        bits.number(min(1, bits.left))
        return ""
    said = str(bits.number(_value_bits(many))).zfill(many)
    if len(said) > many:
        raise BadIdentifier("compressed Digital Link", f"{many} digits", said)
    return said


def _other(first: int, bits: _Bits) -> tuple[str, str]:
    """A parameter that is no element: its name in 64 letters, its value in any encoding."""
    many = first << 3 | bits.number(3)
    name = "".join(ALPHABET[bits.number(6)] for _ in range(many))
    code, many = bits.number(3), bits.number(7)
    return name, _characters(code, many, bits)
