"""An invoice is not paid in time: it falls into default, lending plans to recover it, and what comes goes to investors.

The default is told twice, and to a worker that dies over it; it is one recovery all the same.
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from api.demo import people
from domain.kit import clock
from schema.kit.ids import read_id
from tests.journeys.travelling import Journey, Road, shown, travelling, until
from tests.support.operations import money

if TYPE_CHECKING:
    from tests.journeys.conftest import Journeys

INVOICES, PAYOUTS, ACTIONS = "InvoiceUpdated", "PayoutMade", "lending/RecoveryActionUpdated"
FEEDS = {
    people.SECOND_SELLER: [INVOICES],
    people.SECOND_INVESTOR: [PAYOUTS],
    people.ADMIN: [ACTIONS],
}

# What is listed does not change: nobody but a test goes past that.
PAST_THE_GUARDS = "set local session_replication_role = replica"

# As if so many days had passed for one invoice.
LET_DAYS_PASS = """
update invoice set issued_on = issued_on - 90, due_on = due_on - 90, funded_at = funded_at - interval '90 days',
    listed_at = listed_at - interval '90 days', created_at = created_at - interval '90 days',
    funding_deadline_at = funding_deadline_at - interval '90 days'
where id = $1
"""
HEAR_AGAIN = """
update event_checkpoint set position = (
    select min(position) - 1 from event_log where name = 'invoice_finance.invoice_defaulted' and $1 = any(topics))
where listener = 'lending'
"""


@pytest.mark.timeout(300)
async def test_a_defaulted_invoice_is_recovered(journeys: Journeys) -> None:
    await journeys.arrive(5)


async def tell(road: Road) -> None:
    async with travelling(road, "invoice_finance", FEEDS, streams=[ACTIONS]) as journey:
        invoice_id = await _a_funded_invoice(journey)
        await _falls_into_default(journey, invoice_id)
        planned = await journey[people.ADMIN].hears(ACTIONS, lambda item: item["action"]["subjectId"] == invoice_id)
        async with road.night:
            await road.database.execute(HEAR_AGAIN, _topic(invoice_id))
            await _money_comes_in(journey, invoice_id, planned["action"]["id"])
        await _everybody_hears_it_once(journey, invoice_id, planned["action"]["id"])
        await road.settled()
        await _one_story(journey, invoice_id)


async def _a_funded_invoice(journey: Journey) -> str:
    seller = journey[people.SECOND_SELLER]
    due_on = (clock.today() + timedelta(days=20)).isoformat()
    said = {"number": f"J5-{journey.id.hex[:8]}", "debtorName": "Nowhere Stores", "faceValue": money("50000.00")}
    terms = {"advanceRate": "80.00", "fee": {"method": "FLAT", "rate": "2.00"}, "industry": "RETAIL", "dueOn": due_on}
    made = await seller.does("CreateInvoice", **said, **terms, description="Cloth", idempotencyKey="cloth")
    invoice_id: str = made["invoice"]["id"]
    funded = await journey[people.SECOND_INVESTOR].does(
        "FundInvoice", invoiceId=invoice_id, amount=money("40000.00"), idempotencyKey="all of it"
    )
    assert funded["invoice"]["status"] == "FUNDED"
    return invoice_id


async def _falls_into_default(journey: Journey, invoice_id: str) -> None:
    async with journey.road.database.acquire() as connection, connection.transaction():
        await connection.execute(PAST_THE_GUARDS)
        await connection.execute(LET_DAYS_PASS, read_id("Invoice", invoice_id))
    for job, change in (("invoice_finance.mark_overdue", "BECAME_OVERDUE"), ("invoice_finance.mark_default", "DEFAULTED")):
        await journey[people.ADMIN].sees("jobs/RunJobNow", input={"name": job})
        await journey[people.SECOND_SELLER].hears(INVOICES, partial(_became, invoice_id, change))


async def _money_comes_in(journey: Journey, invoice_id: str, action_id: str) -> None:
    """While the worker is dead: some of it comes to the bank, and whoever recovered it says so."""
    admin = journey[people.ADMIN]
    said = {"invoiceId": invoice_id, "amount": money("30000.00"), "reference": f"J5-{journey.id.hex[:8]}"}
    recorded = await admin.does("RecordInvoicePayment", **said, idempotencyKey="what came")
    assert shown(recorded["invoices"][0]["outstandingAmount"]) == "INR 20,000.00"
    done = await admin.does(
        "lending/CompleteRecoveryAction",
        actionId=action_id,
        outcome="Paid most of it",
        recoveredAmount=money("30000.00"),
    )
    assert done["action"]["status"] == "COMPLETED"


async def _everybody_hears_it_once(journey: Journey, invoice_id: str, action_id: str) -> None:
    investor, admin = journey[people.SECOND_INVESTOR], journey[people.ADMIN]
    payout = await investor.hears(PAYOUTS, lambda item: item["invoice"]["id"] == invoice_id)
    fee, paid = await _shares(journey, invoice_id)
    assert _minor(payout["amount"]) == paid and fee + paid == 30_000_00
    over = await admin.hears(ACTIONS, lambda item: item["action"]["id"] == action_id)
    assert (over["action"]["status"], shown(over["action"]["recoveredAmount"])) == ("COMPLETED", "INR 30,000.00")

    async def heard_again() -> bool:
        return bool(
            await journey.road.database.fetchval(
                """select c.position >= (select max(position) from event_log where $1 = any(topics))
                   from event_checkpoint c where listener = 'lending'""",
                _topic(invoice_id),
            )
        )

    await until(heard_again)
    found = await admin.sees("lending/RecoveryActions", first=100)
    assert [node["id"] for node in found["nodes"] if node["subjectId"] == invoice_id] == [action_id]
    told = [item["action"]["status"] for item in admin.feeds[ACTIONS].items if item["action"]["id"] == action_id]
    assert told == ["OPEN", "COMPLETED"]


async def _shares(journey: Journey, invoice_id: str) -> tuple[int, int]:
    """What of the money the platform and the investors got."""
    row = await journey.road.database.fetchrow(
        "select platform_minor, investors_minor, seller_minor from invoice_payment where invoice_id = $1",
        read_id("Invoice", invoice_id),
    )
    assert row is not None and row["seller_minor"] == 0
    return row["platform_minor"], row["investors_minor"]


async def _one_story(journey: Journey, invoice_id: str) -> None:
    entries = await journey.entries()
    assert sum(entries.values()) == 0 and entries["1200"] == 30_000_00
    await journey.goes_through(
        "invoice_finance.invoice_listed",
        "invoice_finance.invoice_funded",
        "invoice_finance.invoice_overdue",
        "invoice_finance.invoice_defaulted",
        "lending.recovery_action_created",
        "invoice_finance.invoice_repaid",
        "invoice_finance.payout_made",
        "lending.recovery_action_updated",
    )
    planned = await journey.road.database.fetchval(
        "select count(*) from event_log where name = 'lending.recovery_action_created' and payload::text like $1",
        f"%{read_id('Invoice', invoice_id)}%",
    )
    assert planned == 1
    await journey.is_one(_topic(invoice_id))


def _became(invoice_id: str, change: str, item: dict[str, Any]) -> bool:
    return bool(item["invoice"]["id"] == invoice_id and item["change"] == change)


def _topic(invoice_id: str) -> str:
    return f"invoice:{read_id('Invoice', invoice_id)}"


def _minor(money: dict[str, Any]) -> int:
    return round(float(money["amount"]) * 100)
