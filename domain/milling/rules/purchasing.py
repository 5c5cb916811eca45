"""What the lines of a purchase are worth: on receipt, on the supplier's bill, and when some of it goes back.

Amounts are whole minor units, quantities thousandths of the base unit. Parts of a line are rounded cumulatively: whatever
the steps in which all of a line goes back, together they are worth exactly the line.
"""

from __future__ import annotations

from dataclasses import dataclass

from domain.milling.rules.rounding import half_up


def received_value(amount: int, ordered: int, received: int) -> int:
    """What came is worth its part of what was ordered for ``amount``; more than was ordered at the same price."""
    return half_up(amount * received, ordered)


def part_going_back(total: int, quantity: int, returned: int, credited: int, more: int) -> int:
    """What ``more`` of a line is worth that was ``quantity`` for ``total``, after ``returned`` went back for ``credited``.

    With the last of it goes all that is left.
    """
    return max(half_up(total * (returned + more), quantity) - credited, 0)


@dataclass(frozen=True, slots=True)
class Repriced:
    """What a bill changes about a line.

    ``difference`` is how much more the whole receipt has cost than was thought. ``on_returned`` is the part of it on what
    had gone back before the bill: the supplier never billed that, so that the return went at another price, too.
    """

    difference: int
    on_returned: int


def reprice(*, value: int, received: int, returned: int, credited: int, billed: int) -> Repriced:
    """A line of ``received`` worth ``value``, of which ``returned`` went back for ``credited``, is billed for ``billed``.

    The bill is about what is left of the receipt; its price is the price of all of it.
    """
    kept = received - returned
    assert kept > 0, "what all went back is not billed"
    whole = half_up(billed * received, kept)
    return Repriced(whole - value, whole - billed - credited)
