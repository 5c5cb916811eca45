"""Loans that pay for something of another business: straight there or not at all, and taken back from there."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from domain.identity.actor import Actor
from domain.kit import clock, database
from domain.kit.errors import CurrencyMismatch, Forbidden, InvalidAmount, InvalidInput, NotFound
from domain.kit.ids import new_id
from domain.kit.money import Money
from domain.ledger.chart import house_account
from domain.ledger.service import credit, debit, post_entry
from domain.lending.application import PaysFor
from domain.lending.errors import (
    ChannelNotPossible,
    DisbursementNotFound,
    DisbursementNotReversible,
    LoanNotPaidOut,
)
from domain.lending.models import Loan, LoanDirectPayment, LoanProduct, LoanTransaction
from domain.lending.rules.terms import ChargeBasis, ChargeRule, ChargeTime
from domain.lending.service import (
    apply_for_loan,
    disburse_loan,
    refund_overpayment,
    reverse_loan_disbursement,
    validate_loan_application,
)
from domain.lending.service.repayment import record_loan_repayment
from domain.lending.states import LoanStatus, PaymentChannel
from domain.payments.accounts import IN_TRANSIT, UNCLAIMED
from domain.payments.errors import PurposeNotPossible
from domain.payments.purposes import Due, PaidFor, PurposeKind, registry
from domain.payments.states import Purpose
from tests.support.collected import in_transit
from tests.support.happenings import assert_integrity, names_of_events, nothing_happens
from tests.support.loans import (
    Office,
    a_borrower,
    a_product,
    a_running_loan,
    an_application,
    an_approved_loan,
    an_office,
    asking,
    books_of,
    kes,
    repaid,
)

pytestmark = pytest.mark.usefixtures("database")

FEE = ChargeRule(
    code="FEE", title="Fee", time=ChargeTime.DISBURSEMENT, basis=ChargeBasis.PERCENT_OF_PRINCIPAL, value=Decimal(2)
)
DIRECT, WALLET = PaymentChannel.DIRECT, PaymentChannel.WALLET


@dataclass
class Elsewhere:
    """Another business with one thing to be paid, of which so much is owed by one person."""

    debtor_id: UUID
    owed: Money = field(default_factory=lambda: kes(20_000))
    thing_id: UUID = field(default_factory=new_id)
    took: dict[UUID, PaidFor] = field(default_factory=dict)
    refuses: bool = False

    async def due(self, actor: Actor, target_id: UUID) -> Due:
        if (actor.id, target_id) != (self.debtor_id, self.thing_id):
            raise NotFound("there is no such thing", field=("input", "targetId"))
        return Due(
            purpose=Purpose.SCHOOL_FEE,
            target_id=target_id,
            title="A thing",
            amount=self.owed or None,
            most_by_loan=self.owed,
            currency="KES",
            client_id=actor.id,
            client_name=actor.name,
            payee_id=None,
            payee_name="Elsewhere",
            branch_id=None,
            account_reference="THING",
        )

    async def apply(self, paid: PaidFor) -> UUID:
        if self.refuses:
            raise InvalidInput("not today")
        record_id = new_id()
        self.took[record_id] = paid
        await self._post(paid.amount, taken=True)
        return record_id

    async def undo(self, paid: PaidFor, record_id: UUID) -> None:
        if self.refuses:
            raise InvalidInput("not any more")
        assert self.took.pop(record_id).payment_id == paid.payment_id
        await self._post(paid.amount, taken=False)

    async def _post(self, amount: Money, *, taken: bool) -> None:
        transit, income = await house_account(IN_TRANSIT, "KES"), await house_account(UNCLAIMED, "KES")
        sides = [debit(transit, amount), credit(income, amount)]
        await post_entry(
            kind="test.taken", description="Taken", lines=sides if taken else [each.opposite() for each in sides]
        )


async def _nobody(*_: object) -> None:
    return None


async def _nothing(*_: object) -> list[Any]:
    return []


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> Elsewhere:
    there = Elsewhere(debtor_id=new_id())
    kind = PurposeKind(
        purpose=Purpose.SCHOOL_FEE,
        title="Thing",
        due=there.due,
        due_by_reference=_nobody,
        candidates=_nothing,
        apply=there.apply,
        undo=there.undo,
        lock=_nothing,
        takes_loans=True,
    )
    monkeypatch.setitem(registry._kinds, Purpose.SCHOOL_FEE, kind)
    return there


def there(elsewhere: Elsewhere) -> PaysFor:
    return PaysFor(purpose=Purpose.SCHOOL_FEE, target_id=elsewhere.thing_id)


async def an_approved_one(office: Office, elsewhere: Elsewhere, **terms: Any) -> Loan:
    elsewhere.debtor_id = office.borrower.id
    product = await a_product(requires_kyc=False, **terms)
    return await an_approved_loan(office, product, pays_for=there(elsewhere))


async def test_it_goes_straight_there_and_touches_no_money_of_the_house(elsewhere: Elsewhere) -> None:
    office = await an_office()
    loan = await an_approved_one(office, elsewhere, charges=(FEE,))
    assert (loan.pays_title, loan.pays_purpose) == ("A thing", Purpose.SCHOOL_FEE)
    moved = await disburse_loan(office.admin, loan_id=loan.id, channel=DIRECT)
    assert (moved.loan.status, moved.transaction.channel) == (LoanStatus.ACTIVE, DIRECT)
    [paid] = elsewhere.took.values()
    assert (paid.amount, paid.by_loan, paid.reference, paid.client_id) == (
        kes(11_760), True, loan.number, office.borrower.id,
    )  # fmt: skip
    assert await in_transit() == kes(0)
    assert (await books_of(loan))["1510"] == 12_000_00 and (await books_of(loan))["2910"] == -11_760_00
    touched = await database.fetch("select distinct a.code from journal_line l join ledger_account a on a.id = l.account_id")
    assert not {row["code"] for row in touched} & {"1110", "1200", "1210", "2310"}
    direct = await LoanDirectPayment.get()
    assert (direct.fact_id, direct.amount) == (paid.payment_id, kes(11_760))
    await assert_integrity()


async def test_what_is_refused_there_is_not_paid_out(elsewhere: Elsewhere) -> None:
    office = await an_office()
    loan = await an_approved_one(office, elsewhere)
    elsewhere.refuses = True
    async with nothing_happens():
        with pytest.raises(InvalidInput, match="not"):
            await disburse_loan(office.admin, loan_id=loan.id, channel=DIRECT)
        for channel in (WALLET, PaymentChannel.CASH):
            with pytest.raises(ChannelNotPossible):
                await disburse_loan(office.admin, loan_id=loan.id, channel=channel)
    assert (await Loan.get(id=loan.id)).status is LoanStatus.APPROVED


async def test_a_payout_that_is_taken_back_comes_back_from_there(elsewhere: Elsewhere) -> None:
    office = await an_office()
    loan = await an_approved_one(office, elsewhere, charges=(FEE,))
    moved = await disburse_loan(office.admin, loan_id=loan.id, channel=DIRECT)
    elsewhere.refuses = True
    async with nothing_happens():
        with pytest.raises(InvalidInput, match="not"):
            await reverse_loan_disbursement(office.admin, transaction_id=moved.transaction.id, reason="A mistake")
    elsewhere.refuses = False
    back = await reverse_loan_disbursement(office.admin, transaction_id=moved.transaction.id, reason="A mistake")
    assert (back.loan.status, back.loan.disbursed_on, back.transaction.reversed_at is not None) == (
        LoanStatus.APPROVED, None, True,
    )  # fmt: skip
    assert (elsewhere.took, await books_of(loan), await in_transit()) == ({}, {}, kes(0))
    told = await names_of_events()
    assert "lending.loan_disbursement_reversed" in told
    async with nothing_happens():
        with pytest.raises((DisbursementNotReversible, LoanNotPaidOut)):
            await reverse_loan_disbursement(office.admin, transaction_id=moved.transaction.id, reason="Again")
    again = await disburse_loan(office.admin, loan_id=loan.id, channel=DIRECT)
    assert again.loan.status is LoanStatus.ACTIVE and len(elsewhere.took) == 1
    await assert_integrity()


async def test_any_last_payout_can_be_taken_back() -> None:
    office = await an_office()
    loan = await a_running_loan(office, channel=WALLET, down_payment_percent=Decimal(10))
    line = await LoanTransaction.get(loan_id=loan.id, kind="DISBURSEMENT")
    back = await reverse_loan_disbursement(office.admin, transaction_id=line.id, reason="To the wrong person")
    assert (back.loan.status, await books_of(loan)) == (LoanStatus.APPROVED, {})
    await assert_integrity()


async def test_what_cannot_be_taken_back() -> None:
    office = await an_office()
    loan = await a_running_loan(office)
    line = await LoanTransaction.get(loan_id=loan.id, kind="DISBURSEMENT")
    paid = await repaid(office, loan, 10)
    for actor, transaction_id, kind in (
        (office.admin, line.id, DisbursementNotReversible),
        (office.admin, paid.transaction.id, DisbursementNotFound),
        (office.admin, new_id(), DisbursementNotFound),
        (office.officer, line.id, Forbidden),
        (office.borrower, line.id, Forbidden),
    ):
        async with nothing_happens():
            with pytest.raises(kind):
                await reverse_loan_disbursement(actor, transaction_id=transaction_id, reason="No")


async def test_what_a_loan_may_not_be_for(elsewhere: Elsewhere) -> None:
    office, product = await an_office(), await a_product()
    elsewhere.debtor_id = office.borrower.id
    stranger = await a_borrower(office.branch)
    for kind, changes in (
        (NotFound, {"pays_for": PaysFor(purpose=Purpose.SCHOOL_FEE, target_id=new_id())}),
        (NotFound, {"pays_for": there(elsewhere), "borrower_id": stranger.id}),
        (PurposeNotPossible, {"pays_for": PaysFor(purpose=Purpose.WALLET_TOP_UP, target_id=office.borrower.id)}),
        (InvalidAmount, {"pays_for": there(elsewhere), "principal": kes(20_001)}),
    ):
        actor = office.officer if "borrower_id" in changes else office.borrower
        async with nothing_happens():
            with pytest.raises(kind):
                await applied_by(actor, product, **changes)
    down, shillings = await a_product(down_payment_percent=Decimal(10)), await a_product(principal=Money.of(5_000, "GHS"))
    for refusal, of in ((ChannelNotPossible, down), (CurrencyMismatch, shillings)):
        async with nothing_happens():
            with pytest.raises(refusal):
                await an_application(office, of, pays_for=there(elsewhere))
    # A draft says so too, and not only the payout of what was approved.
    much = asking(product, pays_for=there(elsewhere), principal=kes(20_001))
    [fault] = await validate_loan_application(office.borrower, application=much)
    assert (fault.code, fault.field) == ("INVALID_AMOUNT", ("input", "application", "principal"))
    elsewhere.owed = kes(0)
    faults = await validate_loan_application(office.borrower, application=asking(product, pays_for=there(elsewhere)))
    assert [fault.code for fault in faults] == ["INVALID_AMOUNT"]


async def applied_by(actor: Actor, product: LoanProduct, **changes: Any) -> None:
    await apply_for_loan(actor, application=asking(product, **changes))


async def test_nothing_comes_or_goes_that_way_by_itself(elsewhere: Elsewhere) -> None:
    office = await an_office()
    loan = await a_running_loan(office)
    async with nothing_happens():
        with pytest.raises(ChannelNotPossible):
            await record_loan_repayment(office.officer, loan_id=loan.id, amount=kes(10), channel=DIRECT)
    plain = await an_approved_loan(office, await a_product(requires_kyc=False))
    async with nothing_happens():
        with pytest.raises(ChannelNotPossible):
            await disburse_loan(office.admin, loan_id=plain.id, channel=DIRECT)
    await repaid(office, loan, 20_000)
    async with nothing_happens():
        with pytest.raises(ChannelNotPossible):
            await refund_overpayment(office.admin, loan_id=loan.id, channel=DIRECT)


async def test_a_payout_that_is_dated_back_pays_on_its_day(elsewhere: Elsewhere) -> None:
    office = await an_office()
    with clock.clock_set_to(clock.now() - timedelta(days=3)):
        loan = await an_approved_one(office, elsewhere)
    day = clock.today() - timedelta(days=1)
    await disburse_loan(office.admin, loan_id=loan.id, channel=DIRECT, disbursed_on=day)
    [paid] = elsewhere.took.values()
    assert paid.paid_at.date() == day
