"""Dealing with what does not agree: each way does with the money what it says, once, or is refused."""

from __future__ import annotations

from typing import Any

import pytest

from domain.kit import clock
from domain.kit.errors import InvalidInput
from domain.kit.ids import new_id
from domain.kit.money import Money
from domain.payments.errors import (
    MpesaNotConfigured,
    PaymentNotFound,
    ResolutionNotPossible,
)
from domain.payments.events import CommandFigures
from domain.payments.models import Discrepancy, MpesaCommand, Payment, PaymentCredit, SuspenseDisposal
from domain.payments.queries.discrepancies import (
    waiting_of_receipts,
)
from domain.payments.service.discrepancies import (
    reopen_discrepancy,
    reopen_what_was_not_refunded,
)
from domain.payments.states import (
    Channel,
    CommandState,
    Destination,
    DiscrepancyStatus,
    DiscrepancyType,
    PaymentStatus,
    Resolution,
)
from tests.domain.payments.disagreeing import ADMIN, nobodys, orphan_beside, paid_short, refused, resolved, the
from tests.domain.payments.rules.factory import LATER, OTHER, RECEIPT, SOON, THE_DAY, callback, confirmation, kes, taken_back
from tests.domain.payments.settling.factory import Made, a_payment, a_statement, books, disagreements, rows, told
from tests.support.happenings import assert_integrity, events_so_far, nothing_happens

pytestmark = pytest.mark.usefixtures("database")

R = Resolution


async def test_accepted_money_reaches_its_purpose_as_it_came() -> None:
    made, row = await paid_short()
    assert await books() == {"1210": 249_900, "2920": 249_900}
    done = await resolved(row, R.ACCEPTED)
    assert (done.status, done.resolution, done.resolved_by) == (DiscrepancyStatus.RESOLVED, R.ACCEPTED, ADMIN.id)
    assert (done.note, done.version) == ("as agreed with the client", row.version + 1)
    assert await books() == {"1210": 249_900, "2910": 249_900}
    payment = await Payment.get(id=made.id)
    assert (payment.accepted, payment.purpose_minor, payment.suspense_minor) == ([RECEIPT], 249_900, 0)
    [changed] = [each.fact for each in await events_so_far() if each.name == "payments.discrepancy_changed"]
    assert (changed.discrepancy.resolution, changed.discrepancy.resolved_by) == (R.ACCEPTED, ADMIN.id)
    credited = [each.fact for each in await events_so_far() if each.name == "payments.payment_credited"]
    assert credited[-1].payment.purpose_amount == kes(2_499)
    # It stays so, however often the payment is looked at.
    assert (await told(made)).reconciliation.status == "MATCHED"
    assert await disagreements(made) == {"AMOUNT_MISMATCH": "RESOLVED"}
    await assert_integrity()


async def test_who_accepts_a_second_payment_keeps_the_first() -> None:
    made = await a_payment()
    await told(made, callback(), confirmation(receipt=OTHER, reference=made.reference), at=SOON)
    await resolved(await the(DiscrepancyType.DUPLICATE_PAYMENT, made, OTHER), R.ACCEPTED)
    payment = await Payment.get(id=made.id)
    assert (payment.accepted, payment.purpose_minor) == (sorted([RECEIPT, OTHER]), 500_000)
    assert await books() == {"1210": 500_000, "2910": 500_000}
    await assert_integrity()


@pytest.mark.parametrize(("resolution", "account"), [(R.WRITTEN_OFF, "4390"), (R.CORRECTED, "1210")])
async def test_money_leaves_suspense_without_a_payment(resolution: Resolution, account: str) -> None:
    made, short = await paid_short()
    orphan_came = await orphan_beside()
    for row, minor in ((short, 249_900), (orphan_came, 100_000)):
        done = await resolved(row, resolution)
        disposal = await SuspenseDisposal.get(discrepancy_id=row.id)
        assert (disposal.amount_minor, disposal.kind, disposal.disposed_by) == (minor, resolution.value, ADMIN.id)
        assert (done.resolution, disposal.receipt) == (resolution, row.receipt)
    left = {"1210": 349_900, "4390": 349_900} if account == "4390" else {}
    assert await books() == left
    kinds = await rows("select kind, reference_kind from journal_entry order by number")
    said = f"payments.{resolution.value.lower()}"
    assert kinds[-2:] == [(said, "payment"), (said, "mpesa_receipt")]
    # Found again, it is as a person left it.
    await told(made)
    assert await disagreements(made) == {"AMOUNT_MISMATCH": "RESOLVED"}
    assert await waiting_of_receipts(ADMIN, [RECEIPT]) == {RECEIPT: kes(0)}
    await assert_integrity()


async def test_what_left_suspense_can_be_neither_accepted_nor_given_away_nor_given_back(operator: None) -> None:
    _, row = await paid_short()
    other = await a_payment(prompted=False)
    gone = await orphan_beside()
    for each in (row, gone):
        await resolved(each, R.WRITTEN_OFF)
        await reopen_discrepancy(ADMIN, discrepancy_id=each.id, note="the payer called")
    row, gone = await Discrepancy.get(id=row.id), await Discrepancy.get(id=gone.id)
    await refused(row, R.ACCEPTED, ResolutionNotPossible, "taken out of suspense")
    await refused(row, R.REFUNDED, ResolutionNotPossible, "taken out of suspense")
    await refused(row, R.WRITTEN_OFF, ResolutionNotPossible, "taken out of suspense")
    await refused(gone, R.MATCHED_BY_HAND, ResolutionNotPossible, "taken out of suspense", payment_id=other.id)
    assert (await resolved(row, R.NO_ACTION)).resolution is R.NO_ACTION
    await assert_integrity()


async def test_somebody_knows_whose_money_it_is() -> None:
    made, row = await a_payment(prompted=False), await nobodys()
    done = await resolved(row, R.MATCHED_BY_HAND, payment_id=made.id, note="Asha called: 0712 345 678")
    assert (done.resolution, done.resolved_by, done.note) == (R.MATCHED_BY_HAND, ADMIN.id, "Asha called: 0*****678")
    payment = await Payment.get(id=made.id)
    assert (payment.status, payment.transaction_id) == (PaymentStatus.PAID, RECEIPT)
    assert (await PaymentCredit.get(receipt=RECEIPT)).destination is Destination.PURPOSE
    assert await books() == {"1210": 250_000, "2910": 250_000}
    await assert_integrity()


async def test_matching_by_hand_needs_a_payment_that_is_there() -> None:
    row = await nobodys()
    made, short = await paid_short(OTHER)
    await refused(row, R.MATCHED_BY_HAND, InvalidInput, "which payment")
    await refused(row, R.MATCHED_BY_HAND, PaymentNotFound, payment_id=new_id())
    await refused(row, R.WRITTEN_OFF, InvalidInput, "no other payment", payment_id=made.id)
    await refused(short, R.MATCHED_BY_HAND, ResolutionNotPossible, "ways out", payment_id=made.id)


async def test_money_is_given_back_and_open_again_when_that_fails(operator: None) -> None:
    made, row = await paid_short()
    done = await resolved(row, R.REFUNDED)
    assert done.resolution is R.REFUNDED
    command = await MpesaCommand.get(discrepancy_id=row.id)
    assert (command.receipt, command.amount, command.payment_id) == (RECEIPT, kes(2_499), made.id)
    assert await rows("select name from job_task where name = 'payments.reverse'") == [("payments.reverse",)]
    # While it is under way nothing else is done with the money.
    await reopen_discrepancy(ADMIN, discrepancy_id=row.id, note="look")
    row = await Discrepancy.get(id=row.id)
    for resolution in (R.ACCEPTED, R.REFUNDED, R.WRITTEN_OFF):
        await refused(row, resolution, ResolutionNotPossible, "given back")
    await refused(row, R.NO_ACTION, ResolutionNotPossible, "wait in suspense")
    await assert_integrity()


async def test_a_refund_that_failed_is_told_anew(operator: None) -> None:
    _, row = await paid_short()
    await resolved(row, R.REFUNDED)
    command = await _ended(row, CommandState.FAILED)
    await reopen_what_was_not_refunded(command)
    again = await Discrepancy.get(id=row.id)
    assert again.is_open and [again.resolution, again.resolved_by] == [None, None]
    assert again.note == "it could not be given back: no such transaction"
    found = [each.fact for each in await events_so_far() if each.name == "payments.discrepancy_found"]
    assert [each.discrepancy_ids for each in found] == [[row.id], [row.id]]
    # Told twice it is the same; and a second refund is not undone by news of the first.
    async with nothing_happens():
        await reopen_what_was_not_refunded(command)
    await resolved(again, R.REFUNDED)
    async with nothing_happens():
        await reopen_what_was_not_refunded(command)
    assert (await Discrepancy.get(id=row.id)).resolution is R.REFUNDED
    await assert_integrity()


async def _ended(row: Discrepancy, state: CommandState) -> CommandFigures:
    """The provider has said what came of giving money back."""
    command = await MpesaCommand.get(discrepancy_id=row.id)
    for each in (CommandState.ASKED, CommandState.ACCEPTED, state):
        command.state = each
        command.finished_at = clock.now() if each is state else None
        command.result_text = "no such transaction"
        await command.save()
    return CommandFigures.of(command)


async def test_only_reversals_of_discrepancies_are_looked_after(operator: None) -> None:
    _, row = await paid_short()
    await resolved(row, R.REFUNDED)
    command = await MpesaCommand.get(discrepancy_id=row.id)
    async with nothing_happens():
        await reopen_what_was_not_refunded(CommandFigures.of(command))


async def test_nothing_is_given_back_where_nobody_can() -> None:
    _, row = await paid_short()
    await refused(row, R.REFUNDED, MpesaNotConfigured)


async def test_no_part_of_a_shilling_is_given_back(operator: None) -> None:
    made = await a_payment()
    await told(made, callback(amount=Money(249_950, "KES")), at=SOON)
    await refused(await the(DiscrepancyType.AMOUNT_MISMATCH, made), R.REFUNDED, ResolutionNotPossible, "whole shillings")


async def test_money_that_waits_is_not_merely_put_aside() -> None:
    made, row = await paid_short()
    await refused(row, R.NO_ACTION, ResolutionNotPossible, "KES 2,499.00 of TC51ABCD2E wait in suspense")
    await told(made, taken_back(kes(2_499), channel=Channel.QUERY))
    row = await the(DiscrepancyType.AMOUNT_MISMATCH, made)
    assert (await resolved(row, R.NO_ACTION)).resolution is R.NO_ACTION
    await assert_integrity()


async def test_the_money_of_another_payment_is_not_touched(operator: None) -> None:
    """A receipt that is told of two payments is the first one's."""
    first, second = await a_payment(), await a_payment()
    await told(first, callback(amount=kes(2_000)), at=SOON)
    await told(second, callback(amount=kes(2_000)), at=SOON)
    row = await the(DiscrepancyType.DUPLICATE_PAYMENT, second)
    for resolution in (R.ACCEPTED, R.REFUNDED, R.WRITTEN_OFF, R.CORRECTED):
        await refused(row, resolution, ResolutionNotPossible, "another payment's")
    assert (await resolved(row, R.NO_ACTION)).resolution is R.NO_ACTION
    assert await books() == {"1210": 200_000, "2920": 200_000}
    await assert_integrity()


async def test_what_merely_tells_something_is_put_aside() -> None:
    made = await a_payment()
    await told(made, callback(after_s=600), at=LATER)
    row = await the(DiscrepancyType.LATE_CALLBACK, made)
    before = await books()
    await refused(row, R.WRITTEN_OFF, ResolutionNotPossible, "ACCEPTED, CORRECTED, NO_ACTION")
    assert (await resolved(row, R.ACCEPTED)).status is DiscrepancyStatus.RESOLVED
    assert await books() == before
    assert (await told(made)).reconciliation.status == "MATCHED"


async def _missing_in_a_statement(**said: Any) -> tuple[Made, Discrepancy]:
    """A callback says paid, and the statement of that day has nothing of it."""
    made = await a_payment()
    await told(made, callback(**said), at=SOON)
    await a_statement(THE_DAY.from_at, THE_DAY.until_at)
    await told(made)
    return made, await the(DiscrepancyType.MISSING_IN_STATEMENT, made)


async def test_money_that_never_came_leaves_the_books() -> None:
    made, row = await _missing_in_a_statement()
    assert await books() == {"1210": 250_000, "2910": 250_000}
    assert (await resolved(row, R.CORRECTED)).resolution is R.CORRECTED
    payment = await Payment.get(id=made.id)
    assert (payment.status, payment.purpose_minor) == (PaymentStatus.REVERSED, 0)
    assert await books() == {}
    assert await disagreements(made) == {"MISSING_IN_STATEMENT": "RESOLVED"}, "whoever took it off the books knows"
    await reopen_discrepancy(ADMIN, discrepancy_id=row.id, note="look")
    await refused(await Discrepancy.get(id=row.id), R.CORRECTED, ResolutionNotPossible, "nothing of the money")
    await assert_integrity()


async def test_what_the_provider_took_back_it_knows() -> None:
    made, row = await _missing_in_a_statement()
    await told(made, taken_back(kes(500), channel=Channel.QUERY))
    await refused(await Discrepancy.get(id=row.id), R.CORRECTED, ResolutionNotPossible, "so it knows it")
    assert (await resolved(await Discrepancy.get(id=row.id), R.ACCEPTED)).resolution is R.ACCEPTED
    assert await books() == {"1210": 200_000, "2910": 200_000}
    await assert_integrity()
