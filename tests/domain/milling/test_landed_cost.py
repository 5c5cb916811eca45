"""Freight, duty and the like: shared to the cent, dated at the receipt, variance where the goods are gone."""

from __future__ import annotations

from decimal import Decimal

import pytest

from domain.kit.errors import DomainError, Forbidden
from domain.kit.ids import new_id
from domain.kit.money import Money
from domain.milling.accounts import COST_OF_GOODS_SOLD, LANDED_COST_PAYABLE, RAW_MATERIALS, STOCK_VARIANCE
from domain.milling.errors import AlreadyCancelled, LandedCostNotFound, PurchaseNotFound
from domain.milling.models import LandedCostShare
from domain.milling.queries.purchases import last_purchases
from domain.milling.service.landed_cost import add_landed_cost, cancel_landed_cost
from domain.milling.service.purchases import cancel_purchase
from domain.milling.states import AllocateBy, PostedStatus, PurchaseStatus, ValuationMethod
from tests.support.happenings import assert_integrity, nothing_happens
from tests.support.milling import AVERAGE, FIFO, an_item, in_books, in_stock, issue, q
from tests.support.purchases import DRAFT, a_mill, a_purchase, billed, line_of, now, ordered, sent_back, shillings
from tests.support.races import outcomes_of

pytestmark = pytest.mark.usefixtures("database")


@pytest.mark.parametrize(
    ("by", "amount", "shares"),
    [
        (AllocateBy.VALUE, "100.00", [33_34, 33_33, 33_33]),
        (AllocateBy.QUANTITY, "100.00", [16_67, 33_33, 50_00]),
        (AllocateBy.VALUE, "0.02", [1, 1, 0]),
        (AllocateBy.QUANTITY, "0.01", [0, 0, 1]),
    ],
)
async def test_a_cost_is_shared_to_the_cent(by: AllocateBy, amount: str, shares: list[int]) -> None:
    """Three lines of 600.00, of 10, 20 and 30 kg."""
    mill, items = await a_mill(), [await an_item() for _ in range(3)]
    purchase = await a_purchase(mill, *(ordered(items[at], 10 * (at + 1), amount=shillings(600)) for at in range(3)))
    landed = await add_landed_cost(
        mill.cashier, purchase_id=purchase.id, amount=shillings(amount), description="Lorry", allocate_by=by
    )
    made = landed.landed_cost
    rows = await LandedCostShare.filter(landed_cost_id=made.id).order_by("id")
    assert [row.amount_minor for row in rows] == shares
    assert [(row.movement_id is not None) for row in rows] == [share > 0 for share in shares]
    assert [(await in_stock(item, mill.warehouse))[1] for item in items] == [600_00 + share for share in shares]
    assert await in_books(LANDED_COST_PAYABLE) == -made.amount_minor
    assert [(await line_of(purchase, number)).landed_minor for number in (1, 2, 3)] == shares
    assert (await now(purchase)).landed_cost == shillings(amount)
    await assert_integrity()


@pytest.mark.parametrize("method", [FIFO, AVERAGE])
async def test_a_cost_that_becomes_known_after_some_was_sold(method: ValuationMethod) -> None:
    mill, wheat = await a_mill(), await an_item(valuation_method=method)
    purchase = await a_purchase(mill, ordered(wheat, 100, 10))
    await issue(wheat, mill.warehouse, 40)
    await add_landed_cost(mill.cashier, purchase_id=purchase.id, amount=shillings(50), description="Lorry")
    assert await in_books(COST_OF_GOODS_SOLD) == 420_00
    assert await in_stock(wheat, mill.warehouse) == (q(60), 630_00)
    assert await in_books(STOCK_VARIANCE) == 0
    assert (await last_purchases(mill.keeper, [wheat.id]))[wheat.id].unit_cost == Decimal("10.5")
    await assert_integrity()


async def test_a_cost_is_taken_off_again() -> None:
    mill, wheat = await a_mill(), await an_item()
    purchase = await a_purchase(mill, ordered(wheat, 100, 10))
    await issue(wheat, mill.warehouse, 40)
    landed = await add_landed_cost(mill.cashier, purchase_id=purchase.id, amount=shillings(50), description="Lorry")
    made = landed.landed_cost
    gone = (await cancel_landed_cost(mill.cashier, landed_cost_id=made.id, reason="Another purchase's")).landed_cost
    assert (gone.status, gone.cancelled_by_id) == (PostedStatus.CANCELLED, mill.cashier.id)
    assert (await in_books(COST_OF_GOODS_SOLD), await in_books(LANDED_COST_PAYABLE)) == (400_00, 0)
    assert await in_stock(wheat, mill.warehouse) == (q(60), 600_00)
    async with nothing_happens():
        with pytest.raises(AlreadyCancelled):
            await cancel_landed_cost(mill.cashier, landed_cost_id=made.id, reason="Again")
    assert (await now(purchase)).landed_minor == 0
    await assert_integrity()


async def test_what_went_back_has_taken_its_share_along() -> None:
    """The lorry came for all of it; the supplier does not pay for the part of what went back."""
    mill, wheat = await a_mill(), await an_item(valuation_method=FIFO)
    purchase = await a_purchase(mill, ordered(wheat, 100, 10))
    await sent_back(mill, purchase, 20)
    await add_landed_cost(mill.cashier, purchase_id=purchase.id, amount=shillings(50), description="Lorry")
    await billed(mill, purchase, 880)
    assert (await in_stock(wheat, mill.warehouse), await in_books(STOCK_VARIANCE)) == ((q(80), 920_00), 10_00)
    await assert_integrity()


async def test_two_costs_at_the_same_time_both_count() -> None:
    mill, wheat = await a_mill(), await an_item()
    purchase = await a_purchase(mill, ordered(wheat, 100, 10))
    done = await outcomes_of(
        add_landed_cost(mill.cashier, purchase_id=purchase.id, amount=shillings(10), description=f"Lorry {number}")
        for number in range(3)
    )
    assert {type(each).__name__ for each in done} == {"Landed"}
    assert await in_stock(wheat, mill.warehouse) == (q(100), 1030_00)
    assert (await now(purchase)).landed_cost == shillings(30)
    await assert_integrity()


async def test_costs_that_make_no_sense() -> None:
    mill, other = await a_mill(), await a_mill()
    purchase, order, off = await a_purchase(mill), await a_purchase(mill, up_to=DRAFT), await a_purchase(mill)
    await cancel_purchase(mill.manager, purchase_id=off.id, reason="Never came")
    ten = shillings(10)
    cases = [
        ("INVALID_AMOUNT", purchase, Money(0, ten.currency), "Lorry"),
        ("INVALID_AMOUNT", purchase, Money(-1, ten.currency), "Lorry"),
        ("INVALID_AMOUNT", purchase, Money(10**16, ten.currency), "Lorry"),
        ("CURRENCY_MISMATCH", purchase, Money(1, "USD"), "Lorry"),
        ("INVALID_INPUT", purchase, ten, " "),
        ("PURCHASE_NOT_OPEN", order, ten, "Lorry"),
        ("PURCHASE_NOT_OPEN", off, ten, "Lorry"),
    ]
    async with nothing_happens():
        for code, about, amount, description in cases:
            with pytest.raises(DomainError) as refused:
                await add_landed_cost(mill.cashier, purchase_id=about.id, amount=amount, description=description)
            assert refused.value.code == code
        with pytest.raises(PurchaseNotFound):
            await add_landed_cost(other.cashier, purchase_id=purchase.id, amount=ten, description="Lorry")
        with pytest.raises(Forbidden):
            await add_landed_cost(mill.keeper, purchase_id=purchase.id, amount=ten, description="Lorry")
        with pytest.raises(LandedCostNotFound):
            await cancel_landed_cost(mill.cashier, landed_cost_id=new_id(), reason="x")
    assert await in_books(RAW_MATERIALS) == 1000_00
    assert (await now(off)).status is PurchaseStatus.CANCELLED
