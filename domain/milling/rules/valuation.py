"""The state of one bin: how much of an item is in a warehouse, and what it cost.

Stock lies in layers (quantity, value, receipt). FIFO keeps one layer per receipt and takes from the oldest; MOVING_AVERAGE
keeps a single layer, so that all of it has one rate. Values inside are whole numbers of 10^-9 minor units, and a rate is
never rounded: it is the quotient of the two numbers of a layer.

The books see the balance: the sum of the layers rounded to minor units, halves down, so that what goes out is rounded half
up. A movement is posted with the change of the balance. So postings add up to the balance whatever they were, and at
quantity 0 the balance is 0.

Where an item may go negative, the shortfall goes out at the last rate and lies here as one layer of negative quantity. The
next goods that come in settle it; the difference between their cost and that provisional value is variance.
"""

from __future__ import annotations

from collections import deque
from typing import Any, Final, Self
from uuid import UUID

from domain.milling.rules.movements import Posting
from domain.milling.rules.rounding import half_up
from domain.milling.states import ValuationMethod

SCALE: Final = 10**9
"""Parts of a minor unit that values are counted in inside a bin."""

Layer = tuple[int, int, UUID | None]
"""(quantity in thousandths, value in 10^-9 minor units, the receipt it came with; none for an average or a shortfall)."""


class RateUnknown(ValueError):
    """Goods move whose cost nobody stated, and no earlier receipt tells it."""

    def __init__(self) -> None:
        super().__init__("nothing was received yet that could tell the rate")


def balance(scaled: int) -> int:
    """Minor units of a value inside, halves down."""
    return -((SCALE - 2 * scaled) // (2 * SCALE))


class BinState:
    """One bin. Methods that move stock change it and return the posting."""

    __slots__ = ("_average", "_rate", "_scaled", "layers", "on_hand")

    def __init__(self, method: ValuationMethod) -> None:
        self.on_hand = 0
        self.layers: deque[Layer] = deque()
        self._average = method is ValuationMethod.MOVING_AVERAGE
        self._scaled = 0
        self._rate: tuple[int, int] | None = None

    @property
    def method(self) -> ValuationMethod:
        return ValuationMethod.MOVING_AVERAGE if self._average else ValuationMethod.FIFO

    @property
    def value(self) -> int:
        """What is here, in minor units, as the books have it."""
        return balance(self._scaled)

    @property
    def rate(self) -> tuple[int, int] | None:
        """The rate as (10^-9 minor units, thousandths): of what is here, else the last one known; None before any."""
        return (self._scaled, self.on_hand) if self.on_hand > 0 else self._rate

    def worth(self, quantity: int) -> int:
        """``quantity`` at the current rate, else the last one, in minor units."""
        rate = self.rate
        if rate is None:
            raise RateUnknown
        return half_up(rate[0] * quantity, rate[1] * SCALE)

    def receive(self, quantity: int, cost: int, receipt: UUID | None = None) -> Posting:
        """``quantity`` comes in for ``cost`` minor units in total. What is missing is settled first."""
        before = self._scaled
        scaled = cost * SCALE
        missing = min(quantity, -self.on_hand)
        if missing > 0:
            self._settle(missing)
            part = half_up(scaled * missing, quantity)
            self._put(quantity - missing, scaled - part, receipt)
        else:
            self._put(quantity, scaled, receipt)
        self.on_hand += quantity
        if self.on_hand <= 0:
            self._rate = (scaled, quantity)
        value = balance(self._scaled) - balance(before)
        return Posting(quantity, value, cost - value)

    def issue(self, quantity: int) -> Posting:
        """``quantity`` goes out, the oldest or the average first. What is not here goes out at the last rate."""
        before = self._scaled
        short = quantity - max(self.on_hand, 0)
        if short > 0 and self.rate is None:
            raise RateUnknown
        self._take(quantity - max(short, 0))
        if short > 0:
            self._owe(short)
        self.on_hand -= quantity
        return Posting(-quantity, balance(self._scaled) - balance(before))

    def return_to_supplier(self, quantity: int, receipt: UUID | None) -> Posting:
        """Under FIFO what came with that receipt goes first, while it lasts. An average has no receipts to tell apart."""
        before = balance(self._scaled)
        own = 0
        place = self._place_of(receipt)
        if place is not None:
            own = min(quantity, self.layers[place][0])
            self._take_from(place, own)
            self.on_hand -= own
        if quantity > own:
            self.issue(quantity - own)
        return Posting(-quantity, balance(self._scaled) - before)

    def revalue(self, receipt: UUID, received: int, value: int) -> Posting:
        """A receipt of ``received`` cost ``value`` more (or less) than stated.

        The share of it that is still here goes into stock, the rest is variance. What is here never becomes worth less
        than nothing.
        """
        before = balance(self._scaled)
        place = (0 if self.on_hand > 0 else None) if self._average else self._place_of(receipt)
        if place is not None:
            quantity, scaled, source = self.layers[place]
            change = max(half_up(value * SCALE * min(quantity, received), received), -scaled)
            self.layers[place] = (quantity, scaled + change, source)
            self._scaled += change
        posted = balance(self._scaled) - before
        return Posting(0, posted, value - posted)

    def count(self, counted: int, value: int | None = None, receipt: UUID | None = None) -> Posting:
        """``counted`` is here, whatever was thought. Less goes out as an issue.

        More comes in at the rate of ``value``, which is what all of the counted quantity is worth, else at the current rate.
        """
        surplus = counted - self.on_hand
        if surplus < 0:
            return self.issue(-surplus)
        if surplus == 0:
            return Posting(0, 0)
        stated = value is not None and counted > 0
        return self.receive(surplus, half_up((value or 0) * surplus, counted) if stated else self.worth(surplus), receipt)

    def copy(self) -> Self:
        """The same state, which may be changed apart."""
        other = type(self)(self.method)
        other.on_hand, other.layers = self.on_hand, self.layers.copy()
        other._scaled, other._rate = self._scaled, self._rate
        return other

    def to_json(self) -> dict[str, Any]:
        """For a row of a table. Values can exceed 64 bits, therefore they are strings."""
        return {
            "method": self.method.value,
            "layers": [[quantity, str(value), receipt and receipt.hex] for quantity, value, receipt in self.layers],
            "rate": self._rate and [str(self._rate[0]), self._rate[1]],
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """What :meth:`to_json` made."""
        state = cls(ValuationMethod(data["method"]))
        for quantity, value, receipt in data["layers"]:
            state.layers.append((quantity, int(value), UUID(hex=receipt) if receipt else None))
        state.on_hand = sum(layer[0] for layer in state.layers)
        state._scaled = sum(layer[1] for layer in state.layers)
        if data["rate"]:
            state._rate = (int(data["rate"][0]), data["rate"][1])
        return state

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, BinState):
            return NotImplemented
        mine = (self._average, self.on_hand, self._scaled, self._rate, self.layers)
        return mine == (other._average, other.on_hand, other._scaled, other._rate, other.layers)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"BinState({self.method}, on_hand={self.on_hand}, value={self.value}, layers={list(self.layers)})"

    def _put(self, quantity: int, scaled: int, receipt: UUID | None) -> None:
        if quantity == 0:
            return
        self._scaled += scaled
        if not self._average:
            self.layers.append((quantity, scaled, receipt))
        elif self.layers:
            here = self.layers[0]
            self.layers[0] = (here[0] + quantity, here[1] + scaled, None)
        else:
            self.layers.append((quantity, scaled, None))

    def _take(self, quantity: int) -> None:
        while quantity > 0:
            taken = min(quantity, self.layers[0][0])
            self._take_from(0, taken)
            quantity -= taken

    def _take_from(self, place: int, quantity: int) -> None:
        """The last of a layer takes all its value along, so that nothing is left behind by rounding."""
        here, scaled, receipt = self.layers[place]
        self._rate = (scaled, here)
        if quantity == here:
            part = scaled
            del self.layers[place]
        else:
            part = half_up(scaled * quantity, here)
            self.layers[place] = (here - quantity, scaled - part, receipt)
        self._scaled -= part

    def _owe(self, quantity: int) -> None:
        """Goods went out that were not here: one layer below zero, at the last rate."""
        assert self._rate is not None
        scaled = half_up(self._rate[0] * quantity, self._rate[1])
        owed = self.layers.pop() if self.layers else (0, 0, None)
        self.layers.append((owed[0] - quantity, owed[1] - scaled, None))
        self._scaled -= scaled

    def _settle(self, quantity: int) -> None:
        """So much of what was missing is here now: its provisional value is taken back."""
        missing, scaled, _ = self.layers.pop()
        part = scaled if quantity == -missing else -half_up(-scaled * quantity, -missing)
        if missing + quantity:
            self.layers.append((missing + quantity, scaled - part, None))
        self._scaled -= part

    def _place_of(self, receipt: UUID | None) -> int | None:
        """Where the layer of a receipt is. The newest are looked at first: most corrections are of recent receipts."""
        if self._average or receipt is None:
            return None
        layers = self.layers
        return next((place for place in range(len(layers) - 1, -1, -1) if layers[place][2] == receipt), None)
