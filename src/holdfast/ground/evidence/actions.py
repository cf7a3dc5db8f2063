"""Attach a file, and erase one that must not be kept."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import PurePosixPath

from django.db import transaction

from holdfast.ground.evidence import store
from holdfast.ground.evidence.events import EvidenceAttached, EvidenceErased
from holdfast.ground.evidence.models import EvidenceFile
from holdfast.ground.evidence.policies import require_attach, require_erase
from holdfast.ground.journal.actions import record
from holdfast.kit.actors import Actor
from holdfast.kit.refusals import Forbidden, Unreadable


def attach_file(
    *,
    subject: str,
    about: str,
    name: str,
    content: Iterable[bytes],
    note: str = "",
    by: Actor,
    now: datetime,
) -> EvidenceFile:
    """Keep a file as evidence about a recall (`subject`) or something in it (`about`).

    The bytes are on the disk before the row is; a crash between leaves bytes that nothing names.
    """
    require_attach(by)
    name = _plain(name)
    digest, size = store.put(content, name=name)
    with transaction.atomic():
        file, is_new = EvidenceFile.objects.get_or_create(
            subject=subject,
            about=about,
            sha256=digest,
            defaults={
                "name": name,
                "size": size,
                "note": note[:500],
                "added_by": by.key,
                "added_at": now,
            },
        )
        if not is_new and file.erased_at is None:
            return file
        if not is_new:
            file.erased_at, file.erased_by, file.erased_reason = None, "", ""
            file.save()
        fact = EvidenceAttached(
            number=file.pk, about=about or subject or "the instance", size=size, sha256=digest
        )
        record(fact, by=by, now=now, subject=subject)
    return file


def erase_file(*, file: EvidenceFile, reason: str, by: Actor, now: datetime) -> EvidenceFile:
    """Erase the bytes of a file; its row and SHA-256 stay, and every package says it is gone."""
    require_erase(by)
    if not reason.strip():
        raise Unreadable("reason_missing", "Erasing a file takes a reason; it is kept.")
    with transaction.atomic():
        file = EvidenceFile.objects.select_for_update().get(pk=file.pk)
        if file.erased_at is not None:
            raise Forbidden("already_erased", "This file was erased before.")
        file.erased_at, file.erased_by, file.erased_reason = now, by.key, reason.strip()[:300]
        file.save()
        record(
            EvidenceErased(number=file.pk, sha256=file.sha256, reason=file.erased_reason),
            by=by,
            now=now,
            subject=file.subject,
        )
        is_last = not EvidenceFile.objects.filter(
            sha256=file.sha256, erased_at__isnull=True
        ).exists()
        if is_last:
            # After the commit: bytes without a row can be erased again, a row without bytes not.
            transaction.on_commit(lambda: store.erase(file.sha256))
    return file


def _plain(name: str) -> str:
    """The last part of a file name as a browser or a shell gave it, without control characters."""
    last = PurePosixPath(name.replace("\\", "/")).name
    plain = "".join(char for char in last if char.isprintable()).strip()[-255:]
    return plain or "file"
