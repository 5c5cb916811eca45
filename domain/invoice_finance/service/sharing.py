"""Sharing out what came in: each payment down the waterfall, the investors' part over the investments, one entry for all."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

import asyncpg
from tortoise.exceptions import IntegrityError

from domain.invoice_finance import accounts
from domain.invoice_finance.errors import PaymentAlreadyRecorded
from domain.invoice_finance.events import InvoiceRepaid, InvoiceState, PayoutMade
from domain.invoice_finance.models import Investment, Invoice, InvoicePayment, Payout
from domain.invoice_finance.rules import Waterfall, split_among
from domain.invoice_finance.service.default import tell_recovered
from domain.invoice_finance.service.desk import save, tell_updated
from domain.invoice_finance.service.funding import accounts_of
from domain.invoice_finance.states import InvestmentState, InvoiceChange, InvoiceStatus, PaymentSource
from domain.kit import clock
from domain.kit.ids import new_id
from domain.kit.money import Money
from domain.kit.unit_of_work import Work
from domain.ledger.chart import BANK, house_account
from domain.ledger.service import Posted, Reference
from domain.payments.accounts import IN_TRANSIT
from domain.wallets import service as wallets

# Add each investment's part to what it has paid back.
ADD_PAID = """
update investment set paid_minor = paid_minor + part.amount
from unnest($1::uuid[], $2::bigint[]) as part (id, amount) where investment.id = part.id
"""


@dataclass(frozen=True, slots=True)
class Intake:
    """Money that came in for a locked invoice that owes at least as much; by a payment from outside, if it names one."""

    invoice: Invoice
    amount: Money
    received_on: date
    reference: str = ""
    collected_payment_id: UUID | None = None


@dataclass(slots=True)
class _Shared:
    """An intake, and whom it goes to."""

    intake: Intake
    before: InvoiceStatus
    parts: Waterfall
    payouts: list[tuple[Investment, Money]]
    payment_id: UUID = field(default_factory=new_id)


async def share_out(
    work: Work, intakes: Sequence[Intake], source: PaymentSource, *, payer_id: UUID | None, recorded_by: UUID
) -> list[InvoicePayment]:
    """Divide, post, write down and announce, in this order."""
    shared = [await _divide(intake) for intake in intakes]
    source_account_id = await _source_account(source, payer_id, intakes[0].amount.currency)
    posted, settlement_id = await _post(shared, source_account_id)
    payments = [_payment(each, source, payer_id, recorded_by, settlement_id, posted) for each in shared]
    await InvoicePayment.bulk_create(payments)
    await _write_payouts(work, shared)
    for each, payment in zip(shared, payments, strict=True):
        await save(each.intake.invoice)
        await _tell(work, each, payment)
    return payments


async def _source_account(source: PaymentSource, payer_id: UUID | None, currency: str) -> UUID:
    match source:
        case PaymentSource.WALLET:
            assert payer_id is not None, "a wallet is somebody's"
            return (await wallets.wallet_of(payer_id, currency)).account_id
        case PaymentSource.BANK:
            return await house_account(BANK, currency)
        case PaymentSource.MPESA:
            return await house_account(IN_TRANSIT, currency)


async def _divide(intake: Intake) -> _Shared:
    invoice = intake.invoice
    before = invoice.status
    entitled = invoice.entitlement_on(intake.received_on)
    parts = invoice.divide(intake.amount, intake.received_on)
    investments = await Investment.filter(invoice_id=invoice.id, state=InvestmentState.ACTIVE).order_by("id")
    principals = [investment.amount_minor for investment in investments]
    shares = split_among(parts.investors, entitled, principals, [investment.paid_minor for investment in investments])
    payouts = [(each, share) for each, share in zip(investments, shares, strict=True) if share]
    return _Shared(intake, before, parts, payouts)


async def _post(shared: Sequence[_Shared], source_account_id: UUID) -> tuple[Posted, UUID]:
    """One entry for everything: each wallet appears once with all it gets."""
    first = shared[0].intake.invoice
    currency, settlement_id = first.currency, new_id()
    account_of = await accounts_of([each.investor_id for one in shared for each, _ in one.payouts], currency)
    seller_account = (await wallets.wallet_of(first.seller_id, currency)).account_id
    to_wallets: dict[UUID, Money] = {}
    to_platform = Money.zero(currency)
    total = Money.zero(currency)
    for one in shared:
        gifts = [(account_of[each.investor_id], share) for each, share in one.payouts]
        for account_id, part in [*gifts, (seller_account, one.parts.seller)]:
            to_wallets[account_id] = to_wallets.get(account_id, Money.zero(currency)) + part
        to_platform += one.parts.platform
        total += one.intake.amount
    several = len(shared) > 1
    posted = await wallets.post_to_wallets(
        kind=accounts.REPAYMENT,
        description=f"Repayment of {len(shared)} invoices" if several else f"Repayment of invoice {first.number}",
        lines=await accounts.repayment(
            source_account_id=source_account_id, amount=total, to_platform=to_platform, to_wallets=to_wallets
        ),
        reference=Reference(accounts.SETTLEMENT, settlement_id) if several else accounts.about(first.id),
        effective_on=shared[0].intake.received_on,
    )
    return posted, settlement_id


def _payment(
    each: _Shared, source: PaymentSource, payer_id: UUID | None, recorded_by: UUID, settlement_id: UUID, posted: Posted
) -> InvoicePayment:
    return InvoicePayment(
        id=each.payment_id,
        invoice_id=each.intake.invoice.id,
        source=source,
        payer_id=payer_id,
        recorded_by_id=recorded_by,
        reference=each.intake.reference,
        amount_minor=each.intake.amount.amount_minor,
        platform_minor=each.parts.platform.amount_minor,
        investors_minor=each.parts.investors.amount_minor,
        seller_minor=each.parts.seller.amount_minor,
        currency=each.intake.amount.currency,
        received_on=each.intake.received_on,
        settlement_id=settlement_id,
        entry_id=posted.entry_id,
        collected_payment_id=each.intake.collected_payment_id,
        recorded_at=clock.now(),
    )


async def _write_payouts(work: Work, shared: Sequence[_Shared]) -> None:
    moment = clock.now()
    rows = [
        Payout(
            id=new_id(),
            payment_id=one.payment_id,
            investment_id=investment.id,
            amount_minor=share.amount_minor,
            currency=share.currency,
            paid_at=moment,
        )
        for one in shared
        for investment, share in one.payouts
    ]
    if not rows:
        return
    await Payout.bulk_create(rows)
    await work.execute(ADD_PAID, [row.investment_id for row in rows], [row.amount_minor for row in rows])
    for one in shared:
        for investment, share in one.payouts:
            investment.paid_minor += share.amount_minor


async def _tell(work: Work, each: _Shared, payment: InvoicePayment) -> None:
    invoice = each.intake.invoice
    state = InvoiceState.of(invoice)
    work.record(
        InvoiceRepaid(
            invoice=state,
            payment_id=payment.id,
            amount=payment.amount,
            to_platform=payment.to_platform,
            to_investors=payment.to_investors,
            to_seller=payment.to_seller,
            received_on=payment.received_on,
            payer_id=payment.payer_id,
        )
    )
    for investment, share in each.payouts:
        work.record(
            PayoutMade(
                invoice=state,
                payment_id=payment.id,
                investment_id=investment.id,
                investor_id=investment.investor_id,
                amount=share,
                invested=investment.amount,
                paid_in_all=investment.paid_amount,
            )
        )
    if invoice.status is InvoiceStatus.RECOVERED:
        await tell_recovered(work, invoice, each.before)
    await tell_updated(work, invoice, InvoiceChange.REPAID, each.before)


@asynccontextmanager
async def recorded_once() -> AsyncIterator[None]:
    """Say in words what the unique index on bank references refuses."""
    try:
        yield
    except IntegrityError as error:
        cause = error.__cause__
        if isinstance(cause, asyncpg.UniqueViolationError) and cause.constraint_name == "invoice_payment_recorded_once":
            raise PaymentAlreadyRecorded("a payment with this reference was recorded for this invoice before") from None
        raise
