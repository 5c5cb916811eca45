"""Money of the mill that is in sellers' wallets because investors paid for invoices of its sales.

What comes is heard from the investors' market. The seller alone takes it out of the own wallet: the mill gets it
(:func:`collect_finance_proceeds`), or a supplier is paid with it. The house has the money itself all along: it owes it to
the wallet first, and to nobody then. What sellers still hold stands on the account of invoice finance proceeds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from domain.identity.actor import SYSTEM_ID, Actor
from domain.identity.permissions import Permission
from domain.kit import clock
from domain.kit.context import current_call
from domain.kit.ids import new_id
from domain.kit.money import Money
from domain.kit.unit_of_work import Work, retried, unit_of_work
from domain.ledger.chart import HouseAccount, house_account
from domain.ledger.service import Line, Reference
from domain.milling import settings
from domain.milling.accounts import FINANCE_PROCEEDS, TRADE_PAYABLES, proceeds_received
from domain.milling.errors import ExceedsProceeds
from domain.milling.events import ProceedsChanged
from domain.milling.models import Payment, Proceeds, Purchase, Sale
from domain.milling.queries.proceeds import FinanceProceeds, proceeds_of
from domain.milling.service.money import minor_of
from domain.milling.service.sale_desk import post_about_sale
from domain.milling.states import DocumentKind, ProceedsKind
from domain.wallets.service import post_to_wallets, wallet_of

RECEIVED: Final = "milling.finance_received"
COLLECTED: Final = "milling.finance_collected"
ABOUT: Final = "mill_proceeds"

# One seller's proceeds at a time, so that nobody takes twice what is there once.
_ONE_AT_A_TIME: Final = "select pg_advisory_xact_lock(hashtextextended('mill_proceeds:' || $1::text, 0))"

_OF_INVOICE: Final = "select coalesce(sum(amount_minor), 0)::bigint from mill_proceeds where invoice_id = $1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipts:
    """All that came into a seller's wallet for an invoice so far."""

    seller_id: UUID
    total_minor: int


@dataclass(frozen=True, slots=True)
class Collected:
    """What the mill got out of a wallet, and how the seller stands with the mill now."""

    amount: Money
    proceeds: FinanceProceeds


async def note_receipts(work: Work, sale: Sale, invoice_id: UUID, receipts: Receipts) -> int:
    """Book what has come since this was heard last; returns all that has come. The sale is locked."""
    known: int = await work.fetchval(_OF_INVOICE, invoice_id)
    more = receipts.total_minor - known
    if more <= 0:
        return known
    await _lock(work, receipts.seller_id)
    said, now = f"Investors paid for invoice {sale.invoice_number}", clock.now()
    entry_id = await post_about_sale(RECEIVED, said, proceeds_received(more), about=sale, at=now)
    came = _row(ProceedsKind.RECEIVED, receipts.seller_id, more, entry_id, now, by=SYSTEM_ID, branch_id=sale.branch_id)
    came.sale_id, came.invoice_id = sale.id, invoice_id
    await _keep(work, came)
    return receipts.total_minor


@retried
async def collect_finance_proceeds(actor: Actor, *, amount: Money | None = None) -> Collected:
    """Bring what investors paid from the actor's own wallet into the mill: an amount, or all that is there.

    Refuses with AMOUNT_EXCEEDS_PROCEEDS, INVALID_AMOUNT, CURRENCY_MISMATCH and INSUFFICIENT_FUNDS.
    """
    actor.require(Permission.MILL_SELL)
    actor.require(Permission.WALLET_USE)
    async with unit_of_work() as work:
        await _lock(work, actor.id)
        there = (await proceeds_of(actor.id)).available
        minor = there.amount_minor if amount is None else minor_of(amount, "input", "amount")
        if not 0 < minor <= there.amount_minor:
            raise ExceedsProceeds(there)
        row_id = new_id()
        entry_id = await _post_out(
            actor, minor, [], kind=COLLECTED, description="Paid by investors, brought in", reference=Reference(ABOUT, row_id)
        )
        went = _row(ProceedsKind.COLLECTED, actor.id, -minor, entry_id, clock.now(), by=actor.id, branch_id=actor.branch_id)
        went.id = row_id
        await _keep(work, went)
    return Collected(Money(minor, there.currency), await proceeds_of(actor.id))


async def require_proceeds(work: Work, actor: Actor, minor: int) -> None:
    """So much of what investors paid is in the actor's wallet, and nobody else takes of it until the unit of work ends."""
    await _lock(work, actor.id)
    there = (await proceeds_of(actor.id)).available
    if minor > there.amount_minor:
        raise ExceedsProceeds(there)


async def post_spent(actor: Actor, minor: int, kind: str, description: str, money: HouseAccount, *, about: Purchase) -> UUID:
    """Dr trade payables, Dr the actor's wallet   Cr the money that leaves, Cr invoice finance proceeds."""
    size = Money(minor, about.currency)
    paid = [
        Line(await house_account(TRADE_PAYABLES, about.currency), size, is_debit=True),
        Line(await house_account(money, about.currency), size, is_debit=False),
    ]
    reference = Reference(DocumentKind.PURCHASE.value.lower(), about.id)
    return await _post_out(
        actor, minor, paid, kind=kind, description=description, reference=reference, branch_id=about.branch_id
    )


async def note_spent(work: Work, actor: Actor, payment: Payment) -> None:
    """Write down that a supplier was paid out of the wallet."""
    went = _row(
        ProceedsKind.SPENT,
        actor.id,
        -payment.amount_minor,
        payment.entry_id,
        payment.paid_at,
        by=actor.id,
        branch_id=payment.branch_id,
    )
    went.payment_id = payment.id
    await _keep(work, went)


async def _lock(work: Work, seller_id: UUID) -> None:
    await work.execute(_ONE_AT_A_TIME, str(seller_id))


async def _post_out(
    actor: Actor,
    minor: int,
    others: list[Line],
    *,
    kind: str,
    description: str,
    reference: Reference,
    branch_id: UUID | None = None,
) -> UUID:
    """Dr the actor's wallet   Cr invoice finance proceeds, beside other lines."""
    currency = settings.current().currency
    size = Money(minor, currency)
    lines = [
        Line((await wallet_of(actor.id, currency)).account_id, size, is_debit=True),
        Line(await house_account(FINANCE_PROCEEDS, currency), size, is_debit=False),
        *others,
    ]
    posted = await post_to_wallets(kind=kind, description=description, lines=lines, reference=reference, branch_id=branch_id)
    return posted.entry_id


def _row(
    kind: ProceedsKind, seller_id: UUID, minor: int, entry_id: UUID, at: datetime, *, by: UUID, branch_id: UUID | None
) -> Proceeds:
    return Proceeds(
        id=new_id(),
        seller_id=seller_id,
        kind=kind,
        branch_id=branch_id,
        currency=settings.current().currency,
        amount_minor=minor,
        entry_id=entry_id,
        created_by_id=by,
        created_at=at,
        correlation_id=current_call().correlation_id,
    )


async def _keep(work: Work, row: Proceeds) -> None:
    await row.save(force_create=True)
    stands = await proceeds_of(row.seller_id)
    work.record(
        ProceedsChanged(
            proceeds_id=row.id,
            seller_id=row.seller_id,
            kind=row.kind,
            amount=Money(abs(row.amount_minor), row.currency),
            received=stands.received,
            available=stands.available,
            sale_id=row.sale_id,
            mill_payment_id=row.payment_id,
            branch_id=row.branch_id,
        )
    )
