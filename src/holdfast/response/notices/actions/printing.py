"""Notices that leave as files: written from approved words only, recorded with their hashes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from holdfast.decision.recalls.models import Recall
from holdfast.ground.jobs.actions import ask_job, cancel_job
from holdfast.ground.jobs.models import Job
from holdfast.ground.journal.actions import record
from holdfast.kit.actors import Actor
from holdfast.kit.refusals import Forbidden, Unreadable
from holdfast.kit.wording.profile import regime_id
from holdfast.response.notices import printing
from holdfast.response.notices.events import NoticeFileAsked, NoticeFileStopped, NoticesPrinted
from holdfast.response.notices.policies import require_notice_printing
from holdfast.response.notices.queries import approved_texts, is_approved
from holdfast.response.notices.rules import FORMS, JOB, PAPERS
from holdfast.response.remedies.actions import make_links


@dataclass(frozen=True, slots=True)
class PrintedFile:
    """A file of notices, ready to be stored or handed out."""

    form: str
    content: bytes
    people: int
    sha256: str
    remarks: tuple[str, ...] = ()


def write_notice_file(
    *,
    recall: Recall,
    form: str,
    key: bytes,
    public_url: str,
    paper: str = "a4",
    only_without_email: bool = False,
    law: str = "",
    progress: Callable[[int, int], None] | None = None,
    by: Actor,
    now: datetime,
) -> PrintedFile:
    """Letters, a mail merge, message files or the page, with a personal link for each person.

    The file is made outside any transaction; it is recorded, and handed out, only if its words
    are still the approved ones when it is done. Who has no approved text under their law is left
    out, and the remarks say how many; `law` chooses the page's, where it is not the own one.
    """
    require_notice_printing(by)
    _known(form, paper)
    room = printing.PrintRoom.of(recall, key=key, public_url=public_url)
    everybody = _people(recall, form, only_without_email=only_without_email)
    people = [one for one in everybody if room.texts_for(one)]
    if progress is not None:
        progress(0, len(people))
    make_links(recall=recall, customer_ids=[one.id for one in people], key=key, by=by, now=now)
    waiting = len(everybody) - len(people)
    remarks = [f"{waiting} wait: no text under their law is approved."] if waiting else []
    if form == "letters":
        content, more = printing.letters(room, people, now=now, paper=paper, progress=progress)
        remarks += more
    elif form == "merge":
        content = printing.merge_csv(room, people, progress=progress)
    elif form == "eml":
        if len(people) > printing.MOST_WITH_PHOTO and any(c.photo for c in room.contents.values()):
            room = printing.without_photos(room)
            remarks += ["The photo is left out of so many message files; it stands on the page."]
        content = printing.eml_zip(room, people, now=now, progress=progress)
    else:
        content = printing.page(room, law=law).encode()
    if form == "page":
        used = room.names_under(law)
    else:
        used = [name for one in people for name in room.texts_for(one)]
    digest = hashlib.sha256(content).hexdigest()
    note_printed(
        recall=recall,
        form=form,
        people=len(people),
        texts=room.hashes(used),
        file_sha256=digest,
        by=by,
        now=now,
    )
    return PrintedFile(form, content, len(people), digest, tuple(remarks))


def _people(recall: Recall, form: str, *, only_without_email: bool) -> Sequence[printing.Addressee]:
    if form == "page":
        return []
    if form == "letters":
        return list(printing.with_address(recall, only_without_email=only_without_email))
    return list(printing.with_email(recall))


def _known(form: str, paper: str) -> None:
    if form not in FORMS or paper not in PAPERS:
        raise Unreadable("unknown_form", f"Nothing is written as “{form}” on “{paper}”.")


@transaction.atomic
def ask_notice_file(
    *,
    recall: Recall,
    form: str,
    paper: str,
    only_without_email: bool,
    law: str = "",
    by: Actor,
    now: datetime,
) -> Job:
    """Have the worker write a file; asked twice while one waits, there is still one."""
    require_notice_printing(by)
    _known(form, paper)
    if not approved_texts(recall):
        raise Forbidden("no_text", f"No notice text of {recall.ref} is approved.")
    arguments: dict[str, object] = {
        "form": form,
        "paper": paper,
        "only_without_email": only_without_email,
    }
    if law:
        arguments["law"] = regime_id(law)
    same = Job.objects.filter(kind=JOB, subject=recall.ref, state__in=("waiting", "working"))
    for job in same:
        if job.arguments == arguments:
            return job
    job = ask_job(kind=JOB, arguments=arguments, subject=recall.ref, by=by, now=now)
    record(NoticeFileAsked(form=form, job=job.pk), by=by, now=now, subject=recall.ref)
    return job


@transaction.atomic
def stop_notice_file(*, recall: Recall, job: Job, by: Actor, now: datetime) -> Job:
    """Stop a file that is being written; nothing of it is kept, and nothing was handed out."""
    require_notice_printing(by)
    found = cancel_job(job=job, by=by, now=now)
    fact = NoticeFileStopped(form=str(job.arguments["form"]), job=job.pk)
    record(fact, by=by, now=now, subject=recall.ref)
    return found


@transaction.atomic
def note_printed(
    *,
    recall: Recall,
    form: str,
    people: int,
    texts: Sequence[tuple[str, str]],
    file_sha256: str,
    by: Actor,
    now: datetime,
) -> None:
    """Record a file of notices; refused where one of its texts is not the approved one any more."""
    require_notice_printing(by)
    if form not in FORMS:
        raise ValueError(f"no form {form}")
    approved = approved_texts(recall)
    version = 0
    for name, sha256 in texts:
        text = approved.get(name)
        if text is None or text.sha256 != sha256 or not is_approved(text):
            raise Forbidden(
                "changed_since",
                f"The {name} text changed while the file was written; it was not kept.",
                hint="Approve the new words and write the file again.",
            )
        version = max(version, text.notice.version)
    fact = NoticesPrinted(
        version=version,
        form=form,
        people=people,
        languages=tuple(name for name, _ in texts),
        texts=tuple(texts),
        file_sha256=file_sha256,
    )
    record(fact, by=by, now=now, subject=recall.ref)
