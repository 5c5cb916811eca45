"""Money that nobody knows: what is listed, and what is suggested it may be for."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest

from domain.identity.permissions import Role
from domain.kit.errors import Forbidden
from domain.kit.ids import new_id
from domain.kit.money import Money
from domain.kit.paging import PageRequest
from domain.payments.errors import ReceiptNotFound, ReceiptTaken
from domain.payments.models import Payment
from domain.payments.purposes import Due, purpose_kind, registry
from domain.payments.queries.orphans import orphan_suggestions, orphan_transactions
from domain.payments.rules.orphans import Why
from domain.payments.states import Channel, PaymentStatus, Purpose
from tests.support.happenings import nothing_happens
from tests.support.mpesa_statements import (
    NOON,
    a_paid_payment,
    a_payment,
    an_administrator,
    imported,
    reversal,
    row,
    shillings,
    statement,
)
from tests.support.people import somebody

pytestmark = pytest.mark.usefixtures("database")

A_LOAN = Due(
    purpose=Purpose.LOAN_INSTALMENT,
    target_id=UUID(int=7),
    title="Loan LN-000042",
    amount=Money.of("2500", "KES"),
    currency="KES",
    client_id=None,
    client_name="Asha Patel",
    payee_id=None,
    payee_name="Daftari",
    branch_id=None,
    account_reference="LN-000042",
)


@pytest.fixture
def owed() -> Iterator[list[Due]]:
    """What is owed of loans, for the suggestions; no loan has to be made for it."""
    dues: list[Due] = []

    async def candidates(amount: Money, limit: int) -> list[Due]:
        return dues[:limit]

    async def by_reference(reference: str) -> Due | None:
        return next((due for due in dues if due.account_reference == reference), None)

    known = purpose_kind(Purpose.LOAN_INSTALMENT)
    registry._kinds[Purpose.LOAN_INSTALMENT] = dataclasses.replace(
        known, candidates=candidates, due_by_reference=by_reference
    )
    yield dues
    registry._kinds[Purpose.LOAN_INSTALMENT] = known


async def test_what_waits_is_listed_the_newest_first() -> None:
    admin = an_administrator()
    text = statement(
        row("TC51AAAA1A", reference="0712345678", party="254712345678 - A 0712345678"),
        row("TC51BBBB1B", "999.50"),
        row("TC51CCCC1C"),
        reversal("TC51CCCC2C", "TC51CCCC1C"),
        row("TC51DDDD1D"),
        reversal("TC51DDDD2D", "TC51DDDD1D", "1000"),
    )
    await a_paid_payment("TC51EEEE1E")
    await imported(admin, text)
    page = await orphan_transactions(admin, PageRequest())
    assert [each.receipt for each in page.rows] == ["TC51AAAA1A", "TC51BBBB1B", "TC51DDDD1D"]
    first, _, last = page.rows
    assert (first.amount, first.first_channel, first.transacted_at) == (shillings(2_500), Channel.STATEMENT, NOON)
    assert (first.phone_masked, first.reference, first.payer_name) == ("2547*****678", "07*****678", "A 07*****678")
    assert first.discrepancy_id is not None and "712345678" not in repr(first)
    assert (last.reversed_amount, last.net_amount) == (shillings(1_000), shillings(1_500))
    two = await orphan_transactions(admin, PageRequest(first=2))
    assert two.has_next
    rest = await orphan_transactions(admin, PageRequest(first=2, after=two.cursors[-1]))
    assert [each.receipt for each in rest.rows] == ["TC51DDDD1D"] and await rest.count() == 3


async def test_payments_that_are_waited_for_are_suggested_the_likeliest_first() -> None:
    admin = an_administrator()
    near = await a_payment("2510", opened_at=NOON - timedelta(hours=2))
    exact = await a_payment("2500", opened_at=NOON - timedelta(minutes=5))
    typed = await a_payment("700", opened_at=NOON - timedelta(minutes=5))
    await a_payment("300", opened_at=NOON)
    await a_paid_payment("TC51EEEE1E", at=NOON)
    await imported(admin, statement(row("TC51AAAA1A", reference=typed.reference[:-1] + "#")))
    async with nothing_happens():
        found = await orphan_suggestions(admin, " tc51aaaa1a ")
    assert [each.payment and each.payment.id for each in found] == [exact.id, typed.id]
    assert found[0].reasons[0] is Why.SAME_AMOUNT and Why.SAME_HOUR in found[0].reasons
    assert found[1].reasons == (Why.LIKE_REFERENCE, Why.SAME_HOUR)
    assert found[0].score > found[1].score
    assert near.id not in {each.payment.id for each in found if each.payment}


async def test_of_payments_that_are_alike_the_namesakes_is_suggested_first(owed: list[Due]) -> None:
    admin = an_administrator()
    owed.append(A_LOAN)
    other = await a_payment("2500", opened_at=NOON - timedelta(minutes=5), client_name="John Doe")
    hers = await a_payment("2500", opened_at=NOON - timedelta(minutes=50), client_name="Asha W. Patel")
    await imported(admin, statement(row("TC51AAAA1A", reference="rent", party="2547*****678 - PATEL ASHA")))
    found = await orphan_suggestions(admin, "TC51AAAA1A")
    assert [each.payment and each.payment.id for each in found] == [hers.id, other.id, None]
    assert [Why.SAME_NAME in each.reasons for each in found] == [True, False, True]
    assert found[0].score == found[1].score + 10


async def test_what_is_owed_anywhere_is_suggested(owed: list[Due]) -> None:
    admin = an_administrator()
    owed += [A_LOAN, dataclasses.replace(A_LOAN, target_id=new_id(), amount=None, account_reference="XX-1")]
    await imported(admin, statement(row("TC51AAAA1A", reference="LN-000043")))
    [found] = await orphan_suggestions(admin, "TC51AAAA1A")
    assert (found.due, found.payment) == (A_LOAN, None)
    assert found.reasons == (Why.SAME_AMOUNT, Why.LIKE_REFERENCE)
    assert await orphan_suggestions(admin, "TC51AAAA1A", limit=0) == []


async def test_an_account_number_of_a_business_makes_a_payment_for_it(owed: list[Due]) -> None:
    owed.append(dataclasses.replace(A_LOAN, target_id=new_id()))
    made = await imported(an_administrator(), statement(row("TC51AAAA1A", reference="LN-000042"), row("TC51BBBB1B")))
    assert (made.matched, made.orphans) == (1, 1)
    payment = await Payment.get(target_id=owed[0].target_id)
    assert (payment.status, payment.amount, payment.purpose_amount) == (
        PaymentStatus.PAID,
        shillings(2_500),
        shillings(2_500),
    )


async def test_what_is_no_orphan_has_no_suggestions() -> None:
    admin = an_administrator()
    await a_paid_payment("TC51EEEE1E")
    await imported(admin, statement(row("TC51AAAA1A")))
    async with nothing_happens():
        for receipt in ("TC51ZZZZ9Z", "", "x" * 10_000, "TC51AAAA1A'", "\x00"):
            with pytest.raises(ReceiptNotFound):
                await orphan_suggestions(admin, receipt)
        with pytest.raises(ReceiptTaken):
            await orphan_suggestions(admin, "TC51EEEE1E")
        clerk = somebody(Role.ACCOUNTANT)
        with pytest.raises(Forbidden):
            await orphan_suggestions(clerk, "TC51AAAA1A")
        with pytest.raises(Forbidden):
            await orphan_transactions(clerk, PageRequest())
