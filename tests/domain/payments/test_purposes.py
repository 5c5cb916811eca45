"""What can be paid, whatever it is: amounts that fit, numbers that payers type, and what nobody offers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from domain.identity.permissions import Role
from domain.kit.errors import CurrencyMismatch, InvalidAmount
from domain.kit.ids import new_id
from domain.kit.money import Money
from domain.payments.errors import PurposeNotPossible
from domain.payments.purposes import Due, due_by_reference, every_purpose, near, purpose_kind, registry
from domain.payments.states import Purpose
from tests.support.collected import asked_for, came, delivered, kes
from tests.support.invoices import a_funded_invoice
from tests.support.loans import a_running_loan, an_office
from tests.support.people import an_actor


def owed(amount: int | None, **said: Any) -> Due:
    due = Due(
        purpose=Purpose.MILL_SALE,
        target_id=new_id(),
        title="Flour",
        amount=None if amount is None else kes(amount),
        currency="KES",
        client_id=None,
        client_name="A baker",
        payee_id=None,
        payee_name="The mill",
        branch_id=None,
        account_reference="SO-000001",
    )
    return replace(due, **said)


def test_what_may_be_paid_of_what_is_owed() -> None:
    anything, up_to, exactly = owed(100), owed(100, most=kes(100)), owed(100, exact=True)
    for due, came_, expected in (
        (anything, 250, 250),
        (anything, 1, 1),
        (up_to, 250, 100),
        (up_to, 99, 99),
        (exactly, 250, 100),
        (exactly, 99, 100),
        (owed(None), 7, 7),
    ):
        assert due.expected(kes(came_)) == kes(expected)
        if came_ == expected:
            assert due.require(kes(came_)) == kes(came_)
        else:
            with pytest.raises(InvalidAmount, match=str(expected)):
                due.require(kes(came_))
    for amount in (Money(0, "KES"), Money(-1, "KES")):
        with pytest.raises(InvalidAmount):
            anything.require(amount)
    with pytest.raises(CurrencyMismatch):
        anything.require(Money.of(1, "USD"))
    assert up_to.expected(Money.of(250, "USD")) == Money.of(250, "USD"), "another currency is for others to refuse"


def test_what_is_about_an_amount() -> None:
    assert near(kes(100)) == (99_00, 101_00)
    assert near(Money(50, "KES")) == (50, 50)


@pytest.mark.usefixtures("open_pool")
async def test_what_nobody_offers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(registry._kinds, Purpose.SCHOOL_FEE, raising=False)
    assert [kind.purpose for kind in every_purpose()] == [each for each in Purpose if each is not Purpose.SCHOOL_FEE]
    with pytest.raises(PurposeNotPossible):
        purpose_kind(Purpose.SCHOOL_FEE)


@pytest.mark.usefixtures("database")
async def test_nobody_takes_money_by_a_number_that_looks_like_one_of_ours() -> None:
    """A seller thinks of the numbers of invoices, and could think of that of a loan."""
    office = await an_office()
    loan = await a_running_loan(office)
    seller, investor, debtor = await an_actor(Role.SELLER), await an_actor(Role.INVESTOR), await an_actor(Role.DEBTOR)
    await came(await asked_for(investor, Purpose.WALLET_TOP_UP, investor.id, 2_000))
    await delivered()
    for number in (loan.number, "LN-999999"):
        await a_funded_invoice(seller, investor, debtor_id=debtor.id, face=kes(1_000), number=number)
    found = await due_by_reference(loan.number)
    assert found is not None and found.target_id == loan.id
    assert await due_by_reference("LN-999999") is None
