"""Owners in the EU and the US: each is told in the text of their law, approved on its own."""

from __future__ import annotations

import csv
import io
from typing import Any

import pypdf
import pytest

from holdfast.decision.recalls.actions import open_recall
from holdfast.ground.outbox.actions import claim_window, move_wave, open_wave
from holdfast.ground.outbox.models import Message, Skeleton, Wave
from holdfast.kit.actors import SYSTEM
from holdfast.kit.refusals import Forbidden, NotFound
from holdfast.kit.renderings.content import approved_form, content_sha256
from holdfast.response.notices import printing
from holdfast.response.notices.actions import (
    approve_text,
    draft_notice,
    edit_text,
    withdraw_approval,
    write_notice_file,
)
from holdfast.response.notices.queries import (
    approved_texts,
    by_law,
    coverage,
    current_notice,
    text_in,
    text_laws,
)
from holdfast.response.outreach.actions import plan_wave
from holdfast.response.outreach.queries import look_at_gates, reach

KEY = b"k" * 32
HOST = "lumenvale.example"
URL = f"https://{HOST}"
COUNTS = {"incidents": "4", "injuries": "0", "deaths": "0", "units": "4200"}
US = "us_cpsc_consumer"


@pytest.fixture
def lands(small):
    """One owner each, all of whom read English, but the German."""
    people = {}
    for land in ("IE", "US", "GB", "DE"):
        people[land] = small.customer(
            country=land,
            language="de" if land == "DE" else "en",
            street="1 Road",
            city="Town",
            name=f"Owner {land}",
        )
    small.scope({small.line(customer=one, market=land): 1 for land, one in people.items()})
    small.people = people
    return small


def drafted(lands: Any, **changes: str) -> Any:
    return draft_notice(
        recall=lands.recall,
        url=f"{URL}/recall",
        changes={"phone": "0800 555 0142", **changes},
        by=lands.by,
        now=lands.now,
    )


def approved(lands: Any, *names: str) -> None:
    for name in names:
        approve_text(text=text_in(lands.recall, name), by=lands.by, now=lands.now)


def planned(lands: Any) -> Wave:
    wave = open_wave(recall=lands.recall.ref, number=1, channel="email", by=SYSTEM, now=lands.now)
    plan_wave(recall=lands.recall, wave=wave, key=KEY, host=HOST, by=lands.by, now=lands.now)
    return wave


def launched(lands: Any) -> Wave:
    wave = move_wave(wave=planned(lands), move="launch", ramp_percent=100, by=SYSTEM, now=lands.now)
    return move_wave(wave=wave, move="finish_ramp", by=SYSTEM, now=lands.now)


def told(lands: Any) -> dict[str, str]:
    """The plain text each is to get, by country."""
    found = {}
    for row in Message.objects.select_related("skeleton"):
        land = next(k for k, one in lands.people.items() if row.recipient == f"customer:{one.pk}")
        pieces = row.skeleton.parts["text"]
        found[land] = "".join(one for one in pieces if isinstance(one, str))
    return found


def gate(lands: Any, name: str) -> Any:
    gates = look_at_gates(
        lands.recall,
        wave=1,
        home=lands.home,
        key=KEY,
        public_url=URL,
        probe=None,
    )
    return next(one for one in gates if one.name == name)


def test_each_gets_the_text_of_their_law_and_laws_alike_share_one(lands):
    notice = drafted(lands, **COUNTS)
    assert notice.facts["regimes"] == ["eu_gpsr", US, "uk_gpsr"]
    names = {text.name for text in notice.texts.all()}
    assert names == {"en", "de", f"en:{US}"}
    approved(lands, *names)
    planned(lands)
    texts = told(lands)
    assert texts["IE"] == texts["GB"]
    assert "Incidents: 4. Injuries: 0. Deaths: 0." in texts["US"]
    assert "4200" in texts["US"]
    for land in ("IE", "GB", "DE"):
        assert "Injuries" not in texts[land]
        assert "4200" not in texts[land]


def test_each_law_is_approved_on_its_own_and_its_people_wait_until_then(lands):
    lands.home = None
    drafted(lands, **COUNTS)
    approved(lands, "en", "de")
    found = reach(lands.recall).coverage
    assert dict(found.waiting) == {US: 1}
    assert found.uncovered == {}
    wave = launched(lands)
    assert set(told(lands)) == {"IE", "GB", "DE"}
    approved(lands, f"en:{US}")
    assert reach(lands.recall).coverage.waiting == {}
    added = plan_wave(
        recall=lands.recall, wave=wave, key=KEY, host=HOST, by=lands.by, now=lands.now
    )
    assert added == 1
    assert "Injuries: 0" in told(lands)["US"]
    window = claim_window(wave=wave, most=100, worker="me", by=SYSTEM, now=lands.now)
    assert len(window.rows) == 4


def test_the_gate_says_how_many_wait_for_which_law(lands, tmp_path):
    lands.home = tmp_path
    drafted(lands, **COUNTS)
    approved(lands, "en", "de")
    red = gate(lands, "laws")
    assert (red.state, red.may_be_waived) == ("red", True)
    assert "1 people wait" in red.words
    assert US in red.words
    assert gate(lands, "languages").state == "green"
    approved(lands, f"en:{US}")
    assert gate(lands, "laws").state == "green"


def test_what_changed_under_one_law_holds_up_its_people_and_nobody_else(lands):
    drafted(lands, **COUNTS)
    approved(lands, "en", "de", f"en:{US}")
    wave = launched(lands)
    american = text_in(lands.recall, f"en:{US}")
    edit_text(text=american, changes={"apology": "We regret it."}, by=lands.by, now=lands.now)
    window = claim_window(wave=wave, most=100, worker="me", by=SYSTEM, now=lands.now)
    reached = {row.recipient for row in window.rows}
    assert reached == {f"customer:{lands.people[land].pk}" for land in ("IE", "GB", "DE")}
    approved(lands, f"en:{US}")
    assert "We regret it." in told(lands)["US"]
    assert "We regret it." not in told(lands)["IE"]
    # and the other way round: a text taken back in Europe leaves the American one released
    withdraw_approval(text=text_in(lands.recall, "en"), reason="a word", by=lands.by, now=lands.now)
    assert Skeleton.objects.get(law=US, is_released=True).language == "en"
    assert set(approved_texts(lands.recall)) == {"de", f"en:{US}"}


def test_while_a_count_is_missing_people_under_that_law_are_told_in_the_own_text(lands):
    drafted(lands, incidents="4", units="4200")
    assert text_in(lands.recall, f"en:{US}").law == ""
    approved(lands, "en", "de")
    assert dict(reach(lands.recall).coverage.waiting) == {}
    launched(lands)
    texts = told(lands)
    assert texts["US"]
    assert "Incidents" not in texts["US"]


def test_once_the_counts_are_given_the_law_has_a_text_and_an_approval_of_its_own(lands):
    drafted(lands, incidents="4", units="4200")
    approved(lands, "en", "de")
    drafted(lands, **COUNTS)
    assert text_in(lands.recall, f"en:{US}").law == US
    approved(lands, "en", "de")
    assert dict(reach(lands.recall).coverage.waiting) == {US: 1}
    approved(lands, f"en:{US}")
    launched(lands)
    assert "Incidents: 4." in told(lands)["US"]


def test_the_hash_of_an_approval_covers_the_law(lands):
    drafted(lands, **COUNTS)
    text = text_in(lands.recall, f"en:{US}")
    own = content_sha256("en", text.notice.facts, text.content)
    assert text.sha256 != own
    approved(lands, f"en:{US}")
    kept = text.approvals.get().content
    assert kept == approved_form("en", {**text.notice.facts, "regime": US}, text.content)


def test_a_new_version_replaces_the_text_of_each_law_when_that_is_approved(lands):
    drafted(lands, **COUNTS)
    approved(lands, "en", "de", f"en:{US}")
    launched(lands)
    drafted(lands, incidents="5")
    approved(lands, "en", "de")
    texts = told(lands)
    assert "Incidents: 4." in texts["US"]
    approved(lands, f"en:{US}")
    assert "Incidents: 5." in told(lands)["US"]
    assert "Incidents" not in told(lands)["IE"]
    versions = {name: text.notice.version for name, text in approved_texts(lands.recall).items()}
    assert versions == {"en": 2, "de": 2, f"en:{US}": 2}


def test_under_a_us_recall_the_others_share_one_text_without_counts(lands):
    lands.recall.profile = US
    lands.recall.save()
    notice = drafted(lands, **COUNTS)
    assert notice.facts["regimes"] == [US, "eu_gpsr", "uk_gpsr"]
    assert {text.name for text in notice.texts.all()} == {
        "en",
        "de",
        "en:eu_gpsr",
        "de:eu_gpsr",
    }
    laws = text_laws(lands.recall)
    assert [laws.text_for(land) for land in ("US", "GB", "IE", "")] == [
        "",
        "eu_gpsr",
        "eu_gpsr",
        "",
    ]
    found = coverage(lands.recall, by_law(current_notice(lands.recall).texts.all()), laws)
    assert dict(found.people) == {"en": 1, "en:eu_gpsr": 2, "de:eu_gpsr": 1}
    assert text_in(lands.recall, "en:uk_gpsr").name == "en:eu_gpsr"
    assert text_in(lands.recall, "en:us_cpsc").name == "en"


def test_an_owner_under_a_law_the_notice_has_no_text_for_waits(lands):
    lands.people["US"].country = "IE"
    lands.people["US"].save()
    drafted(lands, **COUNTS)
    approved(lands, "en", "de")
    late = lands.customer(country="US", language="en", name="Owner late")
    lands.scope(dict.fromkeys(lands.lines, 1) | {lands.line(customer=late, market="US"): 1})
    assert dict(reach(lands.recall).coverage.waiting) == {US: 1}
    planned(lands)
    assert Message.objects.count() == 4
    with pytest.raises(NotFound):
        text_in(lands.recall, f"en:{US}")


def test_letters_merge_and_message_files_follow_the_law_too(lands):
    drafted(lands, **COUNTS)
    approved(lands, "en", "de")
    made = write_notice_file(
        recall=lands.recall, form="merge", key=KEY, public_url=URL, by=lands.by, now=lands.now
    )
    assert (made.people, made.remarks) == (3, ("1 wait: no text under their law is approved.",))
    approved(lands, f"en:{US}")
    room = printing.PrintRoom.of(lands.recall, key=KEY, public_url=URL)
    people = list(printing.with_address(lands.recall))
    table = io.StringIO(printing.merge_csv(room, people).decode("utf-8-sig"), newline="")
    rows = {row["name"]: row["text"] for row in csv.DictReader(table)}
    assert "Injuries: 0" in rows["Owner US"]
    assert not any("Injuries" in rows[f"Owner {land}"] for land in ("IE", "GB", "DE"))
    pdf, _remarks = printing.letters(room, people, now=lands.now)
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]
    counted = [page for page in pages if "Injuries: 0" in page]
    assert len(pages) == 4
    assert len(counted) == 1
    assert "Owner US" in counted[0]


def test_the_page_to_upload_is_of_one_law(lands):
    drafted(lands, **COUNTS)
    approved(lands, "en", "de", f"en:{US}")
    room = printing.PrintRoom.of(lands.recall, key=KEY, public_url=URL)
    own, american = printing.page(room), printing.page(room, law="us_cpsc")
    assert "Injuries" not in own
    assert 'lang="de"' in own
    assert "Injuries: 0" in american
    assert 'lang="de"' not in american
    withdraw_approval(
        text=text_in(lands.recall, f"en:{US}"), reason="x", by=lands.by, now=lands.now
    )
    room = printing.PrintRoom.of(lands.recall, key=KEY, public_url=URL)
    with pytest.raises(Forbidden, match=f"under {US} is approved"):
        printing.page(room, law=US)


def test_a_recall_opens_under_any_regime_and_the_old_id_still_works(lands):
    made = [
        open_recall(outcome="fire", products=("X",), profile=name, by=lands.by, now=lands.now)
        for name in ("us_cpsc", "eu_cra_connected_products")
    ]
    assert [one.profile for one in made] == [US, "eu_cra_connected_products"]
    with pytest.raises(NotFound, match="no regime"):
        open_recall(outcome="fire", profile="mars", by=lands.by, now=lands.now)
