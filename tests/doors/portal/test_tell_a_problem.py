"""Outside of any recall somebody can tell of a problem, in any language, without an account."""

from __future__ import annotations

import pytest
from django.test import Client

from holdfast.decision.intake.models import Complaint

pytestmark = pytest.mark.django_db
URL = "/recall/problem"


def test_a_problem_is_told_and_read_and_only_a_reference_is_shown(client: Client) -> None:
    assert "Ein Problem melden" in client.get(f"{URL}?l=de").content.decode()
    empty = client.post(f"{URL}?l=ar", {"what": " "})
    assert empty.status_code == 400
    assert 'role="alert"' in empty.content.decode()
    given = {
        "what": "Das Ladegerät ist explodiert, mein Finger ist verbrannt.",
        "product": "VL-10K",
        "code": "B17",
        "contact": "ana@example.org",
    }
    done = client.post(f"{URL}?l=de", given)
    one = Complaint.objects.get()
    assert one.source_id in done.content.decode()
    assert (one.channel, one.urgency, one.told["lot"]) == ("portal", 0, "B17")
    assert one.informant.email == "ana@example.org"
