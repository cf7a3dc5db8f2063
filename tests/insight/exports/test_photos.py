"""A notice's photo is in the package under its hash; a person's photo is not, only that it was."""

from __future__ import annotations

from pathlib import Path

from holdfast.kit.actors import PUBLIC
from holdfast.kit.ledger import verify
from holdfast.response.notices.actions import approve_text, set_photo
from holdfast.response.notices.models import NoticePhoto, NoticeText
from holdfast.response.remedies.actions import add_claim_photos
from holdfast.response.remedies.models import Claim, ClaimPhoto
from tests.decision.conftest import ALONE, APPROVER
from tests.insight.exports.conftest import LATER, Told
from tests.insight.exports.test_evidence import export, files_of, rows_of
from tests.kit.test_pictures import bytes_of, scene


def test_what_was_shown_is_in_the_package_and_what_people_sent_is_not(
    told: Told, tmp_path: Path
) -> None:
    texts = NoticeText.objects.filter(notice__recall=told.recall).exclude(state="superseded")
    alts = {text.language: "Black power bank" for text in texts}
    set_photo(recall=told.recall, data=bytes_of(scene(), "PNG"), alts=alts, by=ALONE, now=LATER)
    for text in texts.all():
        approve_text(text=text, by=APPROVER, now=LATER)
    claim = Claim.objects.filter(recall=told.recall).order_by("pk")[0]
    add_claim_photos(claim=claim, pictures=[bytes_of(scene(), "JPEG")], by=PUBLIC, now=LATER)
    path = tmp_path / "p.zip"
    assert export(path, told.recall.ref)["faults"] == []
    assert verify.verify(str(path), str(path.with_suffix(".json")))["ok"]
    files, photo = files_of(path), NoticePhoto.objects.get()
    assert files[f"evidence/{photo.sha256}.jpg"] == bytes(photo.paper)
    assert rows_of(path, "notice_photos.csv")[0]["sha256"] == photo.sha256
    (row,) = rows_of(path, "claim_photos.csv")
    assert (row["claim"], row["number"]) == (claim.reference, "1")
    secret = bytes(ClaimPhoto.objects.get().content)
    assert not [name for name, content in files.items() if secret[200:400] in content]
