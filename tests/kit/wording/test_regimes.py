"""Every regime of the law can be linted; what is not known of it is said, never made up."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import holdfast
from holdfast.kit.refusals import NotFound
from holdfast.kit.renderings.content import NoticeContent, NoticeFacts, prose
from holdfast.kit.renderings.draft import draft
from holdfast.kit.wording.lawpage import page
from holdfast.kit.wording.lint import lint_text
from holdfast.kit.wording.profile import profile, regime_id, regimes
from holdfast.kit.wording.tongue import complete_languages, languages, tongue

pytestmark = pytest.mark.once
REGIMES = frozenset(
    """us_cpsc_consumer us_fda_food_rfr us_fda_recall_part7 us_fda_infant_formula us_fda_fsma204
    us_fda_devices us_fda_drugs us_fda_cosmetics_mocra us_usda_fsis us_nhtsa_vehicles eu_gpsr
    eu_gpsr_marketplace eu_safety_gate_authority eu_food eu_mdr_ivdr eu_cosmetics eu_vehicles
    eu_cra_connected_products uk_gpsr uk_food uk_devices ca_ccpsa ca_food_sfcr ca_devices ca_drugs
    ca_vehicles au_acl au_food au_therapeutic_vehicles nz_fta nz_food jp_cpsa jp_food
    kr_product_safety cn_consumer_goods cn_food_vehicle br_cdc mx_profeco ch_prsg sg_devices
    sg_consumer_food in_food in_consumer za_cpa il_consumer tr_7223 ae_product_safety
    sa_product_safety gcc_gso""".split()
)
EU_LANGUAGES = frozenset(
    "bg cs da de el en es et fi fr ga hr hu it lt lv mt nl pl pt ro sk sl sv".split()
)
SURE = {"verified", "recalled", "unknown", "house"}
FACTS = NoticeFacts(
    shop="Lumen & Vale",
    product="Power bank VL-10K",
    hazard="fire",
    lots=("B17",),
    url="https://lumenvale.example/recall",
    phone="0800 555 0142",
    sold_from="2026-02-06",
    sold_to="2026-04-14",
    units="4,200",
    price="$39.00",
    made_from="2025-11-03",
    made_to="2026-01-20",
    maker="Voltcraft Ltd, Shenzhen",
    incidents="12",
    injuries="2",
    deaths="0",
    noticed_on="2026-11-22",
)


def test_every_regime_of_the_law_has_a_profile():
    assert set(regimes()) == REGIMES


@pytest.mark.parametrize("regime", sorted(REGIMES))
def test_every_line_of_a_profile_says_its_law_and_how_sure_it_is(regime):
    law = profile(regime)
    assert law.id == regime
    assert law.law
    assert law.authority
    assert law.wording in ("known", "partly", "unknown")
    cited = [*law.elements, *law.unchecked, *law.headings.values(), *law.banned.values()]
    assert {one.confidence for one in cited} | {law.confidence} <= SURE
    assert all(getattr(one, "law", "x") for one in cited)
    if law.wording == "unknown":
        # nothing is claimed of a law nobody read
        assert {one.confidence for one in law.elements} == {"house"}
        assert any(one.id == "content" for one in law.unchecked)
    if "verified" in {one.confidence for one in law.elements}:
        assert law.sources


@pytest.mark.parametrize("regime", sorted(REGIMES))
def test_an_element_is_looked_for_by_a_check_the_linter_has(regime):
    built_in = {"heading", "picture", "contact", "date", "outcome", "reason", "remedy"}
    known = built_in | {"recall_heading"} | tongue("en").elements.keys()
    assert {one.check for one in profile(regime).elements} <= known


@pytest.mark.parametrize("language", complete_languages())
@pytest.mark.parametrize("regime", sorted(REGIMES))
def test_a_complete_draft_of_the_library_passes_its_own_profile(regime, language):
    facts = FACTS if regime == "us_cpsc_consumer" else NoticeFacts.from_json(FACTS.as_json())
    facts = NoticeFacts.from_json({**facts.as_json(), "regime": regime})
    text, _ = prose(NoticeContent(language, facts, draft(facts, language)))
    report = lint_text(text, regime=regime, language=language, has_picture=True)
    assert report.count("block") == 0
    if regime in ("eu_gpsr", "us_cpsc_consumer", "au_acl", "nz_fta", "eu_food", "us_fda_food_rfr"):
        assert {one.rule for one in report.findings} <= {"other_language"}
        assert all(element.present for element in report.elements)
    banned = [one for one in report.findings if one.rule.startswith(("banned", "mechanism"))]
    assert banned == []


def test_an_unknown_regime_is_refused_with_the_list():
    with pytest.raises(NotFound) as refused:
        profile("eu_gspr")
    assert "eu_gpsr" in str(refused.value.hint)
    assert all(one in str(refused.value.hint) for one in REGIMES)


def test_the_id_a_regime_had_before_is_still_understood():
    assert regime_id("us_cpsc") == "us_cpsc_consumer"
    assert lint_text("A recall.", regime="us_cpsc", language="en").regime == "us_cpsc_consumer"


def test_a_regime_whose_rules_are_unknown_says_so_in_a_warning_and_in_the_list():
    report = lint_text("A recall.", regime="kr_product_safety", language="en")
    said = [one for one in report.findings if one.rule == "not_checked.regime"]
    assert [one.severity for one in said] == ["warn"]
    assert "regime" in {one.id for one in report.not_checked}


def test_all_24_headings_are_listed_and_only_those_read_are_verified():
    headings = profile("eu_gpsr").headings
    assert headings.keys() == EU_LANGUAGES
    verified = {code: one.text for code, one in headings.items() if one.confidence == "verified"}
    assert verified == {"en": "Product safety recall", "de": "Produktsicherheitsrückruf"}
    assert all(one.text for one in headings.values() if one.confidence != "unknown")
    assert all(one.source for one in headings.values())
    for code in languages():
        if code in headings and tongue(code).heading:
            assert tongue(code).heading_confidence == headings[code].confidence


@pytest.mark.parametrize(("language", "said"), [("en", False), ("fr", True), ("es", True)])
def test_a_heading_nobody_read_in_the_law_is_named_as_unverified(language, said):
    report = lint_text("…", regime="eu_gpsr", language=language)
    assert ("heading" in {one.id for one in report.not_checked}) is said


def test_a_profile_older_than_twelve_months_has_a_banner():
    law = profile("eu_gpsr")
    assert law.as_of == date(2026, 11, 22)
    assert law.banner(date(2027, 11, 22)) == ""
    assert "2026-11-22" in law.banner(date(2027, 11, 23))
    old = lint_text("…", regime="eu_gpsr", language="en", today=date(2028, 1, 1))
    assert old.as_json()["banner"]
    assert lint_text("…", regime="eu_gpsr", language="en").banner == ""


def test_the_page_on_notice_law_is_written_from_the_data():
    written = Path(holdfast.__file__).parents[2] / "docs" / "notice-law.md"
    assert written.read_text(encoding="utf-8") == page()
