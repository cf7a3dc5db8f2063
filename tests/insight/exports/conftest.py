"""A recall that went through everything: scope, decision, files, claims, money, messages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction

from holdfast.decision.recalls.actions import (
    classify_recall,
    confirm_scope,
    evaluate_hazard,
    propose_decision,
    record_authority_class,
    record_dissent,
    sign_decision,
)
from holdfast.decision.recalls.models import Recall
from holdfast.ground.evidence.actions import attach_file
from holdfast.ground.evidence.models import EvidenceFile
from holdfast.ground.journal.actions import record
from holdfast.ground.outbox.events import DeliveriesSettled, MessagesPlanned
from holdfast.ground.outbox.models import Message, Skeleton
from holdfast.ground.outbox.queries import wave_digest
from holdfast.kit.actors import PUBLIC, SYSTEM
from holdfast.response.holds.actions import add_hold, stop_hold
from holdfast.response.notices.actions import approve_text, draft_notice
from holdfast.response.remedies.actions import (
    answer_have,
    choose_remedy,
    export_payouts,
    report_injury,
    set_remedies,
)
from holdfast.response.remedies.queries import owned_by
from holdfast.response.units.actions import rebalance_units
from tests.decision.conftest import ALONE, APPROVER, NOW, Shop

LATER = NOW + timedelta(hours=3)
SECRETS = (
    "jane.doe@shop.example",
    "Jane Doe",
    "+49 171 2345678",
    "Hidden Lane 7",
    "it burnt my hand",
)


@dataclass
class Told:
    """The recall and what to look for."""

    shop: Shop
    recall: Recall
    file: EvidenceFile
    messages: list[Message]


def behind(sql: str, *values: object) -> int:
    """A change that no action made."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.rowcount


def send(recall: Recall, people: list[int]) -> list[Message]:
    """One wave to these customers; the first is not clear."""
    skeleton = Skeleton.objects.create(
        recall=recall.ref, language="en", channel="email", text_sha256="1" * 64, is_released=True
    )
    with transaction.atomic():
        messages = [
            Message.objects.create(
                recall=recall.ref,
                recipient=f"customer:{number}",
                channel="email",
                wave=1,
                address=SECRETS[0],
                values={"name": SECRETS[1]},
                skeleton=skeleton,
                message_id=f"<{recall.ref}.{number}@holdfast.example>",
            )
            for number in people
        ]
        record(
            MessagesPlanned(
                wave=1,
                channel="email",
                count=len(messages),
                all_sha256=wave_digest(recall.ref, 1, "email"),
            ),
            by=SYSTEM,
            now=LATER,
            subject=recall.ref,
        )
        ended = []
        for at, message in enumerate(messages):
            message.state = "ambiguous" if at == 0 else "accepted"
            message.attempts = 1
            message.first_attempt_at = message.last_attempt_at = LATER
            message.provider_reply = f"250 <{SECRETS[0]}> ok"
            message.save()
            ended.append((message.message_id, message.state, 1, "250 ok"))
        record(
            DeliveriesSettled(wave=1, channel="email", count=len(ended), deliveries=tuple(ended)),
            by=SYSTEM,
            now=LATER,
            subject=recall.ref,
        )
    return messages


def live(shop: Shop) -> Told:
    """One whole recall."""
    buyers = [
        shop.customer(
            f"c{number}",
            name=SECRETS[1],
            email=SECRETS[0],
            phone=SECRETS[2],
            street=SECRETS[3],
        )
        for number in range(4)
    ]
    for number in range(8):
        shop.line(
            "VL-10K",
            quantity=number + 1,
            person=f"c{number % 4}",
            unit_price=Decimal("39.00"),
            currency="EUR",
        )
    recall = shop.recall()
    scope = shop.scope(recall)
    confirm_scope(version=scope, by=ALONE, now=NOW)
    recall.refresh_from_db()
    evaluate_hazard(
        recall=recall, severity=3, probability="1/1000", scenario="it overheats", by=ALONE, now=NOW
    )
    classify_recall(
        recall=recall,
        method="fsis_recall_class",
        facts={"serious_probable": "yes"},
        by=ALONE,
        now=NOW,
    )
    record_authority_class(
        recall=recall,
        method="fsis_recall_class",
        recall_class="II",
        decided_on=NOW.date(),
        reference="letter of today",
        by=ALONE,
        now=NOW,
    )
    file = attach_file(
        subject=recall.ref,
        about="decision:1",
        name="Jane Doe's report.PDF",
        content=[b"%PDF-1.7 ", b"the supplier's report"],
        by=ALONE,
        now=NOW,
    )
    decision = propose_decision(
        recall=recall,
        measures=["recall"],
        reason="it can burn",
        remedies=["refund", "replacement"],
        evidence=[file.sha256],
        by=ALONE,
        now=NOW,
    )
    record_dissent(
        decision=decision, sha256=decision.sha256, words="=not enough", by=APPROVER, now=NOW
    )
    sign_decision(decision=decision, sha256=decision.sha256, by=ALONE, now=NOW)
    rebalance_units(recall=recall, version=scope, by=ALONE, now=NOW)
    set_remedies(
        recall=recall,
        options=["refund", "replacement"],
        within_days={"refund": 14, "replacement": 14},
        by=ALONE,
        now=NOW,
    )
    hold = add_hold(recall=recall, kind="warehouse", name="Lyon", by=ALONE, now=NOW)
    stop_hold(hold=hold, proof="taped off and counted", by=ALONE, now=NOW)
    recall.refresh_from_db()
    notice = draft_notice(
        recall=recall,
        url="https://shop.example/recall",
        changes={"phone": "+49 30 5550 0142", "email": "recall@shop.example"},
        languages=("en", "de"),
        by=ALONE,
        now=NOW,
    )
    approve_text(text=notice.texts.get(language="en"), by=ALONE, now=NOW)
    owned = owned_by(recall, buyers[1].pk)
    answer_have(recall=recall, owned=owned, reference="C-1", source="link", by=PUBLIC, now=LATER)
    choose_remedy(
        recall=recall,
        owned=owned,
        remedy="refund",
        stopped=True,
        reference="C-1",
        source="link",
        by=PUBLIC,
        now=LATER,
    )
    export_payouts(recall=recall, export="X1", by=ALONE, now=LATER)
    report_injury(
        recall=recall,
        reference="I-1",
        words=SECRETS[4],
        contact=SECRETS[2],
        source="link",
        by=PUBLIC,
        now=LATER,
    )
    messages = send(recall, [buyer.pk for buyer in buyers])
    recall.refresh_from_db()
    return Told(shop, recall, file, messages)


@pytest.fixture
def told(shop: Shop, settings, tmp_path) -> Told:
    settings.HOME = tmp_path / "home"
    settings.HOME.mkdir()
    return live(shop)


@pytest.fixture
def shop(db: None) -> Shop:
    from holdfast.ground.access.models import Organisation

    Organisation.objects.get_or_create(pk=1, defaults={"name": "Lumen & Vale"})
    return Shop()
