"""Figures that others have published for the valuation of stock, and what this engine makes of the same tales.

The names in the docstrings say where a figure is from. Nothing in the rules knows any of these cases.
"""

from __future__ import annotations

from decimal import Decimal

import pytest

from domain.milling.states import MovementKind, ValuationMethod
from tests.domain.milling.rules.factory import Number, Tale, milli, minor

FIFO, AVERAGE = ValuationMethod.FIFO, ValuationMethod.MOVING_AVERAGE


def received(method: ValuationMethod, *lots: tuple[Number, Number]) -> Tale:
    """A tale that begins with receipts (quantity, rate)."""
    tale = Tale(method)
    for quantity, rate in lots:
        tale.receive(quantity, rate)
    return tale


def test_fifo_takes_several_receipts_at_once() -> None:
    """ERPNext, test_valuation."""
    tale = received(FIFO, (1, 10), (2, 20), (1, 20), (5, 20))
    tale.issue(4)
    assert tale.queue() == [[5, 20]]


def test_fifo_leaves_the_newest() -> None:
    """ERPNext, test_valuation."""
    tale = received(FIFO, (1, 1), (1, 2), (1, 3), (1, 4))
    assert tale.state().value == minor(10)
    tale.issue(3)
    assert tale.queue() == [[1, 4]]


def test_a_transfer_moves_the_same_value_out_and_in() -> None:
    """ERPNext, test_stock_ledger_entry: 20 tonnes at 156,526.00, of which 1,728 kg are moved: raw 270,476.928."""
    tale = Tale(AVERAGE)
    tale.receive(20_000, total=20 * 156_526)
    out, into = tale.transfer(1_728, "B")
    assert tale.worth(out, into) == [Decimal("270476.93")] * 2
    assert tale.state().value == minor("3130520.00") - minor("270476.93")


def test_of_one_moment_the_first_booked_comes_first() -> None:
    """ERPNext, test_stock_ledger_entry."""
    tale = Tale()
    first = tale.receive(10, 1, day=1)
    tale.receive(1, 1, day=1)
    walk = tale.walk()
    quantities = [walk.postings[movement.id].quantity for movement in tale.movements]
    assert [sum(quantities[:1]), sum(quantities)] == [milli(10), milli(11)]
    tale.cancel(first)
    assert tale.state().on_hand == milli(1)


@pytest.mark.parametrize(("method", "sold", "left"), [(FIFO, "9055", "7305"), (AVERAGE, "9202.50", "7157.50")])
def test_four_lots_and_one_sale(method: ValuationMethod, sold: str, left: str) -> None:
    """A textbook exercise: 300 at 20, 100 at 20.20, 200 at 20.70, 200 at 21, of which 450 are sold; average 20.45."""
    tale = received(method, (300, 20), (100, "20.20"), (200, "20.70"), (200, 21))
    sale = tale.issue(450)
    assert tale.worth(sale) == [Decimal(sold)]
    assert tale.state().value == minor(left)


@pytest.mark.parametrize(("method", "sold", "left"), [(FIFO, 182, 40), (AVERAGE, 185, 37)])
def test_three_lots_and_two_sales(method: ValuationMethod, sold: int, left: int) -> None:
    """A textbook exercise: 8 at 4, 20 at 4.50, 20 at 5; 8 and 32 are sold; average 4.625."""
    tale = received(method, (8, 4), (20, "4.50"), (20, 5))
    sales = tale.issue(8), tale.issue(32)
    assert sum(tale.worth(*sales)) == sold
    assert tale.state().value == minor(left)


@pytest.mark.parametrize(("method", "sold", "left"), [(FIFO, "7200", "8955"), (AVERAGE, "7252.94", "8902.06")])
def test_a_month_of_perpetual_inventory(method: ValuationMethod, sold: str, left: str) -> None:
    """OpenStax, Principles of Accounting 1, 10.3: 150 at 21, 120 sold, 225 at 27, 180 sold, 210 at 33."""
    tale = received(method, (150, 21))
    first = tale.issue(120)
    tale.receive(225, 27)
    second = tale.issue(180)
    tale.receive(210, 33)
    assert sum(tale.worth(first, second)) == Decimal(sold)
    assert tale.state().value == minor(left)


@pytest.mark.parametrize(("method", "sold", "left"), [(FIFO, [22_600, 9_200], 14_800), (AVERAGE, [22_680, 9_568], 14_352)])
def test_a_sale_that_empties_the_oldest_lot(method: ValuationMethod, sold: list[int], left: int) -> None:
    """Wild, Financial Accounting, problem 6-1A: 100 at 50, 400 at 55, 420 sold, 120 at 60, 200 at 62, 160 sold."""
    tale = received(method, (100, 50), (400, 55))
    first = tale.issue(420)
    tale.receive(120, 60)
    tale.receive(200, 62)
    second = tale.issue(160)
    assert tale.worth(first, second) == sold
    assert tale.state().value == minor(left)


@pytest.mark.parametrize(("method", "sold", "left"), [(FIFO, "4000", "2450"), (AVERAGE, "4026.19", "2423.81")])
def test_an_average_that_does_not_come_out_even(method: ValuationMethod, sold: str, left: str) -> None:
    """Weygandt, Accounting Principles (Englehart): 200 at 4, 500 at 4.50, 500 sold, 400 at 4.75, 400 sold, 300 at 5."""
    tale = received(method, (200, 4), (500, "4.50"))
    first = tale.issue(500)
    tale.receive(400, "4.75")
    second = tale.issue(400)
    tale.receive(300, 5)
    assert sum(tale.worth(first, second)) == Decimal(sold)
    assert tale.state().value == minor(left)


def test_a_purchase_return_never_makes_an_average_negative() -> None:
    """ERPNext #37424: 10 at 100, 100 at 10, 100 issued at 18.18; 8 returned at 100 would leave a rate of -309.09."""
    tale = Tale(AVERAGE)
    receipt = tale.receive(10, 100)
    tale.receive(100, 10)
    issue = tale.issue(100)
    back = tale.give_back(8, receipt)
    assert tale.worth(issue, back) == [Decimal("1818.18"), Decimal("145.46")]
    assert tale.state().value == minor("36.36")


def test_an_average_that_is_returned_whole_leaves_nothing() -> None:
    """ERPNext #57835: 100 at 1000, 100 at 400, 100 delivered at 700; returning the first lot left quantity 0 and -30,000."""
    tale = Tale(AVERAGE)
    receipt = tale.receive(100, 1000)
    tale.receive(100, 400)
    delivery = tale.issue(100)
    back = tale.give_back(100, receipt)
    assert tale.worth(delivery, back) == [70_000, 70_000]
    assert (tale.state().on_hand, tale.state().value) == (0, 0)


def test_a_purchase_return_under_fifo_takes_its_own_receipt() -> None:
    """Odoo #79396: 1 at 10, 1 at 20; returning the second goes out at 20, not at 10."""
    tale = Tale()
    tale.receive(1, 10)
    second = tale.receive(1, 20)
    back = tale.give_back(1, second)
    assert tale.worth(back) == [20]
    assert tale.queue() == [[1, 10]]


@pytest.mark.parametrize("method", [FIFO, AVERAGE])
def test_a_sale_return_puts_back_what_went_out(method: ValuationMethod) -> None:
    """ERPNext #42992: one delivered at 1,510,446.40 came back with the sign turned, and the stock was worth nothing."""
    tale = Tale(method)
    tale.receive(1, "1510446.40")
    delivery = tale.issue(1)
    back = tale.take_back(1, delivery)
    assert tale.posting(back).value == minor("1510446.40")
    assert tale.state().value == minor("1510446.40")


@pytest.mark.parametrize("method", [FIFO, AVERAGE])
def test_a_return_without_a_sale_has_the_rate_of_the_stock(method: ValuationMethod) -> None:
    """ERPNext #24618: such a return came in at rate 0 and spoilt the rate of all that followed."""
    tale = received(method, (10, 7), (10, 9))
    back = tale.take_back(3, None)
    assert tale.worth(back) == [24]
    tale.issue(23)
    later = tale.take_back(2, None)
    assert tale.posting(later).value > 0


def test_a_stated_cost_of_nothing_is_a_cost() -> None:
    """ERPNext #55910: goods that are known to cost nothing were given the rate of the stock."""
    tale = received(AVERAGE, (10, 7))
    gift = tale.receive(10, 0)
    assert tale.posting(gift).value == 0
    assert tale.state().value == minor(70)


def test_repacking_carries_all_the_cost() -> None:
    """ERPNext, test_stock_ledger_entry: 10 at 10, 10 at 20, 10 at 30, 10 at 40 are packed into one."""
    tale = received(FIFO, (10, 10), (10, 20), (10, 30), (10, 40))
    for _ in range(4):
        tale.consume("repack", 10)
    packed = tale.produce("repack", 1, item="parcel")
    assert tale.worth(packed) == [1_000]


def test_transferring_lot_by_lot_gives_the_same_queue() -> None:
    """ERPNext, test_stock_ledger_entry: lots of 10 at 10, 20, ... 190."""
    rates = range(10, 200, 10)
    tale = received(FIFO, *[(10, rate) for rate in rates])
    before = tale.queue()
    for _ in rates:
        tale.transfer(10, "B")
    assert tale.queue(at="B") == before
    assert tale.state().value == 0


def test_a_cost_known_later_follows_the_goods_through_transfer_and_repack() -> None:
    """ERPNext, test_stock_ledger_entry: 50 at 100 and 10 at 200; after the first lot turns out to cost 150: 175, 790."""
    tale = Tale()
    stores = tale.receive(50, 100, at="Stores", day=10)
    tale.receive(10, 200, at="Finished", day=20)
    tale.transfer(10, "Finished", at="Stores", day=30)
    tale.consume("repack", 5, at="Stores", day=35)
    tale.overhead("repack", 40)
    parcel = tale.produce("repack", 1, item="parcel", at="Finished", day=35)
    assert tale.state(at="Finished").value == minor(150 * 20)
    assert tale.worth(parcel) == [540]
    tale.revalue(stores, 2500, MovementKind.BILL_DIFFERENCE)
    assert tale.state(at="Finished").value == minor(175 * 20)
    assert tale.worth(parcel) == [790]


def test_landed_cost_after_a_part_was_returned() -> None:
    """ERPNext, test_stock_ledger_entry: 5 at 100, 2 returned for 200; with a landed cost of 50 for 220."""
    tale = Tale()
    receipt = tale.receive(5, 100)
    back = tale.give_back(2, receipt)
    assert tale.worth(back) == [200]
    tale.revalue(receipt, 50)
    assert tale.worth(back) == [220]


@pytest.mark.parametrize(
    ("bought", "sold", "returned", "before", "after"),
    [(5, 5, 2, [500, 200], [550, 220]), (50, 20, 8, [2000, 800], [2020, 808])],
)
def test_landed_cost_after_goods_were_sold_and_came_back(
    bought: int, sold: int, returned: int, before: list[int], after: list[int]
) -> None:
    """ERPNext, test_stock_ledger_entry: bought at 100, landed cost of 50."""
    tale = Tale()
    receipt = tale.receive(bought, 100)
    delivery = tale.issue(sold)
    back = tale.take_back(returned, delivery)
    assert tale.worth(delivery, back) == before
    landed = tale.revalue(receipt, 50)
    assert tale.worth(delivery, back) == after
    assert tale.worth(landed) == [50]


def test_an_average_is_that_of_its_moment() -> None:
    """ERPNext, test_stock_ledger_entry: 1 at 10, 1 at 30 two days later, then told late: 1 at 20 between, and 1 consumed."""
    tale = Tale(AVERAGE)
    tale.receive(1, 10, day=1)
    tale.receive(1, 30, day=3)
    tale.receive(1, 20, day=2)
    between = tale.issue(1, day=2)
    rest = tale.issue(2, day=4)
    assert tale.worth(between, rest) == [15, 45]
    assert tale.state().value == 0


def test_negative_stock_is_settled_by_the_next_receipt() -> None:
    """ERPNext, test_stock_ledger_entry: 10 at 10, 15 and 5 go out, 15 come in at 15: [[5, 15]] and 175 more."""
    tale = Tale(may_be_negative=True)
    tale.receive(10, 10)
    tale.issue(15)
    assert (tale.queue(), tale.state().value) == ([[-5, 10]], minor(-50))
    tale.issue(5)
    assert (tale.queue(), tale.state().value) == ([[-10, 10]], minor(-100))
    receipt = tale.receive(15, 15)
    posting = tale.posting(receipt)
    assert tale.queue() == [[5, 15]]
    assert (posting.value, posting.variance) == (minor(175), minor(50))


def test_a_shortfall_keeps_its_rate_while_it_lasts() -> None:
    """ERPNext, test_valuation: to -5 at 100 come 1 at 10."""
    tale = Tale(may_be_negative=True)
    tale.receive(1, 100)
    tale.issue(6)
    tale.receive(1, 10)
    assert tale.queue() == [[-4, 100]]


def test_a_cost_of_the_past_reaches_what_was_consumed_from_elsewhere() -> None:
    """ERPNext, test_stock_ledger_entry: 5 at 10 are moved on and consumed for 50; a lot told late changes that."""
    tale = Tale()
    tale.receive(5, 10, day=10)
    tale.transfer(5, "B", day=11)
    consumed = tale.issue(5, at="B", day=12)
    assert tale.worth(consumed) == [50]
    dear = tale.receive(5, 20, day=9)
    assert tale.worth(consumed) == [100]
    tale.cancel(dear)
    assert tale.worth(consumed) == [50]
    dear = tale.receive(2, 20, day=8)
    assert tale.worth(consumed) == [70]
    tale.cancel(consumed)
    tale.transfer(5, "C", at="B", day=13)
    final = tale.issue(5, at="C", day=14)
    assert tale.worth(final) == [70]
    tale.cancel(dear)
    assert tale.worth(final) == [50]
