"""Posting: an entry, its lines and the guarded balances they move, in one statement; the opposite entry; many at once."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final
from uuid import UUID

import asyncpg

from domain.kit import clock
from domain.kit.context import as_part_of, current_call
from domain.kit.ids import new_id
from domain.kit.money import Money
from domain.kit.unit_of_work import unit_of_work
from domain.ledger.errors import (
    AccountNotFound,
    AlreadyReversed,
    EntryNotFound,
    InsufficientFunds,
    PeriodClosed,
    UnbalancedEntry,
)
from domain.ledger.events import JournalEntryPosted, PostedLine
from domain.ledger.models import JournalEntry, JournalLine

MAX_LINES: Final = 1_000

POST: Final = "select * from ledger_post($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14)"

# Many entries with all their lines. Only for accounts of the house: a line of a guarded account would need the balance
# after it, and is refused by the trigger on lines.
POST_MANY: Final = """
with entry as (
    insert into journal_entry (id, kind, description, reference_kind, reference_id, effective_on, recorded_at, actor_id,
                               correlation_id, branch_id, reverses_id)
    select id, kind, description, reference_kind, reference_id, effective_on, $7, $8, correlation_id, branch_id, reverses_id
    from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::uuid[], $6::date[], $10::uuid[], $9::uuid[], $16::uuid[])
         with ordinality as e (id, kind, description, reference_kind, reference_id, effective_on, branch_id, correlation_id,
                               reverses_id, place)
    order by place
    returning id, number, effective_on
), line as (
    insert into journal_line (entry_id, line_no, account_id, amount_minor, currency, effective_on, recorded_at)
    select entry_id, line_no, account_id, amount_minor, currency, entry.effective_on, $7
    from unnest($11::uuid[], $12::int[], $13::uuid[], $14::bigint[], $15::text[]) with ordinality
         as l (entry_id, line_no, account_id, amount_minor, currency, place)
         join entry on entry.id = l.entry_id
    order by place
)
select id, number from entry
"""


@dataclass(frozen=True, slots=True)
class Line:
    """One side of an entry: a debit of ``amount`` or a credit of it."""

    account_id: UUID
    amount: Money
    is_debit: bool

    @property
    def signed_minor(self) -> int:
        return self.amount.amount_minor if self.is_debit else -self.amount.amount_minor

    def opposite(self) -> Line:
        return Line(self.account_id, self.amount, not self.is_debit)


def debit(account_id: UUID, amount: Money) -> Line:
    return Line(account_id, amount, is_debit=True)


def credit(account_id: UUID, amount: Money) -> Line:
    return Line(account_id, amount, is_debit=False)


@dataclass(frozen=True, slots=True)
class Reference:
    """What an entry is about: ``Reference("invoice", invoice.id)``."""

    kind: str
    id: UUID


@dataclass(frozen=True, slots=True)
class NewEntry:
    """An entry to be posted together with others; a part of the call in progress, unless ``correlation_id`` says of what."""

    kind: str
    description: str
    lines: Sequence[Line]
    effective_on: date
    reference: Reference | None = None
    branch_id: UUID | None = None
    correlation_id: UUID | None = None
    reverses_id: UUID | None = None
    id: UUID = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class AccountBalance:
    """A guarded account after a posting, on its natural side. ``held`` is set aside by holds and not available; ``line_id``
    is the last line that the posting wrote there."""

    posted: Money
    held: Money
    line_id: int

    @property
    def available(self) -> Money:
        return self.posted - self.held


@dataclass(frozen=True, slots=True)
class Posted:
    """An entry in the books, and how the guarded accounts it touched stand now."""

    entry_id: UUID
    number: int
    balances: dict[UUID, AccountBalance]
    recorded_at: datetime


async def post_entry(
    *,
    kind: str,
    description: str,
    lines: Sequence[Line],
    reference: Reference | None = None,
    effective_on: date | None = None,
    reverses_id: UUID | None = None,
    entry_id: UUID | None = None,
    branch_id: UUID | None = None,
) -> Posted:
    """Write one balanced entry, effective today unless said otherwise, of a branch or of the whole house.

    Refuses with UNBALANCED_ENTRY, with ACCOUNT_NOT_FOUND (also where an account has another currency), with
    INSUFFICIENT_FUNDS where a guarded account would fall below what is on hold there, and with PERIOD_CLOSED. Lines of
    zero are left out.
    """
    lines = [line for line in lines if line.amount.amount_minor != 0]
    require_balanced(lines)
    entry_id, effective_on = entry_id or new_id(), effective_on or clock.today()
    call, moment = current_call(), clock.now()
    async with unit_of_work() as work:
        with _refusals(lines):
            rows = await work.fetch(
                POST,
                entry_id,
                kind,
                description,
                reference and reference.kind,
                reference and reference.id,
                effective_on,
                moment,
                call.actor_id,
                call.correlation_id,
                reverses_id,
                [line.account_id for line in lines],
                [line.signed_minor for line in lines],
                [line.amount.currency for line in lines],
                branch_id,
            )
        number = rows[0]["number"]
        entry = NewEntry(kind, description, lines, effective_on, reference, branch_id, reverses_id=reverses_id, id=entry_id)
        work.record(_announced(entry, lines, number))
    balances = {
        row["account_id"]: AccountBalance(
            Money(row["balance_minor"], row["currency"]), Money(row["held_minor"], row["currency"]), row["line_id"]
        )
        for row in rows
        if row["account_id"] is not None
    }
    return Posted(entry_id, number, balances, moment)


async def post_entries(entries: Sequence[NewEntry]) -> list[Posted]:
    """Write balanced entries on accounts of the house in one statement, in this order; each is announced.

    For what sets off hundreds of entries. Refuses as :func:`post_entry` does, all of them or none.
    """
    if not entries:
        return []
    kept = [(entry, [line for line in entry.lines if line.amount.amount_minor != 0]) for entry in entries]
    for _, lines in kept:
        require_balanced(lines)
    numbered = [(entry.id, line_no, line) for entry, lines in kept for line_no, line in enumerate(lines, 1)]
    call, moment = current_call(), clock.now()
    async with unit_of_work() as work:
        with _refusals([line for *_, line in numbered]):
            rows = await work.fetch(
                POST_MANY,
                [entry.id for entry in entries],
                [entry.kind for entry in entries],
                [entry.description for entry in entries],
                [entry.reference and entry.reference.kind for entry in entries],
                [entry.reference and entry.reference.id for entry in entries],
                [entry.effective_on for entry in entries],
                moment,
                call.actor_id,
                [entry.correlation_id or call.correlation_id for entry in entries],
                [entry.branch_id for entry in entries],
                [entry_id for entry_id, *_ in numbered],
                [line_no for _, line_no, _ in numbered],
                [line.account_id for *_, line in numbered],
                [line.signed_minor for *_, line in numbered],
                [line.amount.currency for *_, line in numbered],
                [entry.reverses_id for entry in entries],
            )
        numbers = {row["id"]: row["number"] for row in rows}
        for entry, lines in kept:
            with as_part_of(entry.correlation_id or call.correlation_id):
                work.record(_announced(entry, lines, numbers[entry.id]))
    return [Posted(entry.id, numbers[entry.id], {}, moment) for entry in entries]


def _announced(entry: NewEntry, lines: Sequence[Line], number: int) -> JournalEntryPosted:
    return JournalEntryPosted(
        entry_id=entry.id,
        number=number,
        kind=entry.kind,
        description=entry.description,
        effective_on=entry.effective_on,
        reverses_id=entry.reverses_id,
        reference_kind=entry.reference.kind if entry.reference else None,
        reference_id=entry.reference.id if entry.reference else None,
        branch_id=entry.branch_id,
        lines=[
            PostedLine(line.account_id, line.amount if line.is_debit else None, None if line.is_debit else line.amount)
            for line in lines
        ],
    )


async def reverse_entry(entry_id: UUID, *, kind: str, description: str, effective_on: date | None = None) -> Posted:
    """Post the opposite of an entry, linked to it, effective today unless said otherwise. An entry is reversed once
    (ALREADY_REVERSED)."""
    async with unit_of_work():
        original = await JournalEntry.get_or_none(id=entry_id)
        if original is None:
            raise EntryNotFound("there is no such journal entry")
        if await JournalEntry.filter(reverses_id=entry_id).exists():
            raise AlreadyReversed("this entry was reversed before")
        lines = [
            Line(line.account_id, Money(abs(line.amount_minor), line.currency), line.amount_minor < 0)
            for line in await JournalLine.filter(entry_id=entry_id).order_by("line_no")
        ]
        reference = None
        if original.reference_kind is not None and original.reference_id is not None:
            reference = Reference(original.reference_kind, original.reference_id)
        return await post_entry(
            kind=kind,
            description=description,
            lines=lines,
            reference=reference,
            effective_on=effective_on,
            reverses_id=entry_id,
            branch_id=original.branch_id,
        )


def require_balanced(lines: Sequence[Line]) -> None:
    """Refuse lines that make no entry (UNBALANCED_ENTRY), saying what is off."""
    if not 2 <= len(lines) <= MAX_LINES:
        raise UnbalancedEntry(f"an entry has 2 to {MAX_LINES} lines with amounts")
    sums: dict[str, int] = {}
    for line in lines:
        if line.amount.amount_minor < 0:
            raise UnbalancedEntry("a line's amount is positive; its side says whether it is a debit or a credit")
        sums[line.amount.currency] = sums.get(line.amount.currency, 0) + line.signed_minor
    for currency, difference in sums.items():
        if difference:
            raise UnbalancedEntry(f"debits and credits differ by {Money(abs(difference), currency)}")


@contextmanager
def _refusals(lines: Sequence[Line]) -> Iterator[None]:
    """Turn what the database refuses into words for the caller."""
    try:
        yield
    except asyncpg.UniqueViolationError as error:
        if error.constraint_name == "journal_entry_reversed_once":
            raise AlreadyReversed("this entry was reversed before") from None
        raise
    except asyncpg.PostgresError as error:
        match error.sqlstate:
            case "DL001":
                facts = json.loads(error.detail or "{}")
                currency = next(line.amount.currency for line in lines if str(line.account_id) == facts["account_id"])
                available, needed = Money(facts["available_minor"], currency), Money(facts["needed_minor"], currency)
                raise InsufficientFunds(available, needed) from None
            case "DL002":
                raise UnbalancedEntry(str(error)) from None
            case "DL004":
                raise AccountNotFound("a line names an account that does not exist in its currency") from None
            case "DL006":
                raise PeriodClosed(str(error)) from None
            case _:
                raise
