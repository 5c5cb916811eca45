"""A sale of the mill as something that is paid for from outside: what is owed, what came so, and what was taken back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from tortoise.expressions import Q

from domain.identity.actor import SYSTEM, Actor
from domain.identity.models import Branch
from domain.kit import clock
from domain.kit.database import fetch
from domain.kit.errors import InvalidInput
from domain.kit.money import Money
from domain.kit.unit_of_work import Work, retried, unit_of_work
from domain.milling import access
from domain.milling.errors import MillPaymentNotFound, SaleNotFound
from domain.milling.models import Customer, Payment, Sale
from domain.milling.service.money import Way
from domain.milling.service.sale_desk import locked
from domain.milling.service.sale_payments import count_in, receive, require_payable, take_payment_back
from domain.milling.states import WITH_INVESTORS, PaymentMethod
from domain.payments.purposes import Due, PaidFor, PurposeKind, book_on_its_day, near, register_purpose, require_collector
from domain.payments.rules.references import bare
from domain.payments.states import Purpose

MILL: Final = "The mill"
TAKEN_BACK: Final = "the payment was taken back"

_NUMBER: Final = re.compile(r"(SO|SI)(\d{1,18})", re.ASCII)

LOCK: Final = "select from mill_sale where id = any($1::uuid[]) order by id for no key update"

# Sales of goods that are at the customer, of which about an amount is owed to the mill itself ($5 are the stages in which it
# is owed to investors); the nearest to it ($4) first.
OWED_NEAR: Final = """
select id from mill_sale
where status in ('DELIVERED', 'PART_RETURNED', 'RETURNED') and currency = $1 and due_minor between $2 and $3
  and due_minor > 0 and (finance_status is null or finance_status <> all ($5))
order by abs(due_minor - $4), delivered_at, id limit $6
"""


async def due(actor: Actor, sale_id: UUID) -> Due:
    """Refuses with SALE_NOT_FOUND, SALE_NOT_OPEN, SALE_WITH_INVESTORS and FORBIDDEN."""
    sale = await access.own_orders(actor).get_or_none(id=sale_id)
    if sale is None:
        sale = await access.visible_sales(actor).get_or_none(id=sale_id)
        if sale is None:
            raise SaleNotFound
        require_collector(actor, sale.branch_id)
    require_payable(sale)
    if sale.balance_minor <= 0:
        raise InvalidInput("nothing is owed on this sale", field=("input", "targetId"))
    [found] = await _dues([sale])
    return found


async def due_by_reference(reference: str) -> Due | None:
    """By the number of the sale or of its invoice."""
    named = _NUMBER.fullmatch(bare(reference))
    if named is None:
        return None
    number = f"{named[1]}-{named[2]}"
    sale = await Sale.get_or_none(Q(number=number) if named[1] == "SO" else Q(invoice_number=number))
    open_ = sale is not None and sale.at_the_customer and not sale.with_investors and sale.balance_minor > 0
    return (await _dues([sale]))[0] if sale is not None and open_ else None


async def candidates(amount: Money, limit: int) -> list[Due]:
    with_investors = [status.value for status in WITH_INVESTORS]
    rows = await fetch(OWED_NEAR, amount.currency, *near(amount), amount.amount_minor, with_investors, limit)
    sales = {sale.id: sale for sale in await Sale.filter(id__in=[row["id"] for row in rows])}
    return await _dues([sales[row["id"]] for row in rows])


async def _dues(sales: Sequence[Sale]) -> list[Due]:
    named = [sale.customer_id for sale in sales if sale.customer_id is not None]
    customers = {each.id: each for each in await Customer.filter(id__in=named)}
    places = [sale.branch_id for sale in sales if sale.branch_id is not None]
    branches = {each.id: each.name for each in await Branch.filter(id__in=places)}
    dues = []
    for sale in sales:
        customer = None if sale.customer_id is None else customers[sale.customer_id]
        owed = Money(sale.balance_minor, sale.currency)
        dues.append(
            Due(
                purpose=Purpose.MILL_SALE,
                target_id=sale.id,
                title=f"Sale {sale.number}",
                amount=owed,
                most=owed,
                currency=sale.currency,
                client_id=customer.user_id if customer is not None else None,
                client_name=sale.customer_name,
                payee_id=None,
                payee_name=MILL if sale.branch_id is None else branches[sale.branch_id],
                branch_id=sale.branch_id,
                account_reference=sale.number,
            )
        )
    return dues


@retried
async def apply(paid: PaidFor) -> UUID:
    """Book what came for a sale at the moment when it was paid; at this one when the books of that day are closed."""
    return await book_on_its_day(paid, _receive)


async def _receive(work: Work, paid: PaidFor, at: datetime) -> UUID:
    sold = await locked(SYSTEM, paid.target_id)
    require_payable(sold.sale)
    assert sold.sale.delivered_at is not None, "what can be paid was delivered"
    way = Way(method=PaymentMethod.MPESA, reference=paid.reference, collected_payment_id=paid.payment_id)
    made = await receive(SYSTEM, sold.sale, way, paid.amount, at=min(max(at, sold.sale.delivered_at), clock.now()))
    await count_in(work, sold, made.amount_minor)
    return made.id


@retried
async def undo(paid: PaidFor, record_id: UUID) -> None:
    """The sale has not got the money; AMOUNT_EXCEEDS_REFUNDABLE where some of it was given back to the customer."""
    async with unit_of_work() as work:
        sold = await locked(SYSTEM, paid.target_id)
        payment = await Payment.get_or_none(id=record_id, sale_id=sold.sale.id)
        if payment is None:
            raise MillPaymentNotFound
        await take_payment_back(work, SYSTEM, sold, payment, TAKEN_BACK)


async def lock(work: Work, sale_ids: Sequence[UUID]) -> Sequence[UUID]:
    """The sales; what comes for them stays in accounts of the house."""
    await work.execute(LOCK, sale_ids)
    return ()


register_purpose(
    PurposeKind(
        purpose=Purpose.MILL_SALE,
        title="Sale of the mill",
        due=due,
        due_by_reference=due_by_reference,
        candidates=candidates,
        apply=apply,
        undo=undo,
        lock=lock,
        numbers=_NUMBER,
    )
)
