"""How every act on a loan that is paid out goes: lock it, add or take back a fact, replay, write down, tell.

There is one way of booking for all acts. A repayment, a back-dated one and an undone one differ in the facts they leave;
what becomes of instalments, statement and journal follows from the replay.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final
from uuid import UUID

import asyncpg
from tortoise.exceptions import IntegrityError

from domain.events.event import Event
from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit import clock
from domain.kit.errors import CurrencyMismatch, InvalidAmount, InvalidInput
from domain.kit.money import MAX_AMOUNT_MINOR, Money
from domain.kit.unit_of_work import Work
from domain.ledger.errors import PeriodClosed
from domain.lending import stored
from domain.lending.book_figures import MovedMoney
from domain.lending.booking import bookings
from domain.lending.errors import (
    FactInTheFuture,
    InvalidActDate,
    LoanNotFound,
    LoanNotPaidOut,
    LoanWrittenOffAlready,
    ReceiptAlreadyRecorded,
)
from domain.lending.events import (
    LoanClosed,
    LoanDelinquencyChanged,
    LoanFigures,
    LoanStatusChanged,
    LoanUpdated,
)
from domain.lending.history import Dated, MoneyWay, dated_of, facts_of, new_fact, placed
from domain.lending.models import Loan, LoanFact
from domain.lending.rules import replay
from domain.lending.rules.state import LoanState
from domain.lending.service import desk
from domain.lending.service.books import Keeper, Kept
from domain.lending.service.projection import project
from domain.lending.service.request_book import drop_requests
from domain.lending.states import PAID_OUT, LoanChange, LoanStatus

MAX_NOTE: Final = 500
MAX_REFERENCE: Final = 120

# The facts of a loan that hold.
FACTS: Final = """
select id, sequence, kind, happened_on, payload, money, note, recorded_by_id from loan_fact
where loan_id = $1 and reversed_at is null order by sequence
"""

Tell = Callable[[Loan, Kept], Iterable[Event]]


@dataclass(slots=True)
class Act:
    """One act on one locked loan: who acts, the facts as they hold, which of them are of this act, the request that it
    decides, and the input that says its day."""

    work: Work
    actor: Actor
    loan: Loan
    history: list[Dated]
    today: date
    new: set[UUID] = field(default_factory=set)
    deciding: UUID | None = None
    dated_by: str = "on"
    _state: LoanState | None = None

    @property
    def state(self) -> LoanState:
        """The loan as it stands today by the facts so far."""
        if self._state is None:
            self._state = replay(self.loan.agreed_terms, facts_of(self.history), self.today)
        return self._state

    async def add(self, cls: type[Any], on: date, *, way: MoneyWay | None = None, note: str = "", **figures: Any) -> UUID:
        """Write a fact of this act; returns its id."""
        sequence = await self.work.fetchval(
            "select coalesce(max(sequence), 0) + 1 from loan_fact where loan_id = $1", self.loan.id
        )
        dated = placed(Dated(fact=new_fact(cls, on, **figures), recorded_by_id=self.actor.id, way=way, note=note), sequence)
        fact = dated.fact
        await LoanFact.create(
            id=fact.id,
            loan_id=self.loan.id,
            sequence=sequence,
            kind=dated.kind,
            happened_on=on,
            payload=stored.payload_of(fact),
            money=dated.money,
            note=note,
            recorded_by_id=self.actor.id,
            recorded_at=clock.now(),
        )
        self.history.append(dated)
        self.new.add(fact.id)
        self._state = None
        return fact.id

    async def take_back(self, fact_id: UUID, reason: str) -> Dated:
        """From here on the fact never was; it stays written, as taken back."""
        dated = next(each for each in self.history if each.fact.id == fact_id)
        await self.work.execute(
            "update loan_fact set reversed_by_id = $2, reversed_at = $3, reversal_reason = $4 where id = $1",
            fact_id,
            self.actor.id,
            clock.now(),
            reason,
        )
        self.history.remove(dated)
        self._state = None
        return dated

    async def finish(self, change: LoanChange | None, tell: Tell = lambda loan, kept: ()) -> Kept:
        """Replay, write everything that follows, and tell it: the act's own events, then what came of it."""
        loan, status, bucket = self.loan, self.loan.status, self.loan.bucket
        state = self.state
        book = await project(self.work, loan, state)
        keeper = Keeper(self.work, loan, self.actor.id, frozenset(self.new))
        async with _refusals_in_words(self.dated_by):
            kept = await keeper.keep(bookings(self.history, state), self.history)
        book = replace(book, lines=MovedMoney.of_lines(kept.transactions), taken_off=kept.taken_off)
        if status is LoanStatus.ACTIVE and loan.status is not status:
            await drop_requests(self.work, loan.id, actor_id=self.actor.id, but=self.deciding)
        figures = LoanFigures.of(loan)
        self.work.record(*tell(loan, kept))
        if loan.status is LoanStatus.CLOSED and status is not LoanStatus.CLOSED:
            assert loan.closed_on is not None, "a closed loan says since when"
            self.work.record(LoanClosed(loan=figures, happened_on=loan.closed_on))
        if loan.bucket is not bucket:
            days = state.delinquency.past_due_days
            self.work.record(
                LoanDelinquencyChanged(loan=figures, previous_bucket=bucket, bucket=loan.bucket, past_due_days=days)
            )
            change = change or LoanChange.DELINQUENCY_CHANGED
        if change is None and book:
            change = LoanChange.BROUGHT_UP_TO_DATE
        if change is not None:
            self.work.record(LoanUpdated(loan=figures, change=change, previous_status=status, book=book))
        if loan.status is not status:
            self.work.record(LoanStatusChanged(loan=figures, previous_status=status, status=loan.status))
        return kept


async def staff_act(work: Work, actor: Actor, loan_id: UUID, permission: Permission) -> Act:
    """Begin an act by staff of the loan's branch, who are not its borrower."""
    return await begin(work, actor, await desk.locked_for_staff(actor, loan_id, permission))


async def borrower_act(work: Work, actor: Actor, loan_id: UUID) -> Act:
    """Begin an act by the borrower."""
    loan = await desk.locked(loan_id)
    if loan.borrower_id != actor.id:
        raise LoanNotFound
    return await begin(work, actor, loan)


async def begin(work: Work, actor: Actor, loan: Loan) -> Act:
    """An act on a loan that is locked already. Its day is never before one that the loan has been brought up to: clocks of
    two servers may differ around midnight."""
    today = max(clock.today(), loan.replayed_on or date.min)
    return Act(work, actor, loan, await history_of(work, loan.id), today)


async def history_of(work: Work, loan_id: UUID) -> list[Dated]:
    return [dated_of(row) for row in await work.fetch(FACTS, loan_id)]


def require_paid_out(act: Act, *statuses: LoanStatus) -> None:
    """Money was paid out and the loan is not given up (LOAN_WRITTEN_OFF, LOAN_NOT_PAID_OUT)."""
    loan = act.loan
    if loan.status is LoanStatus.WRITTEN_OFF and LoanStatus.WRITTEN_OFF not in statuses:
        raise LoanWrittenOffAlready("the loan is written off; only recoveries can be recorded")
    if loan.status not in (statuses or PAID_OUT):
        raise LoanNotPaidOut(f"this cannot be done with a loan that is {loan.status.value.lower()}")


def acceptable_day(act: Act, on: date | None, *, field: str, least: date | None = None) -> date:
    """The day of a fact: today unless said otherwise, never ahead, and not before the loan was paid out."""
    on, least = on or act.today, least or act.loan.disbursed_on
    act.dated_by, where = field, ("input", field)
    if on > act.today:
        raise FactInTheFuture("this cannot have happened yet", field=where)
    if least is not None and on < least:
        raise InvalidActDate(f"this cannot have happened before {least.isoformat()}", field=where)
    return on


def require_amount(act: Act, amount: Money, *, name: str = "amount") -> None:
    if amount.amount_minor <= 0:
        raise InvalidAmount("an amount must be greater than zero", field=("input", name))
    if amount.amount_minor > MAX_AMOUNT_MINOR:
        raise InvalidAmount("the amount is too large", field=("input", name))
    if amount.currency != act.loan.currency:
        raise CurrencyMismatch(
            f"{amount.currency} cannot be used for a loan in {act.loan.currency}", field=("input", name, "currency")
        )


def one_line(text: str, name: str, *, most: int = MAX_REFERENCE, needed: bool = False) -> str:
    """Printable text on one line, trimmed."""
    text = " ".join(text.split())
    if len(text) > most or not text.isprintable() or (needed and not text):
        raise InvalidInput(f"this takes {1 if needed else 0} to {most} printable characters", field=("input", name))
    return text


def reason_of(text: str) -> str:
    return one_line(text, "reason", most=MAX_NOTE, needed=True)


@asynccontextmanager
async def _refusals_in_words(dated_by: str) -> AsyncIterator[None]:
    """Say in words what the unique indexes on receipts refuse, and which input was dated into a closed period."""
    try:
        yield
    except PeriodClosed as closed:
        raise PeriodClosed(closed.message, field=("input", dated_by)) from None
    except IntegrityError as error:
        cause = error.__cause__
        if isinstance(cause, asyncpg.UniqueViolationError) and str(cause.constraint_name).endswith("receipt_recorded_once"):
            raise ReceiptAlreadyRecorded("a payment with this reference was recorded before") from None
        raise
