"""Short words for tests of stock: a tale of movements with everything that does not matter filled in.

Quantities are written in base units, money in major units with two decimals.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from domain.milling.rules import BinKey, BinState, ItemRule, Movement, Posting, Walk, replay
from domain.milling.rules.quantities import to_thousandths
from domain.milling.states import CostRule, MovementKind, ValuationMethod

DAY_0 = datetime(2026, 1, 1, tzinfo=UTC)
Number = str | int | Decimal


def milli(quantity: Number) -> int:
    return to_thousandths(Decimal(quantity))


def minor(amount: Number) -> int:
    return int(Decimal(amount) * 100)


def major(amount_minor: int) -> Decimal:
    return Decimal(amount_minor) / 100


class Tale:
    """What happened to stock, told in any order: each movement says on which day. The last one told comes last that day.

    ``wheat`` and the warehouse ``A`` are meant where nothing else is said.
    """

    def __init__(self, method: ValuationMethod = ValuationMethod.FIFO, *, may_be_negative: bool = False) -> None:
        self.rule = ItemRule(method, may_be_negative)
        self.movements: list[Movement] = []
        self.overheads: dict[UUID, int] = {}

    def receive(
        self, quantity: Number, rate: Number | None = None, *, total: Number | None = None, **where: Any
    ) -> Movement:
        """Goods come in at a rate per unit, or for a total; with neither at the rate of what is there."""
        if rate is not None:
            total = Decimal(rate) * Decimal(quantity)
        value = None if total is None else minor(total)
        return self.tell(MovementKind.PURCHASE_RECEIPT, quantity=milli(quantity), value=value, **where)

    def issue(self, quantity: Number, kind: MovementKind = MovementKind.SALE_DELIVERY, **where: Any) -> Movement:
        return self.tell(kind, quantity=-milli(quantity), **where)

    def take_back(self, quantity: Number, delivery: Movement | None, **where: Any) -> Movement:
        """A customer returns goods, of a delivery or of nobody knows which."""
        return self.tell(MovementKind.SALE_RETURN, quantity=milli(quantity), source_id=delivery and delivery.id, **where)

    def give_back(self, quantity: Number, receipt: Movement, **where: Any) -> Movement:
        """Goods go back to the supplier."""
        return self.tell(MovementKind.PURCHASE_RETURN, quantity=-milli(quantity), source_id=receipt.id, **where)

    def transfer(self, quantity: Number, to: str, *, at: str = "A", **when: Any) -> tuple[Movement, Movement]:
        out = self.issue(quantity, MovementKind.TRANSFER_OUT, at=at, **when)
        into = self.tell(MovementKind.TRANSFER_IN, quantity=milli(quantity), source_id=out.id, at=to, **when)
        return out, into

    def revalue(self, receipt: Movement, amount: Number, kind: MovementKind = MovementKind.LANDED_COST) -> Movement:
        """The receipt costs that much more; it is dated as the receipt is."""
        where = {"item": receipt.item_id, "at": receipt.warehouse_id, "when": receipt.effective_at}
        return self.tell(kind, value=minor(amount), source_id=receipt.id, **where)

    def count(self, counted: Number, *, total: Number | None = None, **where: Any) -> Movement:
        value = None if total is None else minor(total)
        return self.tell(MovementKind.COUNT, counted=milli(counted), value=value, **where)

    def consume(self, pool: str, quantity: Number, **where: Any) -> Movement:
        return self.issue(quantity, MovementKind.PRODUCTION_CONSUME, pool_id=named(pool), **where)

    def produce(
        self, pool: str, quantity: Number, rule: CostRule = CostRule.REST, cost: int | None = None, **where: Any
    ) -> Movement:
        """Output of a pool. ``cost`` is minor units for FIXED and basis points for SHARE."""
        kind = MovementKind.PRODUCTION_OUTPUT if rule is CostRule.REST else MovementKind.PRODUCTION_BY_PRODUCT
        return self.tell(kind, quantity=milli(quantity), pool_id=named(pool), cost_rule=rule, cost_value=cost, **where)

    def overhead(self, pool: str, amount: Number) -> None:
        self.overheads[named(pool)] = minor(amount)

    def tell(
        self,
        kind: MovementKind,
        *,
        item: str | UUID = "wheat",
        at: str | UUID = "A",
        day: int | None = None,
        when: datetime | None = None,
        **what: Any,
    ) -> Movement:
        seq = len(self.movements) + 1
        movement = Movement(
            id=UUID(int=seq),
            seq=seq,
            effective_at=when or DAY_0 + timedelta(days=seq if day is None else day),
            item_id=named(item),
            warehouse_id=named(at),
            kind=kind,
            **what,
        )
        self.movements.append(movement)
        return movement

    def cancel(self, *movements: Movement) -> None:
        for movement in movements:
            self.movements.remove(movement)

    def walk(self) -> Walk:
        return replay(self.rules(), self.movements, self.overheads)

    def rules(self) -> dict[UUID, ItemRule]:
        return dict.fromkeys((movement.item_id for movement in self.movements), self.rule)

    def posting(self, movement: Movement) -> Posting:
        return self.walk().postings[movement.id]

    def worth(self, *movements: Movement) -> list[Decimal]:
        """The posted values in major units, goods going out without their sign."""
        postings = self.walk().postings
        return [abs(major(postings[movement.id].value)) for movement in movements]

    def state(self, item: str = "wheat", at: str = "A") -> BinState:
        return self.walk().bins[bin_of(item, at)]

    def queue(self, item: str = "wheat", at: str = "A") -> list[list[Decimal]]:
        """The layers as [quantity, rate] in base and major units."""
        return layers_of(self.state(item, at).layers)


def layers_of(layers: Iterable[tuple[int, int, UUID | None]]) -> list[list[Decimal]]:
    return [[Decimal(quantity) / 1000, Decimal(value) / quantity / 10**8] for quantity, value, _ in layers]


def named(name: str | UUID) -> UUID:
    """The id that goes by a name: the letters of the name as a number."""
    return name if isinstance(name, UUID) else UUID(bytes=name.encode().rjust(16, b"\0")[-16:])


def bin_of(item: str = "wheat", at: str = "A") -> BinKey:
    return (named(item), named(at))
