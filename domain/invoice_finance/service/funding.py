"""Funding an invoice: whole or in parts, paid to the seller at once or when all of it is there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.invoice_finance import access, accounts
from domain.invoice_finance.errors import (
    AmountBelowMinimum,
    AmountExceedsRemaining,
    InvoiceNotFound,
    InvoiceNotOpen,
    InvoicePastDue,
    NothingFunded,
    SelfFunding,
)
from domain.invoice_finance.events import InvestmentMade, InvoiceFunded, InvoiceState
from domain.invoice_finance.models import Investment, Invoice
from domain.invoice_finance.service.desk import locked, locked_own, save, tell_updated
from domain.invoice_finance.states import (
    OPEN,
    FundingMode,
    InvestmentState,
    InvoiceChange,
    InvoiceStatus,
    SaleMethod,
)
from domain.kit import clock
from domain.kit.errors import CurrencyMismatch, InvalidAmount
from domain.kit.ids import new_id
from domain.kit.money import Money
from domain.kit.unit_of_work import Work, retried, unit_of_work
from domain.ledger.service import lock_accounts
from domain.wallets import service as wallets
from domain.wallets.models import Wallet


@dataclass(frozen=True, slots=True)
class Funding:
    """An investment, and the invoice as it stands with it. ``clipped`` when less was taken than offered."""

    invoice: Invoice
    investment: Investment
    clipped: bool


@retried
async def fund_invoice(actor: Actor, *, invoice_id: UUID, amount: Money, allow_partial: bool = False) -> Funding:
    """Pay from the investor's wallet for a part of an invoice, or for all that remains of it.

    An amount above what remains is refused (AMOUNT_EXCEEDS_REMAINING), or clipped to it with ``allow_partial``. Further
    refusals: INVOICE_NOT_FOUND, SELF_FUNDING, INVOICE_NOT_OPEN, INVOICE_PAST_DUE, CURRENCY_MISMATCH,
    AMOUNT_BELOW_MINIMUM, INSUFFICIENT_FUNDS.
    """
    actor.require(Permission.INVOICE_FUND)
    if amount.amount_minor <= 0:
        raise InvalidAmount("an amount must be greater than zero", field=("input", "amount"))
    async with unit_of_work() as work:
        invoice = await locked(invoice_id)
        _require_open_to(actor, invoice)
        taken = _acceptable(invoice, amount, allow_partial=allow_partial)
        before = invoice.status
        investment = await _invest(actor, invoice, taken)
        invoice.take(taken)
        await save(invoice)
        if invoice.status is InvoiceStatus.FUNDED and invoice.funding_mode is FundingMode.ALL_OR_NOTHING:
            await _pay_out_held(invoice)
            await investment.refresh_from_db()
        tell_funded(work, actor.name, invoice, investment)
        await tell_updated(work, invoice, InvoiceChange.INVESTMENT_MADE, before)
    return Funding(invoice, investment, clipped=taken != amount)


@retried
async def close_funding(actor: Actor, *, invoice_id: UUID) -> Invoice:
    """The seller is content with what is funded so far: that becomes the advance, and the invoice leaves the market."""
    actor.require(Permission.INVOICE_SELL)
    async with unit_of_work() as work:
        invoice = await locked_own(actor, invoice_id)
        if invoice.status not in OPEN or invoice.sale_method is SaleMethod.AUCTION:
            raise InvoiceNotOpen("this invoice is not open for funding")
        if invoice.status is InvoiceStatus.LISTED:
            raise NothingFunded("nobody has invested yet; withdraw the invoice instead")
        await _close_short(work, invoice)
    return invoice


@retried
async def close_at_deadline(invoice_id: UUID) -> bool:
    """Close the funding of an invoice that was paid in part when its deadline passed: the job's work."""
    async with unit_of_work() as work:
        invoice = await locked(invoice_id)
        if (
            invoice.status is not InvoiceStatus.PARTIALLY_FUNDED
            or invoice.funding_mode is not FundingMode.IMMEDIATE
            or clock.now() < invoice.funding_deadline_at
        ):
            return False
        await _close_short(work, invoice)
    return True


async def _close_short(work: Work, invoice: Invoice) -> None:
    before = invoice.status
    invoice.close_short()
    await save(invoice)
    if invoice.funding_mode is FundingMode.ALL_OR_NOTHING:
        await _pay_out_held(invoice)
    await tell_updated(work, invoice, InvoiceChange.FUNDING_CLOSED, before)


def _require_open_to(actor: Actor, invoice: Invoice) -> None:
    if not access.may_offer_to(actor, invoice):
        raise InvoiceNotFound
    require_not_a_party(actor, invoice)
    if invoice.status not in OPEN:
        raise InvoiceNotOpen(f"this invoice is {invoice.status.value.lower().replace('_', ' ')}; it takes no money")
    if clock.today() > invoice.due_on:
        raise InvoicePastDue(invoice.due_on)
    if clock.now() >= invoice.funding_deadline_at:
        raise InvoiceNotOpen("the funding of this invoice has ended")
    if invoice.sale_method is SaleMethod.AUCTION:
        raise InvoiceNotOpen("this invoice is sold by auction; place a bid")


def require_not_a_party(actor: Actor, invoice: Invoice) -> None:
    """Nobody finances what they sell or owe, whatever roles they have."""
    if actor.id in (invoice.seller_id, invoice.debtor_id):
        raise SelfFunding


def _acceptable(invoice: Invoice, amount: Money, *, allow_partial: bool) -> Money:
    """What is taken of an offer. The last piece may be smaller than the minimum, or it could never be filled."""
    if amount.currency != invoice.currency:
        raise CurrencyMismatch(
            f"{amount.currency} cannot fund an invoice in {invoice.currency}", field=("input", "amount", "currency")
        )
    remaining = invoice.remaining_amount
    if amount > remaining:
        if not allow_partial:
            raise AmountExceedsRemaining(remaining)
        return remaining
    if amount < invoice.min_investment and amount != remaining:
        raise AmountBelowMinimum(min(invoice.min_investment, remaining))
    return amount


async def _invest(actor: Actor, invoice: Invoice, amount: Money) -> Investment:
    """Move the money or hold it, and write the investment down."""
    wallet = await wallets.wallet_of(actor.id, invoice.currency)
    investment = Investment(
        id=new_id(),
        invoice_id=invoice.id,
        investor_id=actor.id,
        amount_minor=amount.amount_minor,
        currency=amount.currency,
        state=InvestmentState.HELD,
        made_at=clock.now(),
    )
    if invoice.funding_mode is FundingMode.ALL_OR_NOTHING:
        hold = await wallets.hold_funds(
            wallet=wallet,
            amount=amount,
            description=f"Held for invoice {invoice.number}",
            reference=accounts.about(invoice.id),
        )
        investment.hold_id = hold.id
    else:
        seller = await wallets.wallet_of(invoice.seller_id, invoice.currency)
        posted = await wallets.post_to_wallets(
            kind=accounts.INVESTMENT,
            description=f"Investment in invoice {invoice.number}",
            lines=accounts.investments([(wallet.account_id, amount)], seller.account_id),
            reference=accounts.about(invoice.id),
        )
        investment.state, investment.entry_id = InvestmentState.ACTIVE, posted.entry_id
    await investment.save(force_create=True)
    return investment


async def _pay_out_held(invoice: Invoice) -> None:
    """All is there: spend every hold in one entry that pays the seller."""
    held = await Investment.filter(invoice_id=invoice.id, state=InvestmentState.HELD).order_by("id")
    await pay_seller_from_holds(invoice, [(each.investor_id, each.hold_id, each.amount) for each in held if each.hold_id])


async def pay_seller_from_holds(invoice: Invoice, parts: Sequence[tuple[UUID, UUID, Money]]) -> UUID:
    """Spend holds (investor, hold, amount) for an invoice and make the investments on them ACTIVE; returns the entry."""
    seller = await wallets.wallet_of(invoice.seller_id, invoice.currency)
    account_of = await accounts_of([investor_id for investor_id, _, _ in parts], invoice.currency)
    await lock_accounts([seller.account_id, *account_of.values()])
    posted = await wallets.spend_holds(
        {hold_id: amount for _, hold_id, amount in parts},
        kind=accounts.INVESTMENT,
        description=f"Investment in invoice {invoice.number}",
        lines=accounts.investments([(account_of[who], amount) for who, _, amount in parts], seller.account_id),
        reference=accounts.about(invoice.id),
    )
    await Investment.filter(hold_id__in=[hold_id for _, hold_id, _ in parts]).update(
        state=InvestmentState.ACTIVE, entry_id=posted.entry_id
    )
    return posted.entry_id


async def accounts_of(user_ids: Sequence[UUID], currency: str) -> dict[UUID, UUID]:
    """The accounts behind the wallets of people who have put money in, and therefore have one."""
    found = await Wallet.filter(user_id__in=user_ids, currency=currency)
    return {wallet.user_id: wallet.account_id for wallet in found}


def tell_funded(work: Work, investor_name: str, invoice: Invoice, investment: Investment) -> None:
    """Tell the seller, then the investor; the update for everybody follows."""
    state = InvoiceState.of(invoice)
    work.record(
        InvoiceFunded(
            invoice=state,
            investment_id=investment.id,
            amount=investment.amount,
            investor_name=investor_name,
            fully_funded=invoice.status is InvoiceStatus.FUNDED,
            paid_out=investment.state is InvestmentState.ACTIVE,
        ),
        InvestmentMade(
            invoice=state,
            investment_id=investment.id,
            investor_id=investment.investor_id,
            amount=investment.amount,
            state=investment.state,
            made_at=investment.made_at,
        ),
    )
