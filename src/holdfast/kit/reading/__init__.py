"""Facts out of a pasted e-mail by fixed rules, in English, German, French and Spanish."""

from holdfast.kit.reading.facts import Fact, Reading, read
from holdfast.kit.reading.letter import Letter, open_letter

__all__ = ["Fact", "Letter", "Reading", "open_letter", "read"]
