"""The sample company: believable, balanced, marked as invented, and never mixed with real data."""

import urllib.request
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db.models import Count

from holdfast.decision.recalls.models import Recall, ScopeLine
from holdfast.doors.cli.sample.story import tell_sample
from holdfast.ground.access.actions import found_instance
from holdfast.ground.access.models import Person
from holdfast.ground.access.queries import actor_for, organisation
from holdfast.ground.journal.models import Entry
from holdfast.ground.outbox.models import Message, Wave
from holdfast.response.duties.models import DutyClock
from holdfast.response.filings.models import Filing
from holdfast.response.filings.queries import Desk
from holdfast.response.notices.models import NoticeText
from holdfast.response.remedies.models import Claim, InjuryReport, Payout, PersonalLink
from holdfast.response.units.queries import balances, correction_rates
from holdfast.supply.orders.models import Customer, OrderLine

NOW = datetime(2026, 5, 4, 8, 20, tzinfo=UTC)
ORDERS = """order,product,quantity,customer,ordered_at,country,price,currency
"""


def say_there_are_about_three_thousand_orders_from_nine_countries(sample) -> None:
    orders = OrderLine.objects.values("order_number").distinct().count()
    assert 2900 <= orders <= 3100
    markets = OrderLine.objects.values_list("market").annotate(n=Count("pk"))
    assert len(markets) == 9
    assert OrderLine.objects.filter(customer__isnull=True).exists()
    assert set(OrderLine.objects.values_list("site", flat=True)) == {"Gdansk", "Lyon"}


def say_one_warehouse_writes_down_no_lots(sample) -> None:
    lots = OrderLine.objects.exclude(lot="")
    assert lots.exists()
    assert not lots.filter(site="Lyon").exists()


def say_one_recall_is_live_and_one_is_closed(sample) -> None:
    states = dict(Recall.objects.values_list("product_code", "state"))
    assert states == {"VL-10K": "telling", "DL-2": "closed"}
    assert sample.ref == "R-2026-002"


def say_the_scope_of_the_live_recall_has_every_certainty(sample) -> None:
    lines = ScopeLine.objects.filter(version__recall=sample)
    kinds = dict(lines.values_list("certainty").annotate(n=Count("pk")))
    assert kinds["confirmed"] > 50
    assert kinds["probable"] > 30
    assert kinds["cannot_rule_out"] > 0


def say_every_unit_is_accounted_for_at_every_level(sample) -> None:
    for recall in Recall.objects.all():
        assert all(balance.balances for balance in balances(recall)), recall
    names = {rate.level.name for rate in correction_rates(sample)}
    assert names == {"manufacturer", "distributor", "retailer", "consumer"}
    consumers = next(r for r in correction_rates(sample) if r.level.name == "consumer")
    assert 0.2 < consumers.share < 0.6


def say_people_were_told_in_five_languages_and_some_messages_failed(sample) -> None:
    texts = NoticeText.objects.filter(notice__recall=sample, state="approved")
    assert set(texts.values_list("language", flat=True)) == {"en", "de", "fr", "es", "ar"}
    states = dict(
        Message.objects.filter(recall=sample.ref).values_list("state").annotate(n=Count("pk"))
    )
    assert set(states) == {"accepted", "failed"}
    people = Message.objects.filter(recall=sample.ref).values("recipient").distinct().count()
    assert PersonalLink.objects.filter(recall=sample).count() == people


def say_reminders_went_out_on_their_days_to_those_who_had_not_answered(sample) -> None:
    late = Wave.objects.filter(planned_for__lt=NOW, launched_at=None)
    assert not late.filter(recall=sample.ref).exists()
    told = Message.objects.filter(recall=sample.ref)
    told = dict(told.values_list("wave").annotate(n=Count("pk")))
    assert told[1] > told[2] > told[3]


def say_no_delivery_pretends_to_be_real(sample) -> None:
    replies = Message.objects.values_list("provider_reply", flat=True).distinct()
    assert all("simulated" in reply for reply in replies)
    assert organisation().is_simulated


def say_answers_claims_payouts_and_an_injury_are_there(sample) -> None:
    claims = Claim.objects.filter(recall=sample)
    assert {"answered", "chosen", "fulfilled", "in_review"} <= set(
        claims.values_list("state", flat=True)
    )
    assert Payout.objects.filter(claim__recall=sample, state="paid").exists()
    assert InjuryReport.objects.filter(recall=sample, seen_at__isnull=True).count() == 1


def say_nobody_in_it_could_be_a_real_person(sample) -> None:
    assert not Customer.objects.exclude(email="").exclude(email__endswith="@example.org").exists()
    assert not Entry.objects.filter(payload__contains="@example.org").exists()


def say_the_story_runs_forward_in_time(sample) -> None:
    assert Entry.objects.filter(at__gt=NOW.isoformat(timespec="microseconds")).count() == 0


def say_a_report_to_an_authority_is_begun_and_says_what_it_lacks(sample) -> None:
    (filing,) = Filing.objects.all()
    clock = DutyClock.objects.get(occurrence="scorched table", regime=filing.regime, country="DE")
    assert (filing.obligation, clock.state) == (clock.obligation, "running")
    lacks = {want for one in Desk(sample, NOW).filled(filing).missing for want in one.wants}
    assert lacks == {"incident_place@DE", "contact_name"}


CHECKS = (
    say_there_are_about_three_thousand_orders_from_nine_countries,
    say_one_warehouse_writes_down_no_lots,
    say_one_recall_is_live_and_one_is_closed,
    say_the_scope_of_the_live_recall_has_every_certainty,
    say_every_unit_is_accounted_for_at_every_level,
    say_people_were_told_in_five_languages_and_some_messages_failed,
    say_reminders_went_out_on_their_days_to_those_who_had_not_answered,
    say_no_delivery_pretends_to_be_real,
    say_answers_claims_payouts_and_an_injury_are_there,
    say_a_report_to_an_authority_is_begun_and_says_what_it_lacks,
    say_nobody_in_it_could_be_a_real_person,
    say_the_story_runs_forward_in_time,
)


@pytest.mark.django_db
def test_the_sample_is_what_it_says() -> None:
    """Built once, since it takes seconds; every check that fails is named."""
    found_instance(now=NOW)
    sample = tell_sample(by=actor_for(Person.objects.get()), now=NOW)
    faults = []
    for check in CHECKS:
        try:
            check(sample)
        except AssertionError as fault:
            faults.append(f"{check.__name__.removeprefix('say_').replace('_', ' ')}: {fault}")
    assert faults == []


@pytest.mark.once
def test_the_demo_is_built_once_and_opened_at_once_after(instance) -> None:
    first = instance.json("demo", "--no-serve")
    assert first["simulated"] is True
    assert "/r/" in first["personal"]
    again = instance.json("demo", "--no-serve")
    assert again["built_in_seconds"] == 0
    assert again["personal"] == first["personal"]
    assert instance.json("recall", "units", f"R-{_live(instance)}")["balances"] is True


def _live(instance) -> str:
    recalls = instance.json("recall", "list")["recalls"]
    return next(r["recall"] for r in recalls if r["state"] == "telling").removeprefix("R-")


def test_the_sample_is_never_mixed_with_real_data(instance, tmp_path: Path) -> None:
    file = tmp_path / "orders.csv"
    file.write_text(ORDERS + "LV-1,VL-10K,1,c1,2026-03-01,DE,39.00,EUR\n")
    instance.run("import", "orders", file)
    refused = instance.json("demo", "--no-serve", expect=3)
    assert refused["error"]["code"] == "real_data_here"


def test_real_orders_get_simulated_lots_on_top_and_say_so(instance, tmp_path: Path) -> None:
    file = tmp_path / "my_orders.csv"
    rows = [
        f"A-{n},SKU-{n % 3},{1 + n % 2},c{n % 170},2026-0{1 + n % 4}-{1 + n % 27:02},DE,9.50,EUR"
        for n in range(900)
    ]
    file.write_text(ORDERS + "\n".join(rows) + "\n")
    told = instance.json("demo", "--no-serve", "--orders", file)
    assert "/r/" in told["personal"]
    serving = instance.serve("demo", "--no-browser")
    try:
        with urllib.request.urlopen(serving.url + "/recall", timeout=30) as answer:
            page = answer.read().decode()
    finally:
        serving.stop()
    assert "my_orders.csv are real; lots, receipts, addresses" in page
