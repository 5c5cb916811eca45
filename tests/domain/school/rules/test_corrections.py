"""What is taken back when less was paid than was written down: the latest first, each by the way it came."""

from __future__ import annotations

from domain.kit.ids import new_id
from domain.school.rules.corrections import Recorded, corrections
from tests.domain.school.rules.money import ghs

CASH, WALLET = "cash", "wallet"


def row(way: str, amount: int, *, payment: bool = True) -> Recorded:
    return Recorded(id=new_id(), way=way, amount=ghs(amount), undoable=payment)


def went_back(way: str, amount: int) -> Recorded:
    return row(way, -amount, payment=False)


def taken(rows: list[Recorded], amount: int) -> list[tuple[int, int, bool]]:
    """Of the how manieth row, how much, and whether that is all of it."""
    places = {each.id: place for place, each in enumerate(rows)}
    found = corrections(rows, ghs(amount))
    assert not found.left
    return [(places[each.of], each.amount.amount_minor // 100, each.whole) for each in found.parts]


def test_the_latest_goes_back_first() -> None:
    assert taken([row(CASH, 100), row(WALLET, 50)], 120) == [(1, 50, True), (0, 70, False)]


def test_no_way_gives_back_more_than_is_left_of_it() -> None:
    assert taken([row(WALLET, 50), row(CASH, 100), went_back(CASH, 40)], 110) == [(1, 60, False), (0, 50, True)]
    assert corrections([row(CASH, 100), went_back(CASH, 100)], ghs(10)).left == ghs(10)


def test_a_refund_by_another_way_is_no_debt_of_who_pays_later() -> None:
    """Nobody's wallet gets the cash that was wrongly written down, because of cash that went back before."""
    assert taken([row(WALLET, 200), went_back(CASH, 100), row(CASH, 50)], 50) == [(2, 50, True)]
