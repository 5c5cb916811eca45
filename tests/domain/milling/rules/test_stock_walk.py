"""What becomes of stock in the cases that mills get wrong: shortfalls, counts, late costs, production, returns."""

from __future__ import annotations

import json
from decimal import Decimal
from uuid import uuid4

import pytest

from domain.milling.rules import BinState, RateUnknown, Short, spare, takes_cost_from
from domain.milling.states import CostRule, MovementKind, ValuationMethod
from tests.domain.milling.rules.factory import Tale, bin_of, milli, minor

FIFO, AVERAGE = ValuationMethod.FIFO, ValuationMethod.MOVING_AVERAGE
BOTH = pytest.mark.parametrize("method", [FIFO, AVERAGE])


@BOTH
def test_more_than_is_there_does_not_go_out(method: ValuationMethod) -> None:
    tale = Tale(method)
    tale.receive(10, 5)
    too_much = tale.issue("10.001")
    with pytest.raises(Short) as refusal:
        tale.walk()
    assert refusal.value.available == milli(10)
    assert refusal.value.movement is too_much


def test_a_refused_movement_leaves_the_walk_as_it_was() -> None:
    tale = Tale()
    tale.receive(10, 5)
    walk = tale.walk()
    before = walk.bins[bin_of()].copy()
    late = tale.issue(11)
    with pytest.raises(Short):
        walk.apply(late)
    unknown = tale.count(5, at="B")
    with pytest.raises(RateUnknown):
        walk.apply(unknown)
    assert walk.bins == {bin_of(): before}
    assert late.id not in walk.postings and unknown.id not in walk.postings


@BOTH
def test_the_last_kilogram_takes_the_last_cent(method: ValuationMethod) -> None:
    tale = Tale(method)
    tale.receive(3, total=1)
    sold = [tale.issue(1) for _ in range(3)]
    assert sum(tale.worth(*sold)) == 1
    assert tale.state().value == 0 and not tale.state().layers


def test_what_goes_out_is_rounded_half_up() -> None:
    tale = Tale(AVERAGE)
    tale.receive(2, total="0.01")
    assert tale.worth(tale.issue(1), tale.issue(1)) == [Decimal("0.01"), 0]


@BOTH
def test_a_shortfall_before_any_receipt_has_no_rate(method: ValuationMethod) -> None:
    tale = Tale(method, may_be_negative=True)
    tale.issue(1)
    with pytest.raises(RateUnknown):
        tale.walk()


@BOTH
def test_a_shortfall_that_several_receipts_settle(method: ValuationMethod) -> None:
    """20 short at 10; 5 come at 12, then 30 at 8: 50 and 150 of the shortfall are settled, 15 stay at 8."""
    tale = Tale(method, may_be_negative=True)
    tale.receive(10, 10)
    tale.issue(30)
    first, second = tale.receive(5, 12), tale.receive(30, 8)
    walk = tale.walk()
    assert [walk.postings[each.id].variance for each in (first, second)] == [minor(10), minor(-30)]
    assert [walk.postings[each.id].cost for each in (first, second)] == [minor(60), minor(240)]
    assert tale.queue() == [[15, 8]]


@BOTH
def test_a_shortfall_that_is_exactly_settled_leaves_nothing(method: ValuationMethod) -> None:
    tale = Tale(method, may_be_negative=True)
    tale.receive(3, 7)
    tale.issue(7)
    tale.receive(4, total="31.01")
    assert (tale.state().on_hand, tale.state().value, len(tale.state().layers)) == (0, 0, 0)
    later = tale.take_back(4, None)
    assert tale.worth(later) == [Decimal("31.01")]


def test_a_transfer_into_a_shortfall_keeps_its_cost_together() -> None:
    """10 go in at 10 where 4 are missing that were provisionally worth 7 each: 60 + 28 to stock, 12 variance."""
    tale = Tale(may_be_negative=True)
    tale.receive(10, 10)
    tale.receive(1, 7, at="B")
    tale.issue(5, at="B")
    out, into = tale.transfer(10, "B")
    walk = tale.walk()
    assert (walk.postings[into.id].value, walk.postings[into.id].variance) == (minor(88), minor(12))
    assert walk.postings[into.id].cost == -walk.postings[out.id].value


@BOTH
def test_a_count_asserts_what_is_there(method: ValuationMethod) -> None:
    tale = Tale(method)
    tale.receive(100, 2, day=1)
    less = tale.count(90, day=3)
    more = tale.count(95, day=5)
    assert [tale.posting(each).quantity for each in (less, more)] == [milli(-10), milli(5)]
    assert tale.state().value == minor(190)
    tale.issue(20, day=2)
    assert [tale.posting(each).quantity for each in (less, more)] == [milli(10), milli(5)]
    assert tale.state().on_hand == milli(95)


def test_a_count_of_what_is_there_changes_nothing() -> None:
    tale = Tale()
    tale.receive(10, 2)
    count = tale.count(10, total=500)
    posting = tale.posting(count)
    assert (posting.quantity, posting.value, posting.variance) == (0, 0, 0)


def test_the_surplus_of_a_count_takes_its_part_of_the_stated_value() -> None:
    tale = Tale()
    tale.receive(6, 2)
    tale.count(10, total=50)
    tale.count(4, total=8, at="B")
    assert tale.queue() == [[6, 2], [4, 5]]
    assert tale.state(at="B").value == minor(8)


def test_a_surplus_where_nothing_ever_was_needs_a_value() -> None:
    tale = Tale()
    tale.count(4)
    with pytest.raises(RateUnknown):
        tale.walk()


def test_a_count_of_nothing_ends_a_shortfall() -> None:
    tale = Tale(may_be_negative=True)
    tale.receive(1, 3)
    tale.issue(5)
    found = tale.count(0)
    assert tale.posting(found).value == minor(12)
    assert tale.state().value == 0


def test_what_can_be_taken_out_of_the_past() -> None:
    tale = Tale()
    tale.receive(10, 1)
    later = [tale.issue(7), tale.receive(20, 1), tale.issue(15)]
    assert spare(milli(10), later) == milli(3)
    assert spare(milli(10), [later[1], later[2]]) == milli(10)
    assert spare(milli(10), [tale.count(2), later[0]]) == milli(10)
    assert spare(milli(1), [later[0]]) == 0
    assert spare(milli(1), []) == milli(1)


def test_decimals_of_kilograms_and_tonnes() -> None:
    """1.25 t at 42,000 a tonne, of which 0.333 kg and 1249.667 kg are sold."""
    tale = Tale(AVERAGE)
    tale.receive(1250, total=52_500)
    small, rest = tale.issue("0.333"), tale.issue("1249.667")
    assert tale.worth(small, rest) == [Decimal("13.99"), Decimal("52486.01")]


def test_uneven_transfers_lose_nothing() -> None:
    tale = Tale(AVERAGE)
    tale.receive(7, total=100)
    for quantity in ("1.333", "2.001", "0.5", "3.166"):
        tale.transfer(quantity, "B")
    tale.transfer(7, "C", at="B")
    assert [tale.state(at=place).value for place in "ABC"] == [0, 0, minor(100)]


def test_landed_cost_on_an_average_goes_to_what_is_left_of_the_receipt() -> None:
    """Booked late but dated as the receipt: the goods sold since take their part along."""
    tale = Tale(AVERAGE)
    tale.receive(10, 4)
    receipt = tale.receive(30, 8)
    sold = tale.issue(20)
    assert tale.worth(sold) == [140]
    landed = tale.revalue(receipt, 20)
    assert (tale.posting(landed).value, tale.posting(landed).variance) == (minor(20), 0)
    assert tale.worth(sold) == [150]


@BOTH
def test_landed_cost_of_goods_that_filled_a_shortfall_is_variance(method: ValuationMethod) -> None:
    """Of 10 received 4 were gone already, so four tenths of the cost have no stock to be in."""
    tale = Tale(method, may_be_negative=True)
    tale.receive(1, 5)
    tale.issue(5)
    receipt = tale.receive(10, 5)
    landed = tale.revalue(receipt, 10)
    assert (tale.posting(landed).value, tale.posting(landed).variance) == (minor(6), minor(4))


@BOTH
def test_landed_cost_where_the_whole_receipt_is_gone_is_variance(method: ValuationMethod) -> None:
    tale = Tale(method, may_be_negative=True)
    tale.receive(1, 5)
    tale.issue(20)
    receipt = tale.receive(10, 5)
    landed = tale.revalue(receipt, "9.99")
    assert (tale.posting(landed).value, tale.posting(landed).variance) == (0, minor("9.99"))


@BOTH
def test_a_bill_lower_than_the_receipt(method: ValuationMethod) -> None:
    tale = Tale(method)
    receipt = tale.receive(10, 5)
    tale.revalue(receipt, -20, MovementKind.BILL_DIFFERENCE)
    assert tale.worth(tale.issue(5)) == [15]


@BOTH
def test_goods_are_never_worth_less_than_nothing(method: ValuationMethod) -> None:
    tale = Tale(method)
    receipt = tale.receive(10, 5)
    cheaper = tale.revalue(receipt, -80, MovementKind.BILL_DIFFERENCE)
    assert (tale.posting(cheaper).value, tale.posting(cheaper).variance) == (minor(-50), minor(-30))
    assert tale.state().value == 0


def test_a_purchase_return_goes_on_to_the_oldest_when_its_own_receipt_is_used_up() -> None:
    tale = Tale()
    tale.receive(5, 10)
    own = tale.receive(5, 20)
    tale.receive(5, 30)
    back = tale.give_back(7, own)
    assert tale.worth(back) == [120]
    assert tale.queue() == [[3, 10], [5, 30]]


def test_returns_in_parts_bring_back_exactly_all() -> None:
    """A delivery worth 100.00 in seven parts, into two warehouses: 14.29, 14.28, ... add up to 100.00."""
    tale = Tale()
    tale.receive(7, total=100)
    delivery = tale.issue(7)
    back = [tale.take_back(1, delivery, at="AB"[part % 2]) for part in range(7)]
    worth = tale.worth(*back)
    assert sum(worth) == 100
    assert set(worth) == {Decimal("14.28"), Decimal("14.29")}


def test_a_sale_return_under_an_average_has_the_rate_of_its_day() -> None:
    tale = Tale(AVERAGE)
    tale.receive(10, 10)
    delivery = tale.issue(10)
    empty = tale.take_back(1, delivery)
    tale.receive(3, 30)
    full = tale.take_back(1, delivery)
    assert tale.worth(empty, full) == [10, 25]


def test_a_sale_return_to_a_warehouse_that_knows_no_rate_has_that_of_its_delivery() -> None:
    tale = Tale(AVERAGE)
    tale.receive(10, 10)
    delivery = tale.issue(4)
    assert tale.worth(tale.take_back(2, delivery, at="B")) == [20]


def test_milling_with_loss_and_bran() -> None:
    """1000 kg wheat at 40 and 2,500 of overhead; bran at a fixed 3,000, shorts at 5 %, flour takes the rest."""
    tale = Tale(AVERAGE)
    tale.receive(1500, 40)
    tale.consume("run", 1000)
    tale.overhead("run", 2500)
    bran = tale.produce("run", 230, CostRule.FIXED, minor(3000), item="bran")
    shorts = tale.produce("run", 40, CostRule.SHARE, 500, item="shorts")
    flour = tale.produce("run", 720, item="flour")
    assert tale.worth(bran, shorts, flour) == [3000, 2125, 37_375]


def test_by_products_take_at_most_what_is_left() -> None:
    tale = Tale()
    tale.receive(10, 1)
    tale.consume("run", 10)
    bran = tale.produce("run", 1, CostRule.FIXED, minor(8), item="bran")
    shorts = tale.produce("run", 1, CostRule.SHARE, 5000, item="shorts")
    germ = tale.produce("run", 1, CostRule.SHARE, 100, item="germ")
    flour = tale.produce("run", 7, item="flour")
    assert tale.worth(bran, shorts, germ, flour) == [8, 2, 0, 0]


def test_a_second_output_takes_what_was_consumed_since() -> None:
    tale = Tale()
    tale.receive(10, 3)
    tale.consume("run", 4)
    first = tale.produce("run", 3, item="flour")
    tale.consume("run", 6)
    second = tale.produce("run", 4, item="flour")
    assert tale.worth(first, second) == [12, 18]


def test_a_state_survives_its_json() -> None:
    state = BinState(FIFO)
    state.receive(10**15, 10**15, uuid4())
    state.receive(7, 10, uuid4())
    state.issue(3)
    text = json.dumps(state.to_json())
    assert BinState.from_json(json.loads(text)) == state
    assert max(len(part[1]) for part in json.loads(text)["layers"]) > 19
    assert BinState.from_json(BinState(AVERAGE).to_json()) == BinState(AVERAGE)


def test_whose_cost_follows_from_whom() -> None:
    tale = Tale()
    out, into = tale.transfer(1, "B")
    delivery = tale.issue(5)
    first, second, loose = tale.take_back(1, delivery), tale.take_back(1, delivery, at="B"), tale.take_back(1, None)
    consumed, flour = tale.consume("run", 1), tale.produce("run", 1, item="flour")
    other = tale.produce("other", 1, item="flour")
    pairs = {(later, earlier) for later in tale.movements for earlier in tale.movements if takes_cost_from(later, earlier)}
    assert pairs == {(into, out), (first, delivery), (second, delivery), (second, first), (flour, consumed)}
    assert not {loose, other} & {later for later, _ in pairs}
