"""Words as people write them: inflected, in sentences, and harmless neighbours beside them."""

from __future__ import annotations

import pytest

from holdfast.kit.wording.lint import lint_text

SOFTENING = {
    "ar": (
        "استدعاء طوعي",
        "بشكل طوعي",
        "طواعية",
        "إجراء احترازي",
        "إجراء وقائي",
        "من باب الحيطة والحذر",
        "كتدبير احترازي",
        "من باب الاحتياط",
        "حسب تقديرنا",
        "في حالات نادرة",
        "نادرا",
        "حالة معزولة",
        "حوادث فردية",
        "حالات منفردة",
        "في حالات معينة",
        "في ظروف محددة",
        "في بعض الحالات",
        "لم يتم الإبلاغ عن أي إصابات",
        "لم تسجل أي حوادث",
        "لا توجد إصابات",
        "دون تسجيل إصابات",
        "عيب بسيط",
        "خلل طفيف",
        "مشكلة صغيرة",
        "حروق طفيفة",
        "مشكلة في الجودة",
        "عيب في الجودة",
    ),
    "de": (
        "Dies ist eine freiwillige Rückrufaktion.",
        "Der freiwillige Produktrückruf",
        "Wir haben uns freiwillig entschlossen",
        "vorsorglicher Rückruf",
        "aus Vorsichtsgründen",
        "rein vorsorglich",
        "Als Vorsichtsmaßnahme rufen wir zurück",
        "im Sinne des vorbeugenden Verbraucherschutzes",
        "aus Gründen des vorbeugenden Verbraucherschutzes",
        "aus übergroßer Vorsicht",
        "nach eigenem Ermessen",
        "in seltenen Fällen",
        "in sehr seltenen Fällen",
        "selten",
        "ein Einzelfall",
        "vereinzelt",
        "vereinzelte Fälle",
        "in Einzelfällen",
        "in Ausnahmefällen",
        "unter Umständen kann es brennen",
        "in bestimmten Fällen",
        "unter ungünstigen Bedingungen",
        "keine Verletzungen gemeldet",
        "es wurden keine Unfälle gemeldet",
        "Bislang sind keine Unfälle bekannt.",
        "Es sind uns keine Vorfälle bekannt",
        "bisher keine Personenschäden",
        "niemand wurde verletzt",
        "ohne Personenschaden",
        "geringfügiger Defekt",
        "ein kleines Problem",
        "leichte Verletzungen",
        "minimales Risiko",
        "Qualitätsproblem",
        "Qualitätsmangel",
        "qualitative Mängel",
        "Qualitätsabweichung",
    ),
    "en": (
        "voluntarily recalling",
        "a voluntary action",
        "out of an abundance of caution",
        "as a precautionary measure",
        "precautionarily",
        "a purely precautionary step",
        "at the discretion of the maker",
        "in rare circumstances",
        "extremely rare",
        "on rare occasions",
        "an isolated incident",
        "isolated reports",
        "in specific situations",
        "in very specific cases",
        "under specific conditions",
        "no injuries have been reported to date",
        "no reports of injuries",
        "there have been no injuries",
        "without any reported injuries",
        "zero injuries reported",
        "no one has been injured",
        "no accident reported",
        "no known incidents",
        "to date, no accidents have been reported",
        "We know of no injuries",
        "None of these incidents caused injuries",
        "a minor issue",
        "minor injuries",
        "minor quality defect",
        "quality concerns",
        "a potential quality issue",
        "slight risk",
        "low risk",
        "very unlikely",
    ),
    "es": (
        "retirada voluntaria",
        "de forma voluntaria",
        "de manera voluntaria",
        "voluntariamente",
        "medida de precaución",
        "por precaución",
        "con carácter preventivo",
        "a modo preventivo",
        "como medida preventiva",
        "por exceso de precaución",
        "a nuestra discreción",
        "en raras ocasiones",
        "en casos raros",
        "rara vez",
        "casos aislados",
        "un hecho aislado",
        "incidentes aislados",
        "en determinadas situaciones",
        "en ciertas circunstancias",
        "en situaciones específicas",
        "en algunos casos",
        "no se ha informado de ningún accidente",
        "no se han registrado heridos",
        "sin que se hayan producido lesiones",
        "hasta la fecha no hay heridos",
        "no ha habido accidentes",
        "nadie ha resultado herido",
        "defecto menor",
        "problema menor",
        "pequeño defecto",
        "quemaduras leves",
        "problema de calidad",
        "defecto de calidad",
        "riesgo mínimo",
        "bajo riesgo",
    ),
    "fr": (
        "rappel volontaire",
        "à titre volontaire",
        "nous avons volontairement décidé",
        "par mesure de précaution",
        "par précaution",
        "à titre préventif",
        "mesure préventive",
        "par excès de précaution",
        "par excès de prudence",
        "à notre discrétion",
        "dans de rares cas",
        "rarement",
        "cas isolé",
        "cas isolés",
        "incidents isolés",
        "dans certaines situations",
        "dans certains cas",
        "dans des conditions particulières",
        "dans des cas spécifiques",
        "aucun accident n'a été signalé",
        "aucun blessé n'est à déplorer",
        "aucun incident signalé à ce jour",
        "il n'y a pas eu de blessés",
        "personne n'a été blessé",
        "sans faire de blessé",
        "défaut mineur",
        "problème mineur",
        "petit défaut",
        "légères brûlures",
        "problème de qualité",
        "défaut de qualité",
        "non-conformité",
        "risque minime",
        "risque faible",
    ),
}

HARMLESS = {
    "ar": (
        "القاصرون ممنوعون من استخدامه.",
        "لا تحتاج إلى أي إيصال.",
        "دون أي تكلفة.",
        "في حالة حدوث حرق اتصل بالطبيب.",
        "لا تستخدمه.",
    ),
    "de": (
        "Kleine Kinder können Teile verschlucken und ersticken.",
        "Auf keinen Fall öffnen.",
        "Keine Rechnung nötig.",
        "Sie brauchen keinen Kassenbon.",
        "Vorsicht: heiß.",
        "Minderjährige dürfen es nicht benutzen.",
        "Im Fall eines Brandes: 112.",
        "Keine Kosten für Sie.",
        "Kein Versand nötig.",
        "Seltene Erden",
        "Es ist nicht harmlos.",
    ),
    "en": (
        "Keep away from minors.",
        "No receipt is needed.",
        "There is no cost for you.",
        "In case of burns, see a doctor.",
        "Caution: hot surface.",
        "No proof of purchase is needed.",
        "Report an incident here.",
        "The case is black.",
        "A volunteer answers the phone.",
        "Minor Street 5, Springfield",
        "Check the rare earth magnet.",
        "You have no further use for it.",
        "If you or someone in your home was hurt, call us.",
        "No tools are needed.",
        "The recall covers certain lots only: B17.",
        "Do not leave it unattended in any case.",
        "No children under 3 may use it.",
    ),
    "es": (
        "Los menores no deben usarlo.",
        "Sin coste para usted.",
        "No necesita ningún recibo.",
        "En caso de quemadura, llame al médico.",
        "No hay que enviar nada.",
        "Precaución: superficie caliente.",
        "Sin gastos.",
    ),
    "fr": (
        "Les mineurs ne doivent pas l'utiliser.",
        "Aucun justificatif n'est demandé.",
        "Aucuns frais.",
        "En cas de brûlure, appelez un médecin.",
        "Précaution : ne touchez pas la lame.",
        "Utilisez des gants de protection.",
        "Il n'y a aucun frais.",
        "En aucun cas ne l'ouvrez.",
    ),
}

BOTH = {
    "en": "The battery may overheat and catch fire.",
    "de": "Der Akku kann überhitzen und Feuer fangen.",
    "fr": "La batterie peut surchauffer et prendre feu.",
    "es": "La batería puede sobrecalentarse e incendiarse.",
    "ar": "قد تسخن البطارية وتشتعل، وقد يسبب ذلك حريقًا.",
}


def rules(text: str, language: str, regime: str = "eu_gpsr") -> list[str]:
    return [one.rule for one in lint_text(text, regime=regime, language=language).findings]


@pytest.mark.parametrize(
    ("language", "words"), [(code, words) for code, some in SOFTENING.items() for words in some]
)
def test_softening_words_block_in_the_eu_and_warn_in_the_us(language: str, words: str) -> None:
    found = lint_text(words, regime="eu_gpsr", language=language).findings
    rules_there = {one.rule for one in found if one.rule.startswith("banned")}
    assert {one.severity for one in found if one.rule.startswith("banned")} == {"block"}
    found = lint_text(words, regime="us_cpsc", language=language).findings
    in_the_us = {one.rule: one.severity for one in found if one.rule.startswith("banned")}
    # a US notice has to say how many were hurt, also when it is none
    assert in_the_us == dict.fromkeys(rules_there - {"banned.no_accidents"}, "warn")


@pytest.mark.parametrize(
    ("language", "words"), [(code, words) for code, some in HARMLESS.items() for words in some]
)
def test_harmless_words_are_left_alone(language: str, words: str) -> None:
    assert not [rule for rule in rules(words, language) if rule.startswith("banned")]


@pytest.mark.parametrize("language", sorted(BOTH))
def test_a_mechanism_with_its_outcome_is_no_finding(language: str) -> None:
    assert "mechanism_without_outcome" not in rules(BOTH[language], language)


@pytest.mark.parametrize(
    "written",
    [
        "vo\u00adluntary",
        "VOLUNTARY",
        "v\u043eluntary",
        "volun-\ntary",
        "ｖｏｌｕｎｔａｒｙ",
        "volun\u200btary",
    ],
)
def test_a_word_is_found_however_it_is_disguised(written: str) -> None:
    assert "banned.voluntary" in rules(f"This is a {written} recall.", "en")


def test_an_outcome_far_away_from_its_mechanism_warns() -> None:
    text = "It may overheat. Look at the label. The code is B17. It can catch fire."
    found = lint_text(text, regime="eu_gpsr", language="en").findings
    assert [one.severity for one in found if one.rule == "mechanism_without_outcome"] == ["warn"]


def test_the_danger_belongs_into_the_first_twenty_words() -> None:
    long = "We write to you because we sell many things. " * 4
    assert "hazard_late" in rules(f"Product safety recall: lamp.\n\n{long}It can catch fire.", "en")
    assert "hazard_late" not in rules(
        f"Product safety recall: lamp.\n\nIt can catch fire. {long}", "en"
    )


def test_a_sentence_has_at_most_twenty_words() -> None:
    assert "sentence_too_long" not in rules(" ".join(["word"] * 20) + ".", "en")
    assert "sentence_too_long" in rules(" ".join(["word"] * 21) + ".", "en")
    # an ordinal or an abbreviation ends no sentence, a line of its own does
    german = "Verkauft vom 6. Februar bis 14. April 2026, z. B. bei uns."
    assert "sentence_too_long" in rules(german + " wort" * 15, "de")
    assert "sentence_too_long" not in rules("\n\n".join(["- some words here"] * 20), "en")


def test_a_text_above_the_reading_level_gets_advice() -> None:
    hard = "Notwithstanding aforementioned manufacturing considerations, discontinuation. "
    assert "reading_level" in rules(hard * 8, "en")


@pytest.mark.parametrize("language", ["en", "de", "fr", "es", "ar"])
def test_an_empty_notice_lacks_every_required_element(language: str) -> None:
    found = lint_text("…", regime="eu_gpsr", language=language)
    assert {one.id for one in found.elements if one.present} == set()
    assert {one.confidence for one in found.elements} == {"verified"}
    assert not found.ok


def test_one_remedy_alone_is_warned_about_in_the_eu_only() -> None:
    assert "remedy_choice" in rules("We refund the price.", "en")
    assert "remedy_choice" not in rules("We refund the price or replace it.", "en")
    assert "remedy_choice" not in rules("We refund the price.", "en", "us_cpsc")
