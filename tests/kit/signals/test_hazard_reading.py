"""Hazards are read out of texts with the words that decided, and a “no” is heard."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from holdfast.kit.refusals import NotFound
from holdfast.kit.signals import taxonomy as taxonomy_of
from holdfast.kit.signals.hazard_reading import (
    MOST_CHARACTERS,
    Mention,
    _outermost,
    read_hazards,
)
from holdfast.kit.signals.language import language_of
from holdfast.kit.signals.patterns import Phrases
from holdfast.kit.signals.taxonomy import LANGUAGES, hazard_named, taxonomy


@pytest.mark.parametrize(
    ("text", "hazard"),
    [
        ("The charger caught fire while my phone was on it.", "fire"),
        ("I got an electric shock from the lamp when I touched it.", "shock"),
        ("The eye came off and I found it in my baby's mouth.", "choking"),
        ("He swallowed two magnets and needed surgery.", "ingestion"),
        ("Her finger got stuck in the hinge.", "entrapment"),
        ("The edge is razor sharp and cut my hand.", "laceration"),
        ("The stick broke and she fell on her face.", "fall"),
        ("Der Akku ist geschmolzen und es gab einen Brand.", "fire"),
        ("Mein Sohn hat einen Magneten verschluckt.", "ingestion"),
        ("Im Müsli waren Glassplitter, ich habe mir fast den Zahn ausgebissen.", "foreign_body"),
        ("Le jouet a pris feu pendant la charge.", "fire"),
        ("Mon fils s'est coupé sur un bord tranchant.", "laceration"),
        ("El cargador se calentó y empezó un incendio en la cocina.", "fire"),
        ("Encontré una piedra en el arroz y había moho en la bolsa.", "mould"),
        # “Without” that denies nothing.
        ("Without any warning it caught fire.", "fire"),
        ("Ohne jede Vorwarnung fing das Gerät Feuer.", "fire"),
        ("Sans prévenir, le jouet a pris feu; sans raison il a pris feu.", "fire"),
        ("Sin previo aviso empezó un incendio.", "fire"),
        # Signs that nobody sees stand inside words.
        ("The kettle cau\u200bght fi\u00adre.", "fire"),
        ("Le jouet a pr\u200bis feu.", "fire"),
    ],
)
def test_four_languages_are_read(text: str, hazard: str) -> None:
    assert hazard in read_hazards(text).hazards


@pytest.mark.parametrize(
    "text",
    [
        "No grit, no bitterness. Tastes great.",
        "This quinoa is clean, without any stones in it.",
        "I never found any mold in these.",
        "Other brands are full of rocks, this one is lovely.",
        "Kein Schimmel und keine Fremdkörper, alles gut.",
        "Je n'ai pas trouvé de moisissure.",
        "No tiene moho y sabe bien.",
        "Tastes awful, overpriced, and the can was dented.",
        "The taste is bland and it arrived late.",
        "Great for an upset stomach, it eases nausea and diarrhea.",
        "A wonderful alternative to the toxic soft drinks on the market.",
        "The bottles arrived leak-free and mold-free.",
        "My son is a little spoiled with homemade food and would eat it all day.",
        "It is free of grit and stones.",
        "I didn´t find any stones, it didnʼt have any mold.",
    ],
)
def test_what_is_denied_or_only_quality_is_no_hazard(text: str) -> None:
    assert read_hazards(text, goods="food").hazards == ()


@pytest.mark.parametrize(
    "text",
    [
        "Fire engine toy stopped working.",
        "The colour is hot pink.",
        "My daughter fell in love with it.",
    ],
)
def test_words_that_only_look_like_a_hazard_are_none(text: str) -> None:
    assert read_hazards(text, goods="products").hazards == ()


@pytest.mark.parametrize(
    ("text", "hazards"),
    [
        ("It caught fire, burned my hand.", {"fire", "burn"}),
        ("Her hair caught fire.", {"fire"}),
        ("I caught my finger in the hinge.", {"entrapment"}),
        ("This grill is for smoking meat.", set()),
        ("Am Griff verbrannte ich mir die Hand.", {"burn"}),
        ("The lamp smokes.", {"fire"}),
        ("The lamp is smoking.", {"fire"}),
        ("After a week it started smoking.", {"fire"}),
        ("He smokes in the garden, this is a non-smoking home.", set()),
        ("The smoke detector works well.", set()),
        ("I turned the ignition key, and the spark plugs are new.", set()),
        ("He could not get the ball out, it got stuck in his throat.", {"choking"}),
        ("The fan fell from the ceiling.", {"impact"}),
        ("The strap was round her neck, and the beads are a choking hazard.",
         {"strangulation", "choking"}),
        # A “no” between the words of a mention.
        ("Her finger was not caught in the hinge.", set()),
        ("Der Finger war nicht eingeklemmt, die Hand wurde nicht gequetscht.", set()),
        ("La main n’a pas été coincée.", set()),
        ("La mano no quedó atrapada.", set()),
        ("Luckily her finger did not get caught.", {"entrapment"}),
        ("The bottle has no child-resistant cap.", {"poisoning"}),
    ],
)  # fmt: skip
def test_words_mean_what_their_neighbours_make_of_them(text: str, hazards: set[str]) -> None:
    assert set(read_hazards(text, goods="products").hazards) == hazards


@pytest.mark.parametrize(
    ("text", "goods", "hazards"),
    [
        ("The stem can break, posing crash and injury hazards to the rider.", "products", {"fall"}),
        ("Wiring can come loose, posing fire and shock hazards.", "products", {"fire", "shock"}),
        ("The lens can detach, posing a risk of injury from impact.", "products", {"impact"}),
        ("The brakes can fail while riding.", "products", {"fall"}),
        ("Can operate while the gate is open, posing a crushing hazard.", "products",
         {"entrapment"}),
        ("CGMP deviations: presence of NDMA impurity.", "", {"poisoning"}),
        ("Tricyclazole in rice", "food", {"poisoning"}),
        ("S. Infantis in poultry meat", "food", {"pathogen"}),
        ("Zero Frozen Dessert is recalled due to undeclared milk.", "food", {"allergen"}),
        ("It has zero grit.", "food", set()),
    ],
)  # fmt: skip
def test_the_words_of_authorities_are_read(text: str, goods: str, hazards: set[str]) -> None:
    assert set(read_hazards(text, "en", goods=goods).hazards) == hazards


@pytest.mark.parametrize(
    "text", ["Saltaron chispas.", "Die Lampe fing Feuer.", "Der Akku brannte lichterloh."]
)
def test_a_text_too_short_to_tell_its_language_is_read_in_each(text: str) -> None:
    assert read_hazards(text).hazards == ("fire",)


def test_what_nearly_came_is_no_harm() -> None:
    assert read_hazards("It hurt him and I almost called an ambulance.").severity == 1
    assert read_hazards("He almost fell, then lay in the hospital.").severity == 3
    assert read_hazards("Die Lampe fiel um, fast wäre er gestorben.", "de").severity == 0
    assert read_hazards("The fluid burned the skin of my thumb a little.").severity == 1


def test_a_denied_word_is_kept_and_marked() -> None:
    reading = read_hazards("No grit in this bag.", goods="food")
    assert [(one.hazard, one.denied) for one in reading.mentions] == [("foreign_body", True)]


@pytest.mark.parametrize(
    "text",
    [
        "Es kann nicht ausgeschlossen werden, dass Glassplitter enthalten sind.",
        "La présence de corps étrangers ne peut pas être exclue.",
        "No se puede descartar la presencia de fragmentos de vidrio.",
    ],
)
def test_what_cannot_be_ruled_out_is_not_denied(text: str) -> None:
    assert read_hazards(text, goods="food").hazards == ("foreign_body",)


def test_luck_is_no_denial() -> None:
    assert "choking" in read_hazards("Luckily he did not choke on the wheel.").hazards


def test_the_words_that_decided_stand_where_it_says() -> None:
    text = "It didn’t help: the toy’s battery caught fire."
    for one in read_hazards(text).mentions:
        assert text[one.start : one.end] == one.words
    assert "caught fire" in " ".join(read_hazards(text).words_for("fire"))
    for text, words in (
        ("It didn´t he\u200blp: it cau\u200bght fire.", "cau\u200bght fire"),
        ("L’été, le jou\u200bet a pris feu.", "pris feu"),
    ):
        assert words in [text[one.start : one.end] for one in read_hazards(text).mentions]


def test_harm_part_and_age_are_read() -> None:
    reading = read_hazards("My 3 year old cut his finger and was taken to the emergency room.")
    assert reading.severity == 3
    assert "emergency" in reading.severity_words
    assert "hand" in reading.body_parts
    assert reading.ages_in_months == (36,)


@pytest.mark.parametrize(
    ("text", "hazards"),
    [
        ("The handlebars came off while he was riding and he needed stitches.", {"fall"}),
        ("He needed stitches.", {"laceration"}),  # nothing else is told
        ("The rocket blew up and a small piece burned.", {"explosion"}),
        ("A small piece broke.", {"choking"}),
        ("I had to cut her hair to free it.", set()),
        ("The bottle does not have a child-resistant cap.", {"poisoning"}),
        ("The cord was around his neck and he was choking.", {"strangulation"}),
        ("The shelf fell over on him.", {"tip_over"}),  # no fall in the longer words
        ("Smoke was coming out of the plug, and fumes.", {"fire"}),
        ("He swallowed a magnet and started vomiting.", {"ingestion"}),
    ],
)
def test_what_followed_is_not_what_caused_it(text: str, hazards: set[str]) -> None:
    assert set(read_hazards(text, "en", goods="products").hazards) == hazards


def test_not_being_sure_is_no_denial() -> None:
    assert "ingestion" in read_hazards("We are not sure if he swallowed the magnet.", "en").hazards


def test_what_might_have_come_is_no_harm() -> None:
    assert read_hazards("It could have ended in the hospital.").severity == 0
    assert read_hazards("She ended in the hospital.").severity == 3


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("My nine month old and my son (then 4) and a 2 1/2 year old", (9, 48, 30)),
        ("Recommended ages 3 years old and up, a 2 year warranty, bought 3 years ago", ()),
        ("Meine siebenjährige Tochter, er ist 18 Monate alt", (84, 18)),
        ("Mon fils de 3 ans, ma fille âgée de 8 mois", (36, 8)),
        ("Mi hija tiene 2 años", (24,)),
    ],
)
def test_ages_are_those_of_people(text: str, months: tuple[int, ...]) -> None:
    assert read_hazards(text).ages_in_months == months


def test_parts_of_the_product_are_those_that_failed() -> None:
    reading = read_hazards("The wheel came off. The seat is blue and the battery got hot.", "en")
    assert reading.parts == ("battery", "wheel")


def test_harm_that_is_denied_does_not_count() -> None:
    assert read_hazards("There was no blood and it was fine.").severity == 0


def test_a_flood_of_text_is_cut_and_says_so() -> None:
    reading = read_hazards("fine " * MOST_CHARACTERS + "caught fire")
    assert reading.cut
    assert reading.hazards == ()


def test_a_flood_without_a_full_stop_is_read_once_not_once_for_each_mention(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    signs: list[int] = []
    search = Phrases.search

    def counting(self: Phrases, text: str) -> object:
        signs.append(len(text))
        return search(self, text)

    monkeypatch.setattr(Phrases, "search", counting)
    for number in (300, 1_200):
        signs.append(0)
        assert read_hazards("choke " * number, "en", briefly=True).hazards == ("choking",)
    begins = [at for at, n in enumerate(signs) if n == 0]
    short, long = sum(signs[begins[0] : begins[-1]]), sum(signs[begins[-1] :])
    assert long < 6 * short


def test_a_mention_inside_a_longer_one_yields_wherever_it_stands() -> None:
    chance = random.Random(7)
    yields = {one.key: one.yields for one in taxonomy().hazards}
    for _ in range(200):
        told = [
            Mention(
                chance.choice(["fall", "tip_over", "fire"]), "", at, at + chance.randrange(1, 9)
            )
            for at in (chance.randrange(12) for _ in range(8))
        ]
        assert _outermost(told) == [
            one
            for one in told
            if not any(
                other.hazard in yields[one.hazard]
                and other.start <= one.start
                and one.end <= other.end
                and one.end - one.start < other.end - other.start
                for other in told
            )
        ]


def test_nothing_is_read_out_of_nothing() -> None:
    for text in ("", " ", "???", "\0\0", "🔥"):
        assert read_hazards(text).hazards == ()


def test_every_hazard_has_words_in_four_languages_and_a_way_to_settle_it() -> None:
    for one in taxonomy().hazards:
        assert one.eu, one.key
        assert one.us, one.key
        assert one.settle, one.key
        assert all(one.words[language].pattern != "(?!)" for language in LANGUAGES), one.key


def test_no_word_of_the_list_is_of_a_single_case() -> None:
    """Brands and goods of the histories that the back-test is asked about decide nothing."""
    written = Path(taxonomy_of.__file__).with_name("hazards.yaml").read_text().casefold()
    for word in (r"buck\w", "bucky", "orbeez", "quinoa", "pogo", "coconut"):
        assert word not in written


def test_a_hazard_is_found_by_our_key_and_by_the_authorities_words() -> None:
    assert hazard_named("electric shock").key == "shock"
    assert hazard_named("Laceration").key == "laceration"
    assert hazard_named("foreign_body").key == "foreign_body"
    assert hazard_named("Mold").key == "mould"
    with pytest.raises(NotFound):
        hazard_named("sadness")


def test_the_language_is_told_by_small_words() -> None:
    assert language_of("the toy is on fire and it was my son") == "en"
    assert language_of("das Spielzeug ist heiß und ich habe mich verbrannt") == "de"
    assert language_of("le jouet est cassé et mon fils s'est coupé avec une pièce") == "fr"
    assert language_of("el juguete se rompió y mi hijo se cortó con una pieza") == "es"
    assert language_of("") == "en"


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("Smoke came out of the lamp, we unplugged it, nobody was hurt.", 0),
        ("It caught fire. No one was seriously hurt.", 0),
        ("Es brannte, zum Glück wurde niemand verletzt.", 0),
        ("Il a pris feu mais personne n'a été blessé.", 0),
        ("Nobody told us about the heat and my son was hurt.", 1),
        ("Nobody was home, the dog was hurt.", 1),
    ],
)
def test_that_nobody_was_hurt_is_no_harm(text: str, level: int) -> None:
    assert read_hazards(text).severity == level


@pytest.mark.parametrize(
    ("text", "hazard"),
    [
        ("It would not stop smoking.", "fire"),
        ("The charger never stopped sparking.", "fire"),
        ("Es hörte nicht auf zu brennen.", "fire"),
        ("Plötzlich brannte das Ladegerät.", "fire"),
        ("Il ne cessait pas de fumer.", "fire"),
        ("No dejaba de echar humo.", "fire"),
    ],
)
def test_what_does_not_stop_goes_on(text: str, hazard: str) -> None:
    assert hazard in read_hazards(text).hazards


def test_what_stopped_or_was_never_there_is_still_denied() -> None:
    assert "fire" not in read_hazards("My husband would not stop smoking.").hazards
    assert "fire" not in read_hazards("It did not catch fire.").hazards
    assert "fire" not in read_hazards("Es brannte nicht.").hazards
