"""A print run longer than a claim keeps it, says how far it is, and can be stopped."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta, tzinfo

import pypdf
import pytest

from holdfast.ground.jobs.actions import LEASE, Cancelled, claim_job, finish_job
from holdfast.ground.jobs.models import Job
from holdfast.ground.journal.models import Entry
from holdfast.kit.actors import SYSTEM
from holdfast.kit.refusals import Forbidden
from holdfast.kit.renderings import letter
from holdfast.response.notices import jobs as printing
from holdfast.response.notices.actions import (
    approve_text,
    ask_notice_file,
    draft_notice,
    stop_notice_file,
)
from holdfast.response.notices.jobs import file_of, print_file
from holdfast.response.notices.queries import text_in

PEOPLE = 12


@pytest.fixture
def run(small, settings, tmp_path, monkeypatch):
    """A dozen letters, two sheets at a time: a run of six steps for a worker of one's own."""
    settings.HOME = tmp_path
    monkeypatch.setattr(letter, "WHOLE", 2)
    monkeypatch.setattr(letter, "AT_ONCE", 2)
    people = [small.customer(street=f"{n} Road", city="Town", language="en") for n in range(PEOPLE)]
    small.scope({small.line(customer=one): 1 for one in people})
    draft_notice(
        recall=small.recall,
        url="https://lumenvale.example/recall",
        changes={"phone": "0800 1"},
        by=small.by,
        now=small.now,
    )
    approve_text(text=text_in(small.recall, "en"), by=small.by, now=small.now)
    ask_notice_file(
        recall=small.recall, form="letters", paper="a4", only_without_email=False,
        by=SYSTEM, now=small.now,
    )  # fmt: skip
    return small


def claimed(worker: str = "one") -> Job:
    job = claim_job(worker=worker, by=SYSTEM, now=datetime.now(UTC))
    assert job is not None
    return job


def slow(monkeypatch, between):
    """The typesetter takes its time; `between` happens meanwhile, with the number of the step."""
    true, steps = letter.typeset, []

    def typeset(data, **more):
        steps.append(len(data["letters"]))
        between(len(steps))
        return true(data, **more)

    monkeypatch.setattr(letter, "typeset", typeset)
    return steps


class Clock:
    """The worker's clock, moved on by hand: a step that takes longer is no other test."""

    def __init__(self) -> None:
        self.hand = datetime.now(UTC)

    def now(self, _zone: tzinfo) -> datetime:
        return self.hand


def test_the_claim_is_renewed_as_it_goes_and_nobody_else_takes_it(run, monkeypatch):
    clock = Clock()
    monkeypatch.setattr(printing, "datetime", clock)
    others, seen = [], []

    def between(step):
        clock.hand += LEASE * 0.8
        others.append(claim_job(worker="two", by=SYSTEM, now=clock.hand))
        seen.append(Job.objects.values_list("done", "total").get())

    steps = slow(monkeypatch, between)
    began = clock.hand
    job = claimed()
    result = print_file(job)
    assert clock.hand - began > LEASE, "it outlived the claim it began with"
    assert others == [None] * 6
    assert steps == [2] * 6
    assert seen == [(done, PEOPLE) for done in range(0, PEOPLE, 2)]
    finish_job(job=job, result=result, error="", by=SYSTEM, now=clock.hand)
    job.refresh_from_db()
    assert (job.state, job.done, job.total) == ("done", PEOPLE, PEOPLE)
    pages = pypdf.PdfReader(file_of(job.pk, "letters")).pages
    said = [page.extract_text() for page in pages]
    assert len(said) == PEOPLE
    assert all(any(f"{n} Road" in one for one in said) for n in range(PEOPLE))


def test_it_stops_between_two_steps_and_leaves_nothing(run, monkeypatch):
    def between(step):
        if step == 3:
            job = Job.objects.get()
            stop_notice_file(recall=run.recall, job=job, by=run.by, now=run.now)

    steps = slow(monkeypatch, between)
    job = claimed()
    with pytest.raises(Cancelled) as stopped:
        print_file(job)
    finish_job(job=job, result={}, error=str(stopped.value), by=SYSTEM, now=datetime.now(UTC))
    job.refresh_from_db()
    assert job.state == "cancelled"
    assert len(steps) == 3
    assert not file_of(job.pk, "letters").exists()
    assert Entry.objects.filter(kind="NoticeFileStopped").exists()
    assert not Entry.objects.filter(kind="NoticesPrinted").exists()
    with pytest.raises(Forbidden):
        stop_notice_file(recall=run.recall, job=job, by=run.by, now=run.now)


def test_a_worker_that_lost_its_claim_stops_and_the_other_one_ends_it(run, monkeypatch):
    """It slept so long that somebody else took over: two would write the same file."""
    taken = []

    def between(step):
        if step == 2 and not taken:
            late = datetime.now(UTC) + LEASE + timedelta(seconds=1)
            taken.append(claim_job(worker="two", by=SYSTEM, now=late))

    slow(monkeypatch, between)
    first = claimed()
    with pytest.raises(Cancelled):
        print_file(first)
    finish_job(job=first, result={}, error="", by=SYSTEM, now=datetime.now(UTC))
    second = taken[0]
    second.refresh_from_db()
    assert (second.state, second.worker) == ("working", "two")
    finish_job(job=second, result=print_file(second), error="", by=SYSTEM, now=datetime.now(UTC))
    second.refresh_from_db()
    assert second.state == "done"
    assert Entry.objects.filter(kind="NoticesPrinted").count() == 1


def test_the_same_run_is_the_same_bytes_and_what_it_says_of_itself_is_ours(run):
    def whole():
        job = claimed()
        print_file(job)
        content = file_of(job.pk, "letters").read_bytes()
        Job.objects.update(state="waiting", claimed_until=None)
        return content

    from holdfast.response.notices import jobs as printing

    moment = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)

    class Clock(datetime):
        @classmethod
        def now(cls, tz=None):
            return moment

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(printing, "datetime", Clock)
        first, second = whole(), whole()
    assert first == second
    told = pypdf.PdfReader(io.BytesIO(first)).metadata
    assert told["/Title"].startswith("Product safety recall")
    assert told["/CreationDate"] == "D:20260504100000Z"


@pytest.mark.parametrize("form", ["merge", "eml"])
def test_other_files_say_how_far_they_are_too(run, form):
    Job.objects.all().delete()
    ask_notice_file(
        recall=run.recall, form=form, paper="a4", only_without_email=False, by=SYSTEM, now=run.now
    )
    job = claimed()
    print_file(job)
    job.refresh_from_db()
    assert (job.done, job.total) == (PEOPLE, PEOPLE)
