"""Reconciliation live, through the schema: what each feed says, in the words of the messages that clients know."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import orjson
import pytest

from domain.identity.actor import ANONYMOUS, Actor
from domain.identity.permissions import Role
from domain.kit import clock
from domain.kit.clock import clock_set_to
from domain.kit.context import CallContext
from domain.kit.ids import new_id
from domain.kit.unit_of_work import unit_of_work
from domain.payments.events import MessageRejected
from domain.payments.models import Discrepancy
from domain.payments.rules.statistics import Alarm
from domain.payments.service.thresholds import update_alert_thresholds
from domain.payments.service.watching import watch_figures
from domain.payments.states import (
    DiscrepancyStatus,
    DiscrepancyType,
    MessageKind,
    MessageOrigin,
    MessageState,
    ReconStatus,
    Severity,
)
from schema.kit.context import Context
from schema.pipeline import Request
from subscriptions.feed import Greeting, Visit
from tests.support.graphql import encode_id, feed_refused, heard, pipeline
from tests.support.operations import operation, shown, state_shown
from tests.support.people import an_actor, somebody
from tests.support.reconciled import AN_ISSUE, a_payment, found, reconciled

pytestmark = pytest.mark.usefixtures("database")

FEED, STATS, RESULT, ALERT, RATE = FEEDS = [
    operation(f"payments/{name}")
    for name in (
        "ReconciliationFeed",
        "ReconciliationStatsUpdated",
        "ReconciliationResult",
        "DiscrepancyAlert",
        "DiscrepancyRateAlert",
    )
]


@pytest.fixture
async def admin() -> Actor:
    return await an_actor(Role.ADMIN)


@pytest.mark.parametrize("document", FEEDS)
async def test_strangers_and_everybody_but_administrators_are_refused(document: str) -> None:
    assert await feed_refused(ANONYMOUS, document) == "UNAUTHENTICATED"
    for role in Role:
        if role is not Role.ADMIN:
            assert await feed_refused(somebody(role), document) == "FORBIDDEN"


@pytest.mark.parametrize("document", [FEED, RESULT, ALERT, RATE])
async def test_nothing_to_tell(admin: Actor, document: str) -> None:
    assert await heard(admin, document) == []


async def test_a_result_says_all_that_it_is_to_say(admin: Actor) -> None:
    client = await an_actor(Role.BORROWER)
    payment = await a_payment(client_id=client.id)
    row = await reconciled(payment)
    [item] = await heard(admin, RESULT)
    assert item["__typename"] == "ReconciliationFinished"
    assert (item["sessionId"], item["sessionNumber"]) == (encode_id("Payment", payment.id), payment.number)
    assert (item["resultId"], item["status"]) == (encode_id("ReconciliationResult", row.id), "MATCHED")
    details = item["sessionDetails"]
    assert (details["client"], details["payee"], details["psychologist"]) == ("John Doe", "Dr. Smith", "Dr. Smith")
    assert {name: details["amount"][name] for name in ("amount", "formatted")} == shown("2,500.00", "KES")
    assert (details["transactionId"], details["clientId"], details["payeeId"]) == ("QHX1234567", None, None)
    metadata = item["reconciliationMetadata"]
    assert (metadata["trigger"], metadata["processingTime"]) == ("MANUAL_DASHBOARD", 1200)
    assert row.finished_at is not None and metadata["timestamp"] == row.finished_at.isoformat().replace("+00:00", "Z")
    assert (item["issues"], item["severity"], item["nextAttemptAt"]) == ([], None, None)


async def test_one_that_nobody_could_verify_says_when_it_is_tried_again(admin: Actor) -> None:
    await reconciled(await a_payment(), ReconStatus.UNVERIFIED)
    [item] = await heard(admin, RESULT)
    assert (item["status"], item["attempts"]) == ("UNVERIFIED", 1) and item["nextAttemptAt"] is not None


async def a_kept_discrepancy(payment_id: Any) -> Discrepancy:
    row = Discrepancy(
        id=new_id(),
        payment_id=payment_id,
        type=DiscrepancyType.AMOUNT_MISMATCH,
        severity=Severity.HIGH,
        message="M-Pesa amount differs from session price",
        status=DiscrepancyStatus.OPEN,
        found_at=clock.now(),
        last_found_at=clock.now(),
    )
    await row.save(force_create=True)
    await row.refresh_from_db(fields=["number"])
    return row


async def test_a_discrepancy_alert(admin: Actor) -> None:
    payment = await a_payment()
    row = await a_kept_discrepancy(payment.id)
    low = replace(AN_ISSUE, type=DiscrepancyType.LATE_CALLBACK, severity=Severity.LOW, message="Late")
    fact = replace(found(payment, [AN_ISSUE, low]), discrepancy_ids=[row.id])
    async with unit_of_work() as work:
        work.record(fact)
    [item] = await heard(admin, ALERT)
    assert (item["__typename"], item["sessionId"]) == ("DiscrepancyAlert", encode_id("Payment", payment.id))
    assert (item["severity"], item["timestamp"][:19]) == ("HIGH", fact.found_at.isoformat()[:19])
    assert [(issue["type"], issue["message"]) for issue in item["issues"]] == [
        ("AMOUNT_MISMATCH", "M-Pesa amount differs from session price"),
        ("LATE_CALLBACK", "Late"),
    ]
    assert [each["number"] for each in item["discrepancies"]] == [row.number]


async def test_an_alert_about_money_of_which_no_payment_is_known(admin: Actor) -> None:
    async with unit_of_work() as work:
        work.record(found(None))
    [item] = await heard(admin, ALERT)
    assert (item["sessionId"], item["sessionNumber"], item["discrepancies"]) == (None, None, [])


async def test_a_rate_alert_is_told_when_it_begins_and_when_it_ends(admin: Actor) -> None:
    await update_alert_thresholds(admin, least_processed=1, discrepancy_rate=Decimal(49))
    payment = await a_payment()
    await reconciled(payment, ReconStatus.DISCREPANCY, issues=[AN_ISSUE])
    await watch_figures()
    with clock_set_to(clock.now() + timedelta(hours=2)):
        await watch_figures()
    raised, cleared = await heard(admin, RATE)
    assert (raised["alarm"], raised["raised"], raised["figure"]) == (Alarm.DISCREPANCY_RATE.value, True, "100.00")
    assert (raised["threshold"], raised["windowMinutes"]) == ("49.00", 60)
    assert (cleared["alarm"], cleared["raised"], cleared["figure"]) == (Alarm.DISCREPANCY_RATE.value, False, "0.00")


async def test_the_feed_tells_all_of_it_in_order(admin: Actor) -> None:
    payment = await a_payment()
    await reconciled(payment)
    await reconciled(payment, ReconStatus.DISCREPANCY, issues=[AN_ISSUE])
    async with unit_of_work() as work:
        work.record(found(None))
    items = await heard(admin, FEED)
    assert [item["__typename"] for item in items] == [
        "ReconciliationFinished",
        "ReconciliationFinished",
        "DiscrepancyAlert",
        "DiscrepancyAlert",
    ]
    assert [item["cursor"] for item in items] == sorted({item["cursor"] for item in items}, key=lambda each: int(each[7:]))


async def test_a_message_that_was_rejected_is_reported(admin: Actor) -> None:
    message_id = new_id()
    async with unit_of_work() as work:
        work.record(
            MessageRejected(
                message_id=message_id,
                kind=MessageKind.STK_CALLBACK,
                origin=MessageOrigin.WEBHOOK,
                state=MessageState.MALFORMED,
                problem="this is no JSON",
                size_bytes=3,
                source_address="198.51.100.7",
                received_at=clock.now(),
            )
        )
    [item] = await heard(admin, FEED)
    assert (item["__typename"], item["kind"], item["outcome"]) == ("MpesaMessageRejected", "STK_CALLBACK", "MALFORMED")
    assert (item["mpesaMessageId"], item["problem"]) == (encode_id("MpesaMessage", message_id), "this is no JSON")


async def test_the_feed_greets(admin: Actor) -> None:
    request = Request(query=FEED)
    context = Context(admin, CallContext(actor_id=admin.id), pipeline().services)
    subscription = await pipeline().subscribe(pipeline().prepare(request), request, context)
    visit = Visit(id=new_id(), at=clock.now())
    assert subscription.feed.greets is not None
    greeting = Greeting(subscription.feed.greets(visit), "the cursor")
    assert orjson.loads(await subscription.shape.render(greeting))["data"]["reconciliationFeed"] == {
        "__typename": "Connected",
        "cursor": "the cursor",
        "clientId": str(visit.id),
        "message": "Connected to real-time reconciliation service",
        "timestamp": visit.at.isoformat().replace("+00:00", "Z"),
        "heartbeatInterval": 30_000,
        "reconnectDelay": 5_000,
    }


async def test_statistics_live(admin: Actor) -> None:
    payment = await a_payment()
    assert (await state_shown(admin, STATS))["totalProcessed"] == 0
    await reconciled(payment)
    await reconciled(payment, ReconStatus.FAILED)
    stats = await state_shown(admin, STATS)
    assert (stats["totalProcessed"], stats["successfulReconciliations"], stats["successRate"]) == (2, 1, "50.00")
