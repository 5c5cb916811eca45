"""A person, a rule or a callback says whose a receipt is that was nobody's."""

from __future__ import annotations

from typing import Any

import pytest

from domain.kit import clock, database
from domain.kit.ids import new_id
from domain.kit.unit_of_work import retried, unit_of_work
from domain.payments.errors import PaymentNotFound, ReceiptNotFound, ReceiptTaken
from domain.payments.settling import Assignment, Settled, assign_receipt, assign_receipts
from domain.payments.states import ReconTrigger
from tests.domain.payments.rules.factory import BACK, LATER, OTHER, RECEIPT, answer, callback, confirmation, kes, taken_back
from tests.domain.payments.settling.factory import (
    Made,
    a_payment,
    all_is_well,
    books,
    disagreements,
    rows,
    told,
    told_of_nobody,
)
from tests.support.happenings import events_so_far, nothing_happens
from tests.support.people import a_user
from tests.support.races import outcomes_of

pytestmark = pytest.mark.usefixtures("database")


async def assigned(made: Made, receipt: str = RECEIPT, **how: Any) -> Settled:
    with clock.clock_set_to(LATER):
        return await _assigned_now(made, receipt, **how)


@retried
async def _assigned_now(made: Made, receipt: str = RECEIPT, **how: Any) -> Settled:
    async with unit_of_work() as work:
        known: dict[str, Any] = {"trigger": ReconTrigger.MANUAL, "requested_by": None}
        return await assign_receipt(work, receipt, made.id, **(known | how))


async def test_a_receipt_that_was_nobodys_brings_its_money_and_all_that_was_said_of_it() -> None:
    clerk, made = (await a_user()).id, await a_payment(prompted=False)
    await told_of_nobody(confirmation(reference="FEE 24"))
    settled = await assigned(made, requested_by=clerk)
    assert (settled.payment.status, settled.payment.transaction_id) == ("PAID", RECEIPT)
    assert (settled.reconciliation.status, settled.reconciliation.requested_by) == ("MATCHED", clerk)
    assert await rows("select payment_id from payment_evidence") == [(made.id,)]
    assert await rows("select payment_id, destination from payment_credit") == [(made.id, "PURPOSE")]
    assert await rows("select type, status, resolution, resolved_by from discrepancy") == [
        ("ORPHAN_TRANSACTION", "RESOLVED", "MATCHED_BY_HAND", clerk)
    ]
    assert await books() == {"1210": 250_000, "2910": 250_000}
    assert await rows("select kind from journal_entry order by number") == [("payments.received",), ("payments.moved",)]
    [changed] = [each.fact.discrepancy for each in await events_so_far() if each.name == "payments.discrepancy_changed"]
    assert (changed.status, changed.resolved_by) == ("RESOLVED", clerk)
    await all_is_well()


async def test_another_amount_waits_unless_it_is_accepted() -> None:
    made = await a_payment(prompted=False)
    await told_of_nobody(confirmation(amount=kes(2_000)))
    await assigned(made)
    assert await books() == {"1210": 200_000, "2920": 200_000}
    assert (await disagreements(made), await disagreements()) == (
        {"AMOUNT_MISMATCH": "OPEN"},
        {"ORPHAN_TRANSACTION": "RESOLVED"},
    )
    settled = await assigned(made, accept=True)
    assert (settled.payment.accepted, settled.payment.purpose_minor) == ([RECEIPT], 200_000)
    assert await disagreements(made) == {"AMOUNT_MISMATCH": "RESOLVED"}
    assert await books() == {"1210": 200_000, "2910": 200_000}
    await all_is_well()


async def test_what_was_taken_back_meanwhile_is_not_there_any_more() -> None:
    made = await a_payment(prompted=False)
    await told_of_nobody(confirmation(), taken_back(kes(1_000)))
    assert await books() == {"1210": 150_000, "2920": 150_000}
    assert (await assigned(made)).payment.status == "PARTIALLY_REVERSED"
    assert await books() == {"1210": 150_000, "2910": 150_000}
    assert await rows("select receipt from mpesa_receipt") == [(RECEIPT,)], "what took it back is no payment"
    assert BACK not in {receipt for (receipt,) in await rows("select receipt from payment_credit")}
    await all_is_well()


async def test_a_callback_that_names_it_says_whose_it_is() -> None:
    made = await a_payment()
    await told_of_nobody(confirmation())
    settled = await told(made, callback())
    assert (settled.payment.status, settled.reconciliation.status) == ("PAID", "MATCHED")
    assert await rows("select status, resolution, resolved_by from discrepancy") == [("RESOLVED", "NO_ACTION", None)]
    assert await books() == {"1210": 250_000, "2910": 250_000}
    await all_is_well()


async def test_money_that_was_booked_without_its_receipt_is_not_booked_twice() -> None:
    made = await a_payment()
    await told_of_nobody(confirmation())
    await told(made, answer())
    assert await books() == {"1210": 500_000, "2910": 250_000, "2920": 250_000}
    await told(made, callback())
    assert await books() == {"1210": 250_000, "2910": 250_000}
    assert await rows("select receipt, destination from payment_credit") == [(RECEIPT, "PURPOSE")]
    await all_is_well()


async def test_what_is_another_payments_stays_there() -> None:
    mine, yours = await a_payment(), await a_payment()
    await told(mine, callback())
    async with nothing_happens():
        with pytest.raises(ReceiptTaken):
            await assigned(yours)
        with pytest.raises(ReceiptNotFound):
            await assigned(yours, OTHER)
        with pytest.raises(PaymentNotFound):
            await assigned(Made(new_id(), "", None))
    told_twice = await told(yours, callback())
    assert (told_twice.payment.status, await disagreements(yours)) == ("PROCESSING", {"DUPLICATE_PAYMENT": "OPEN"})
    assert await books() == {"1210": 250_000, "2910": 250_000}
    await all_is_well()


async def test_many_are_assigned_at_once_or_none() -> None:
    one, other = await a_payment(prompted=False), await a_payment(prompted=False)
    await told_of_nobody(confirmation(), confirmation(receipt=OTHER))
    pairs = [Assignment(receipt=OTHER, payment_id=one.id), Assignment(receipt=RECEIPT, payment_id=other.id)]
    async with nothing_happens():
        with pytest.raises(ReceiptTaken):
            await _assigned(*pairs, Assignment(receipt=OTHER, payment_id=other.id))
    assert [each.payment.transaction_id for each in await _assigned(*pairs)] == [OTHER, RECEIPT]
    await all_is_well()


async def test_of_two_payments_that_are_said_to_have_it_one_gets_it() -> None:
    made = [await a_payment(prompted=False) for _ in range(4)]
    await told_of_nobody(confirmation())
    with clock.clock_set_to(LATER):
        outcomes = await outcomes_of(_assigned_now(each) for each in made)
    assert sum(isinstance(each, Settled) for each in outcomes) == 1
    assert sum(isinstance(each, ReceiptTaken) for each in outcomes) == 3
    assert await books() == {"1210": 250_000, "2910": 250_000}
    await all_is_well()


async def test_money_that_a_person_has_placed_is_not_assigned() -> None:
    clerk, made = (await a_user()).id, await a_payment(prompted=False)
    await told_of_nobody(confirmation())
    async with database.connection() as c, c.transaction():
        await c.execute("set local session_replication_role = replica")
        await c.execute(
            """insert into suspense_disposal (id, receipt, amount_minor, currency, kind, entry_id, discrepancy_id, note,
                                              disposed_by, disposed_at)
               values (gen_random_uuid(), $1, 250000, 'KES', 'WRITTEN_OFF', gen_random_uuid(), gen_random_uuid(), '', $2,
                       now())""",
            RECEIPT,
            clerk,
        )
    async with nothing_happens():
        with pytest.raises(ReceiptTaken):
            await assigned(made)
    await told_of_nobody(taken_back())
    assert await disagreements() == {"ORPHAN_TRANSACTION": "RESOLVED", "REVERSED": "OPEN"}


@retried
async def _assigned(*assignments: Assignment) -> list[Settled]:
    async with unit_of_work() as work:
        return await assign_receipts(work, assignments, trigger=ReconTrigger.MANUAL, requested_by=None)
