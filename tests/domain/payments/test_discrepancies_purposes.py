"""A purpose that does not take, or give back, its money: a person has it tried again, or the money returned."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.identity.actor import Actor
from domain.identity.permissions import Role
from domain.kit import clock
from domain.payments.errors import ResolutionNotPossible
from domain.payments.models import Discrepancy, MpesaCommand, Payment
from domain.payments.service.discrepancies import resolve_discrepancy
from domain.payments.service.sessions import book_service_session, cancel_service_session
from domain.payments.states import DiscrepancyStatus, Purpose, Resolution
from domain.wallets.models import Wallet
from domain.wallets.service import transfer_funds, wallet_of
from tests.domain.payments.disagreeing import ADMIN, refused, resolved
from tests.support.collected import asked_for, came, delivered, in_transit, kes, refusal_of, taken_back
from tests.support.happenings import assert_integrity
from tests.support.invoices import balance
from tests.support.people import an_actor
from tests.support.races import outcomes_of

pytestmark = pytest.mark.usefixtures("database")

R = Resolution


async def an_owner() -> tuple[Actor, Wallet]:
    owner = await an_actor(Role.BORROWER, name="Beatrice Wanjiru")
    return owner, await wallet_of(owner.id, "KES")


async def spent_and_taken_back() -> tuple[Payment, Discrepancy, tuple[Actor, Wallet], tuple[Actor, Wallet]]:
    """1,500 reached a wallet; 1 was spent of it when the payer took it all back."""
    owner, other = await an_owner(), await an_owner()
    payment = await asked_for(owner[0], Purpose.WALLET_TOP_UP, owner[1].id, 1500)
    receipt = await came(payment)
    await delivered()
    await transfer_funds(owner[0], from_wallet_id=owner[1].id, to_wallet_id=other[1].id, amount=kes(1))
    await taken_back(payment, receipt)
    await delivered()
    row = await refusal_of(payment)
    assert row is not None
    return payment, row, owner, other


async def test_what_was_refused_is_tried_again() -> None:
    _, row, owner, other = await spent_and_taken_back()
    await refused(row, R.ACCEPTED, ResolutionNotPossible, "it is refused still")
    for resolution in (R.NO_ACTION, R.CORRECTED):
        await refused(row, resolution, ResolutionNotPossible, "ACCEPTED, REFUNDED")
    await transfer_funds(other[0], from_wallet_id=other[1].id, to_wallet_id=owner[1].id, amount=kes(1))
    done = await resolved(row, R.ACCEPTED, note="the wallet is full again")
    assert (done.status, done.resolution, done.resolved_by) == (DiscrepancyStatus.RESOLVED, R.ACCEPTED, ADMIN.id)
    assert done.note == "the wallet is full again"
    assert (await balance(owner[0], "KES"), await in_transit()) == (kes(0), kes(0))
    await assert_integrity()


async def test_of_two_who_try_it_again_at_once_one_does() -> None:
    _, row, owner, other = await spent_and_taken_back()
    await transfer_funds(other[0], from_wallet_id=other[1].id, to_wallet_id=owner[1].id, amount=kes(1))
    outcomes = await outcomes_of(
        resolve_discrepancy(ADMIN, discrepancy_id=row.id, resolution=R.ACCEPTED, note="again") for _ in range(3)
    )
    assert sorted(type(each).__name__ for each in outcomes) == ["Discrepancy", *["DiscrepancyResolved"] * 2]
    assert await balance(owner[0], "KES") == kes(0)
    await assert_integrity()


async def test_money_that_its_purpose_does_not_take_goes_back(operator: None) -> None:
    client, payee = await an_actor(Role.BORROWER), await an_actor(Role.TEACHER)
    starts_at = clock.now() + timedelta(days=1)
    session = await book_service_session(payee, client_id=client.id, title="First", price=kes(700), starts_at=starts_at)
    payment = await asked_for(client, Purpose.SERVICE_SESSION, session.id)
    await cancel_service_session(payee, service_session_id=session.id)
    receipt = await came(payment)
    await delivered()
    row = await refusal_of(payment)
    assert row is not None and row.receipt is None
    assert (await resolved(row, R.REFUNDED)).resolution is R.REFUNDED
    command = await MpesaCommand.get(discrepancy_id=row.id)
    assert (command.receipt, command.amount) == (receipt, kes(700))
    await assert_integrity()
