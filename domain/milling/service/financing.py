"""Offering the invoice of a sale to investors, and what becomes of it.

The mill says that it offers; who runs the investors' market hears it, makes the invoice there and lists it. From then on the
mill hears what happens to that invoice: while investors have it, the sale takes no money and nothing back, and when the
customer has paid them, the sale is paid. What investors pay goes to the wallet of whoever offered it: what they owe the mill
for it stands on the account of invoice finance proceeds (see :mod:`domain.milling.service.proceeds`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Final
from uuid import UUID

from domain.identity.actor import SYSTEM, Actor
from domain.identity.permissions import Permission
from domain.kit import clock
from domain.kit.errors import InvalidInput
from domain.kit.ids import new_id
from domain.kit.unit_of_work import retried, unit_of_work
from domain.milling.errors import CustomerNotRegistered, CustomerRequired, SaleNotInvoiced, SaleOfferedAlready
from domain.milling.events import SaleOffered
from domain.milling.models import Customer, Sale, SaleLine
from domain.milling.service.proceeds import Receipts, note_receipts
from domain.milling.service.sale_desk import MAX_NOTE, Sold, keep, locked, require_status
from domain.milling.service.sale_payments import take_from_financed_invoice
from domain.milling.states import WITH_INVESTORS, FinanceStatus, SaleChange, SaleStatus

WHOLE_BPS: Final = 10_000
MAX_FEE_BPS: Final = 5_000


@dataclass(frozen=True, kw_only=True)
class FinanceTerms:
    """What investors are offered: how much of the invoice they advance, for which fee, both in percent of the whole."""

    advance_rate: Decimal = Decimal(100)
    fee_rate: Decimal = Decimal(0)
    recourse: bool = False


@retried
async def offer_sale_for_finance(actor: Actor, *, sale_id: UUID, terms: FinanceTerms | None = None) -> Sale:
    """Offer what is owed on the invoice of a sale to investors. Whoever offers it is its seller there.

    Refuses with SALE_NOT_FOUND, SALE_NOT_OPEN (nothing is owed), SALE_NOT_INVOICED, SALE_ALREADY_OFFERED,
    CUSTOMER_REQUIRED, CUSTOMER_NOT_REGISTERED. What the market itself refuses is written on the sale a moment later.
    """
    actor.require(Permission.MILL_SELL)
    actor.require(Permission.INVOICE_SELL)
    terms = terms or FinanceTerms()
    advance = _bps(terms.advance_rate, "advanceRate", least=1, most=WHOLE_BPS)
    fee = _bps(terms.fee_rate, "feeRate", least=0, most=MAX_FEE_BPS)
    async with unit_of_work() as work:
        sold = await locked(actor, sale_id)
        sale = sold.sale
        due_on = _require_offerable(sale)
        customer, debtor_id = await _debtor_of(sale)
        sale.offered_at, sale.finance_invoice_id = clock.now(), new_id()
        sale.finance_status, sale.finance_note = FinanceStatus.OFFERED, ""
        await keep(work, sold, SaleChange.OFFERED_FOR_FINANCE, sale.status)
        work.record(_offer(actor, sale, customer, debtor_id, due_on, advance, fee, terms.recourse))
    return sale


async def note_finance(
    *, invoice_id: UUID, status: FinanceStatus, repaid_minor: int = 0, receipts: Receipts | None = None, note: str = ""
) -> None:
    """Write down what became of the invoice of a sale, and book what investors and the customer paid on it. Hearing it twice
    is harmless.

    An invoice that was offered anew is not followed any more.
    """
    async with unit_of_work() as work:
        sale = await Sale.filter(finance_invoice_id=invoice_id).select_for_update(no_key=True).get_or_none()
        if sale is None or sale.finance_status not in WITH_INVESTORS:
            return
        received = 0 if receipts is None else await note_receipts(work, sale, invoice_id, receipts)
        if sale.finance_status is status:
            return
        sold = Sold(sale, await SaleLine.filter(sale_id=sale.id).order_by("line_no"))
        sale.finance_status, sale.finance_note = status, note[:MAX_NOTE]
        await keep(work, sold, SaleChange.FINANCED, sale.status)
        paid = min(repaid_minor, max(0, sale.balance_minor))
        if status is FinanceStatus.SETTLED and paid:
            await take_from_financed_invoice(work, SYSTEM, sold, paid, received=received)


def _require_offerable(sale: Sale) -> date:
    """The day on which the invoice of the sale is due."""
    require_status(sale, SaleStatus.DELIVERED, SaleStatus.PART_RETURNED)
    if sale.customer_id is None:
        raise CustomerRequired("investors are paid by a customer who is known by name", field=("input", "saleId"))
    if sale.invoice_number is None or sale.due_on is None:
        raise SaleNotInvoiced(f"sale {sale.number} has no invoice yet")
    if sale.finance_status in WITH_INVESTORS or sale.finance_status is FinanceStatus.SETTLED:
        raise SaleOfferedAlready(f"invoice {sale.invoice_number} was offered to investors already")
    if sale.balance_minor <= 0:
        raise InvalidInput("nothing is owed on this sale", field=("input", "saleId"))
    return sale.due_on


async def _debtor_of(sale: Sale) -> tuple[Customer, UUID]:
    customer = await Customer.get(id=sale.customer_id)
    if customer.user_id is None:
        raise CustomerNotRegistered(f"{customer.name} is no registered user", field=("input", "saleId"))
    return customer, customer.user_id


def _offer(
    actor: Actor,
    sale: Sale,
    customer: Customer,
    debtor_id: UUID,
    due_on: date,
    advance_rate_bps: int,
    fee_rate_bps: int,
    recourse: bool,
) -> SaleOffered:
    assert sale.finance_invoice_id is not None and sale.invoice_number is not None, "it was offered just now"
    assert sale.invoiced_at is not None and sale.offered_at is not None, "it was offered just now"
    return SaleOffered(
        sale_id=sale.id,
        sale_number=sale.number,
        branch_id=sale.branch_id,
        invoice_id=sale.finance_invoice_id,
        invoice_number=sale.invoice_number,
        amount=sale.due_amount,
        issued_on=sale.invoiced_at.date(),
        due_on=due_on,
        seller_id=actor.id,
        debtor_id=debtor_id,
        debtor_name=customer.name,
        description=f"Goods of sale {sale.number}",
        advance_rate_bps=advance_rate_bps,
        fee_rate_bps=fee_rate_bps,
        recourse=recourse,
        offered_at=sale.offered_at,
    )


def _bps(percent: Decimal, name: str, *, least: int, most: int) -> int:
    """A percentage of at most two decimals as basis points."""
    where = ("input", name)
    if not percent.is_finite() or abs(percent) > most:
        raise InvalidInput("a percentage is a number", field=where)
    bps = percent * 100
    whole = bps.quantize(Decimal(1), rounding=ROUND_HALF_EVEN)
    if whole != bps or not least <= whole <= most:
        raise InvalidInput(
            f"this takes {Decimal(least) / 100} to {Decimal(most) / 100} percent, with two decimals at most", field=where
        )
    return int(whole)
