"""Money that a person took out of suspense is gone: nothing that is heard later brings it to a purpose a second time."""

from __future__ import annotations

import pytest

from domain.payments.errors import ReversalNotPossible
from domain.payments.models import Payment
from domain.payments.service.commanding import reverse_payment
from domain.payments.states import DiscrepancyType, PaymentStatus, Resolution
from tests.domain.payments.disagreeing import ADMIN, nobodys, paid_short, resolved, the
from tests.domain.payments.rules.factory import OTHER, RECEIPT, SOON, THE_DAY, callback, confirmation, kes, row, taken_back
from tests.domain.payments.settling.factory import a_payment, a_statement, all_is_well, books, disagreements, told
from tests.support.happenings import nothing_happens

pytestmark = pytest.mark.usefixtures("database")

R = Resolution


@pytest.mark.parametrize(("resolution", "left"), [(R.WRITTEN_OFF, {"1210": 250_000, "4390": 250_000}), (R.CORRECTED, {})])
async def test_a_second_payment_that_was_placed_elsewhere_does_not_stand_in_for_the_first(
    resolution: Resolution, left: dict[str, int]
) -> None:
    made = await a_payment()
    await told(made, callback(), confirmation(receipt=OTHER, reference=made.reference), at=SOON)
    await resolved(await the(DiscrepancyType.DUPLICATE_PAYMENT, made, OTHER), resolution)
    await told(made, taken_back(receipt=RECEIPT))
    payment = await Payment.get(id=made.id)
    assert (payment.status, payment.purpose_minor, payment.transaction_id) == (PaymentStatus.REVERSED, 0, RECEIPT)
    assert await books() == left
    await all_is_well()


async def test_money_that_turns_out_to_be_what_was_asked_for_was_given_up_already() -> None:
    made, short = await paid_short()
    await resolved(short, R.WRITTEN_OFF)
    await told(made, row())
    payment = await Payment.get(id=made.id)
    assert (payment.status, payment.purpose_minor) == (PaymentStatus.PAID, 0)
    assert (await books())["2920"] == 100
    assert (await disagreements(made))["AMOUNT_MISMATCH"] == "OPEN"
    await all_is_well()


async def test_an_orphan_that_was_given_up_turns_out_to_be_a_payments() -> None:
    gone = await nobodys()
    await resolved(gone, R.WRITTEN_OFF)
    made = await a_payment()
    await told(made, callback())
    payment = await Payment.get(id=made.id)
    assert (payment.status, payment.transaction_id, payment.purpose_minor) == (PaymentStatus.PAID, RECEIPT, 0)
    assert await books() == {"1210": 250_000, "4390": 250_000}
    found = await the(DiscrepancyType.AMOUNT_MISMATCH, made)
    assert (found.expected, found.received) == ("KES 2,500.00", "KES 0.00")
    await all_is_well()


async def test_what_was_taken_off_the_books_is_there_when_a_statement_tells_of_it() -> None:
    made = await a_payment()
    await told(made, callback(), at=SOON)
    await a_statement(THE_DAY.from_at, THE_DAY.until_at)
    await told(made)
    await resolved(await the(DiscrepancyType.MISSING_IN_STATEMENT, made), R.CORRECTED)
    assert await books() == {}
    await told(made, row())
    payment = await Payment.get(id=made.id)
    assert (payment.status, payment.purpose_minor) == (PaymentStatus.PAID, 250_000)
    assert await books() == {"1210": 250_000, "2910": 250_000}
    await told(made, taken_back(kes(500)))
    assert await books() == {"1210": 200_000, "2910": 200_000}
    await all_is_well()


async def test_what_was_given_up_is_not_given_back_as_well(operator: None) -> None:
    made, short = await paid_short()
    await resolved(short, R.WRITTEN_OFF)
    async with nothing_happens():
        with pytest.raises(ReversalNotPossible, match="taken out of suspense"):
            await reverse_payment(ADMIN, payment_id=made.id, remarks="wrong", receipt=RECEIPT)
