"""Keeping the journal equal to what a loan ought to have in it: what is not wanted any more is reversed, what is missing is
posted.

Entries carry the day of what they are about. Only the act itself may be refused because that day lies in a closed fiscal
period; entries that merely follow from it (a later payment allocated anew, an accrual made again) are then dated on the
first day after it that is open, and so is the reversal of what lies there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any, Final
from uuid import UUID

from domain.kit import clock
from domain.kit.ids import new_id
from domain.kit.money import Money
from domain.kit.unit_of_work import Work
from domain.ledger.chart import HouseAccount, every_house_account, house_account
from domain.ledger.errors import PeriodClosed
from domain.ledger.service import Line, post_entry
from domain.lending.accounts import Side, about
from domain.lending.booking import Booking, BookingKind, Statement
from domain.lending.history import Dated
from domain.lending.models import Loan, LoanAllocation, LoanBooking, LoanTransaction
from domain.wallets.service import post_to_wallets

# What stands in the books of a loan, the oldest first.
STANDING: Final = """
select id, content, entry_id, transaction_id from loan_booking where loan_id = $1 and ended_at is null order by booked_at, id
"""

# End bookings with the entries that reversed them.
END_BOOKINGS: Final = """
update loan_booking b set ended_at = $1, reversal_entry_id = e.reversal_id
from unnest($2::uuid[], $3::uuid[]) as e (id, reversal_id) where b.id = e.id
"""

# Take lines off the statement, each with the line that says the same fact anew, if there is one.
REVERSE_TRANSACTIONS: Final = """
update loan_transaction t
set reversed_by_id = $1, reversed_at = $2, reversal_entry_id = r.reversal_id, replaced_by_id = r.replacement_id
from unnest($3::uuid[], $4::uuid[], $5::uuid[]) as r (id, reversal_id, replacement_id) where t.id = r.id
"""


@dataclass(slots=True)
class Kept:
    """What an act did to the books: lines of the statement that are new, by kind and fact, and those that it took off."""

    transactions: list[LoanTransaction] = field(default_factory=list)
    taken_off: list[UUID] = field(default_factory=list)

    def tells_of(self, fact_id: UUID) -> bool:
        return any(each.fact_id == fact_id for each in self.transactions)

    def of(self, fact_id: UUID) -> LoanTransaction:
        """The line that tells of a fact; a disbursement's own one before what it set off."""
        return next(each for each in self.transactions if each.fact_id == fact_id)


@dataclass(slots=True)
class _Standing:
    id: UUID
    content: str
    entry_id: UUID | None
    transaction_id: UUID | None
    reversal_id: UUID | None = None

    @property
    def said(self) -> dict[str, Any]:
        said: dict[str, Any] = json.loads(self.content)
        return said


@dataclass(slots=True)
class Keeper:
    """Writes for one act on one locked loan. ``new`` are the facts of the act: their entries must have their very day."""

    work: Work
    loan: Loan
    actor_id: UUID
    new: frozenset[UUID]
    moment: datetime = field(default_factory=clock.now)

    async def keep(self, wanted: Sequence[Booking], history: Sequence[Dated]) -> Kept:
        by_content = {content_of(booking): booking for booking in wanted}
        assert len(by_content) == len(wanted), "a loan has each booking once"
        standing = [_Standing(**row) for row in await self.work.fetch(STANDING, self.loan.id)]
        ended = [each for each in standing if each.content not in by_content]
        known = {each.content for each in standing}
        begun = [(content, booking) for content, booking in by_content.items() if content not in known]
        facts = {dated.fact.id: dated for dated in history}
        written = [(content, booking, self._transaction(booking, facts)) for content, booking in begun]
        await self._end(ended, [(booking, transaction) for _, booking, transaction in written if transaction])
        await self._begin(written)
        return Kept(
            [transaction for *_, transaction in written if transaction],
            [each.transaction_id for each in ended if each.transaction_id is not None],
        )

    async def _end(self, ended: list[_Standing], new: Sequence[tuple[Booking, LoanTransaction]]) -> None:
        if not ended:
            return
        for each in sorted(ended, key=_takes_of_a_wallet):
            if each.entry_id is not None:
                said = each.said
                sides = [Side(account, -amount) for account, amount in said["sides"]]
                on = date.fromisoformat(said["on"])
                each.reversal_id = await self._post(f"{said['kind']}_reversal", sides, on, reverses_id=each.entry_id)
        await self.work.execute(END_BOOKINGS, self.moment, [each.id for each in ended], [each.reversal_id for each in ended])
        replacing = {_told(content_of(booking)): transaction.id for booking, transaction in new}
        lines = [each for each in ended if each.transaction_id is not None]
        await self.work.execute(
            REVERSE_TRANSACTIONS,
            self.actor_id,
            self.moment,
            [each.transaction_id for each in lines],
            [each.reversal_id for each in lines],
            [replacing.get(_told(each.content)) for each in lines],
        )

    async def _begin(self, written: Sequence[tuple[str, Booking, LoanTransaction | None]]) -> None:
        rows = []
        for content, booking, transaction in written:
            entry_id = None
            if booking.sides:
                entry_id = await self._post(
                    booking.kind.value, booking.sides, booking.on, strict=booking.fact_id in self.new
                )
            if transaction is not None:
                transaction.entry_id = entry_id
            rows.append(
                LoanBooking(
                    id=new_id(),
                    loan_id=self.loan.id,
                    content=content,
                    entry_id=entry_id,
                    transaction_id=transaction and transaction.id,
                    booked_at=self.moment,
                )
            )
        transactions = [transaction for *_, transaction in written if transaction is not None]
        await LoanTransaction.bulk_create(transactions)
        await LoanAllocation.bulk_create(
            [
                allocation
                for _, booking, transaction in written
                if transaction is not None
                for allocation in _allocations(booking, transaction)
            ]
        )
        await LoanBooking.bulk_create(rows)

    def _transaction(self, booking: Booking, facts: dict[UUID, Dated]) -> LoanTransaction | None:
        said = booking.statement
        if said is None or said.amount == 0:
            return None
        dated = facts[booking.fact_id] if booking.fact_id else None
        way = dated.way if dated and booking.kind is not BookingKind.SET_OFF else None
        return LoanTransaction(
            id=new_id(),
            loan_id=self.loan.id,
            branch_id=self.loan.branch_id,
            fact_id=booking.fact_id,
            kind=said.kind,
            happened_on=booking.on,
            currency=self.loan.currency,
            amount_minor=said.amount,
            principal_minor=said.split.principal,
            interest_minor=said.split.interest,
            fee_minor=said.split.fee,
            penalty_minor=said.split.penalty,
            overpaid_minor=said.overpaid,
            channel=way and way.channel,
            reference=way.reference if way else "",
            payer_id=way and way.payer_id,
            note=dated.note if dated else "",
            recorded_by_id=dated.recorded_by_id if dated else self.actor_id,
            recorded_at=self.moment,
        )

    async def _post(
        self, kind: str, sides: Sequence[Side], on: date, *, strict: bool = False, reverses_id: UUID | None = None
    ) -> UUID:
        """Post one entry on its day, or if it may be, on the first open day after it."""
        lines = [await self._line(side) for side in sides]
        today = clock.today()
        if strict or on >= today:
            return await self._write(kind, lines, sides, on, reverses_id)
        for day in _days_to_try(on, today):
            try:
                async with self.work.savepoint():
                    return await self._write(kind, lines, sides, day, reverses_id)
            except PeriodClosed:
                continue
        return await self._write(kind, lines, sides, today, reverses_id)

    async def _write(
        self, kind: str, lines: Sequence[Line], sides: Sequence[Side], on: date, reverses_id: UUID | None
    ) -> UUID:
        post = post_to_wallets if any(side.account not in _house() for side in sides) else post_entry
        posted = await post(
            kind=f"lending.{kind}",
            description=f"{kind.replace('_', ' ').capitalize()} of loan {self.loan.number}",
            lines=lines,
            reference=about(self.loan.id),
            effective_on=on,
            reverses_id=reverses_id,
            branch_id=self.loan.branch_id,
        )
        return posted.entry_id

    async def _line(self, side: Side) -> Line:
        house, currency = _house().get(side.account), self.loan.currency
        account_id = UUID(side.account) if house is None else await house_account(house, currency)
        return Line(account_id, Money(abs(side.amount), currency), side.amount > 0)


def _takes_of_a_wallet(ended: _Standing) -> bool:
    """Whether taking this back takes money out of a wallet: that comes after what puts some there."""
    return any(account not in _house() and amount < 0 for account, amount in ended.said["sides"])


def content_of(booking: Booking) -> str:
    """A booking as text, the same for the same booking: by it what stands is compared with what ought to."""
    return json.dumps(
        {
            "kind": booking.kind.value,
            "fact": booking.fact_id and str(booking.fact_id),
            "on": booking.on.isoformat(),
            "sides": [[side.account, side.amount] for side in sorted(booking.sides)],
            "statement": booking.statement and _statement(booking.statement),
        },
        separators=(",", ":"),
    )


def _statement(said: Statement) -> list[Any]:
    parts = [[part.instalment, *_four(part.amounts)] for part in said.parts]
    return [said.kind.value, said.amount, _four(said.split), said.overpaid, parts]


def _four(amounts: Any) -> list[int]:
    return [amounts.principal, amounts.interest, amounts.fee, amounts.penalty]


def _told(content: str) -> tuple[Any, ...]:
    """What two lines of a statement have in common when one replaces the other."""
    said = json.loads(content)
    return said["kind"], said["fact"], said["fact"] or said["on"]


def _allocations(booking: Booking, transaction: LoanTransaction) -> Iterator[LoanAllocation]:
    parts = booking.statement.parts if booking.statement else ()
    for part in parts:
        if part.amounts:
            yield LoanAllocation(
                id=new_id(),
                transaction_id=transaction.id,
                loan_id=transaction.loan_id,
                instalment_number=part.instalment,
                principal_minor=part.amounts.principal,
                interest_minor=part.amounts.interest,
                fee_minor=part.amounts.fee,
                penalty_minor=part.amounts.penalty,
            )


def _days_to_try(on: date, today: date) -> Iterator[date]:
    """The day itself, then the first of each month after it that has begun: fiscal periods end with months."""
    yield on
    day = on
    while True:
        day = date(day.year + day.month // 12, day.month % 12 + 1, 1)
        if day >= today:
            return
        yield day


@cache
def _house() -> dict[str, HouseAccount]:
    return {account.code: account for account in every_house_account()}
