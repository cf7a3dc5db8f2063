"""O5 for a large shop: the scope is a job with progress; two people, a stop and a failure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from holdfast.config.worker import run_jobs, run_reactions
from holdfast.decision.recalls.actions import propose_scope
from holdfast.decision.recalls.models import Recall, ScopeVersion
from holdfast.decision.recalls.queries import scoping
from holdfast.ground.jobs.models import Job
from holdfast.kit.actors import Actor
from holdfast.kit.trace.criteria import Criteria
from holdfast.supply.orders.models import OrderLine
from holdfast.supply.traceability.models import Receipt
from tests.doors.desk.conftest import LATER
from tests.doors.desk.test_bring_data_in import words

pytestmark = pytest.mark.django_db
RULE = {"step": "propose", "products": "VL-10K", "lots": "B17"}


@pytest.fixture(autouse=True)
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twelve lines are a large shop here, and every line is told."""
    monkeypatch.setattr("holdfast.doors.desk.scope.LARGE", 5)
    monkeypatch.setattr(scoping, "WATCH_EVERY", 1)
    monkeypatch.setattr("holdfast.decision.recalls.jobs.TELL_EVERY", 0.0)


def ask(desk: Client, recall: Recall, **more: str) -> str:
    answer = desk.post(f"/recalls/{recall.ref}/scope/", {**RULE, **more})
    assert answer.status_code == 302, words(answer)
    return str(answer.headers["Location"])


def test_a_large_scope_is_a_job_that_lands_on_the_proposed_version(
    desk: Client, recall: Recall, orders: list[OrderLine]
) -> None:
    address = ask(desk, recall)
    assert "/scope/jobs/" in address
    waiting = desk.get(address)
    assert "Waiting for the worker" in words(waiting)
    assert waiting.headers["Refresh"] == "1"
    assert "Refresh" not in desk.get(f"{address}?still=1").headers
    assert "A scope is being worked out" in words(desk.get(f"/recalls/{recall.ref}/scope/"))
    assert run_jobs() == 1
    drawing = desk.get(address)
    assert "its numbers are being put together" in words(drawing)
    assert drawing.headers["Refresh"] == "1"
    run_reactions(now=LATER)
    landed = desk.get(address, follow=True)
    assert landed.redirect_chain[-1][0] == f"/recalls/{recall.ref}/scope/"
    assert "Scope v1 is proposed." in words(landed)
    assert "Confirm scope v1" in words(landed)
    assert "only lot B17 was in stock then" in words(landed)


def test_the_worker_finds_what_the_page_would_have_found(
    desk: Client, recall: Recall, orders: list[OrderLine], owner: Actor
) -> None:
    ask(desk, recall)
    run_jobs()
    by_worker = recall.scopes.get()
    asked = Criteria(products=("VL-10K",), lots=("B17",))
    again = propose_scope(recall=recall, criteria=asked, by=owner, now=LATER)
    assert again.pk == by_worker.pk
    assert by_worker.proposed_by == owner.key


def test_a_small_shop_gets_its_answer_at_once(
    desk: Client, recall: Recall, orders: list[OrderLine], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("holdfast.doors.desk.scope.LARGE", 5_000)
    assert ask(desk, recall) == f"/recalls/{recall.ref}/scope/"
    assert recall.scopes.get().state == "proposed"
    assert not Job.objects.exists()


def test_what_was_seen_on_the_way_is_told_on_arrival(
    desk: Client, recall: Recall, orders: list[OrderLine]
) -> None:
    address = ask(desk, recall, lots="ZZ99")
    run_jobs()
    run_reactions(now=LATER)
    assert "Nothing recorded here names lot “ZZ99”" in words(desk.get(address, follow=True))


def test_the_same_question_twice_is_one_job(
    desk: Client, recall: Recall, orders: list[OrderLine]
) -> None:
    assert ask(desk, recall) == ask(desk, recall)
    assert Job.objects.filter(kind="scope").count() == 1


def test_another_question_waits_for_the_first_and_stays_typed(
    desk: Client, recall: Recall, orders: list[OrderLine]
) -> None:
    first = ask(desk, recall)
    answer = desk.post(f"/recalls/{recall.ref}/scope/", {**RULE, "lots": "B18"})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Another scope of" in page
    assert f'href="{first}"' in page
    assert 'value="B18"' in page
    assert Job.objects.filter(kind="scope").count() == 1


def test_a_waiting_scope_is_stopped_at_once_and_leaves_nothing(
    desk: Client, recall: Recall, orders: list[OrderLine]
) -> None:
    address = ask(desk, recall, rationale="first thought")
    stopped = desk.post(f"{address}cancel", follow=True)
    assert "Stopped. Nothing of it was kept" in words(stopped)
    assert "Refresh" not in stopped.headers
    assert run_jobs() == 0
    assert not recall.scopes.exists()
    job = Job.objects.get(kind="scope")
    back = desk.get(f"/recalls/{recall.ref}/scope/?job={job.pk}").content.decode()
    assert "first thought" in back
    assert ask(desk, recall) != address


def test_a_scope_at_work_is_stopped_at_its_next_line(
    desk: Client, recall: Recall, orders: list[OrderLine]
) -> None:
    address = ask(desk, recall)
    Job.objects.update(is_cancel_asked=True)
    assert run_jobs() == 1
    assert Job.objects.get().state == "cancelled"
    assert not ScopeVersion.objects.exists()
    assert "Stopped. Nothing of it was kept" in words(desk.get(address))


def test_stopping_what_has_just_ended_says_what_became_of_it(
    desk: Client, recall: Recall, orders: list[OrderLine]
) -> None:
    address = ask(desk, recall)
    run_jobs()
    run_reactions(now=LATER)
    landed = desk.post(f"{address}cancel", follow=True)
    assert "It had ended before it could be stopped." in words(landed)
    assert "Scope v1 is proposed." in words(landed)


def test_a_refused_scope_says_why_and_keeps_what_was_typed(
    desk: Client, recall: Recall, orders: list[OrderLine]
) -> None:
    ask(desk, recall)
    run_jobs()
    version = recall.scopes.get()
    settled = {"step": "confirm", "version": version.number, "digest": version.digest}
    desk.post(f"/recalls/{recall.ref}/scope/", settled)
    address = ask(desk, recall, markets="DE")
    run_jobs()
    page = desk.get(address)
    assert "needs a reason" in words(page)
    assert "The scope is as it was before." in words(page)
    assert "Refresh" not in page.headers
    job = Job.objects.latest("pk")
    assert job.state == "failed"
    back = desk.get(f"/recalls/{recall.ref}/scope/?job={job.pk}").content.decode()
    assert 'value="DE"' in back


def test_who_lost_the_right_since_proposes_nothing(
    desk: Client, recall: Recall, orders: list[OrderLine], member: Callable[..., Actor]
) -> None:
    ask(desk, recall)
    gone = member("Vera", "viewer")
    Job.objects.update(asked_by=gone.key)
    run_jobs()
    assert Job.objects.get(kind="scope").state == "failed"
    assert not recall.scopes.exists()


def test_widening_a_large_scope_counts_as_soon_as_it_is_there(
    desk: Client, recall: Recall, orders: list[OrderLine]
) -> None:
    ask(desk, recall)
    run_jobs()
    version = recall.scopes.get()
    settled = {"step": "confirm", "version": version.number, "digest": version.digest}
    desk.post(f"/recalls/{recall.ref}/scope/", settled)
    wider = {"step": "widen", "leave_out": "lots"}
    address = desk.post(f"/recalls/{recall.ref}/scope/", wider).headers["Location"]
    run_jobs()
    run_reactions(now=LATER)
    assert "Scope v2, wider, counts from now on." in words(desk.get(address, follow=True))
    assert recall.scopes.get(state="confirmed").number == 2


def test_dates_of_arrival_and_their_question_are_kept_together(
    desk: Client, recall: Recall, orders: list[OrderLine]
) -> None:
    ask(desk, recall, lots="ZZ99")
    run_jobs()
    arrived = {"step": "arrived", "lot": "ZZ99", "came": "2026-03-01", "gone": "2026-03-09"}
    answer = desk.post(f"/recalls/{recall.ref}/scope/", arrived)
    assert "/scope/jobs/" in answer.headers["Location"]
    assert Receipt.objects.filter(lot="ZZ99").exists()
    again = {**arrived, "came": "2026-02-01", "gone": "2026-02-09"}
    desk.post(f"{answer.headers['Location']}cancel")
    ask(desk, recall)  # somebody else's question is at work now
    assert desk.post(f"/recalls/{recall.ref}/scope/", again).status_code == 409
    assert Receipt.objects.filter(lot="ZZ99").count() == 1


def test_a_job_that_nobody_takes_up_says_so(
    desk: Client, recall: Recall, orders: list[OrderLine]
) -> None:
    address = ask(desk, recall)
    assert "No worker has taken this up" not in words(desk.get(address))
    Job.objects.update(asked_at=datetime.now(UTC) - timedelta(seconds=20))
    assert "No worker has taken this up" in words(desk.get(address))
    lost = datetime.now(UTC) - timedelta(seconds=1)
    Job.objects.update(state="working", claimed_until=lost)
    assert "Its worker has gone silent" in words(desk.get(address))


def test_progress_is_told_in_lines_and_never_runs_over(
    desk: Client, recall: Recall, orders: list[OrderLine], monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[int, int]] = []
    monkeypatch.setattr(
        "holdfast.decision.recalls.jobs.report_progress",
        lambda **given: told.append((given["done"], given["total"])),
    )
    ask(desk, recall)
    run_jobs()
    assert told == sorted(told)
    assert {total for _, total in told} == {24}  # twelve lines, read and judged
    assert told[-1] == (24, 24)
    assert max(done for done, _ in told[:-1]) == 23
