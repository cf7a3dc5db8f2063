"""Which law the notice of a person follows, by their country: one rule for every form.

E-mail, letters, merge rows, message files and pages all ask here, as they ask `readers` for the
languages. A text is named by its language, and its law where that is not the recall's own.
"""

from __future__ import annotations

from functools import lru_cache

from holdfast.kit.tables.countries import country_code
from holdfast.kit.wording.profile import general_regime, profile, regime_id


@lru_cache(maxsize=4096)
def law_followed(country: str, own: str) -> str:
    """The regime a person's text follows: the recall's own where it holds or no other is known.

    >>> law_followed("Germany", "us_cpsc"), law_followed("US", "us_nhtsa_vehicles")
    ('eu_gpsr', 'us_nhtsa_vehicles')
    >>> law_followed("XI", "us_cpsc_consumer"), law_followed("", "eu_gpsr")
    ('eu_gpsr', 'eu_gpsr')
    """
    own = regime_id(own)
    land = country.strip()
    general = general_regime(country_code(land) or land)
    if not general or profile(general).jurisdiction == profile(own).jurisdiction:
        return own
    return general


def text_name(language: str, law: str) -> str:
    """What people call one text: `en`, or `en:us_cpsc_consumer` under another law than the own."""
    return f"{language}:{law}" if law else language


def named_text(name: str) -> tuple[str, str]:
    """The language and the law a text's name says; the law is empty where it is the own one."""
    language, _sign, law = name.strip().partition(":")
    return language.strip(), law.strip()
