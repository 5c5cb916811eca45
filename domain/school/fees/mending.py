"""Rows of the books that say something else than the ledger, which is the one that cannot be rewritten.

Nothing of this ever happens through the services; see :mod:`domain.school.service.repairing`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from domain.identity.actor import SYSTEM_ID, Actor
from domain.kit import clock
from domain.kit.ids import new_id
from domain.kit.unit_of_work import Work
from domain.ledger.service import reverse_entry
from domain.school import accounts
from domain.school.errors import FeeNotRepairable
from domain.school.events import FinancialTransactionChanged, TransactionFigures
from domain.school.fees.chain import CATEGORY
from domain.school.models import SchoolFee, SchoolTransaction
from domain.school.states import TransactionChange, TransactionKind

# Each entry of the chain of a fee ($1) as the ledger has it, with the entry that reverses it.
LEDGER: Final = """
select e.id, e.description, e.effective_on, e.recorded_at, e.actor_id, e.correlation_id, told.shares, told.currency,
       told.amount::bigint as amount, r.id as reversal_id, r.effective_on as reversed_on, r.recorded_at as reversed_at,
       r.actor_id as reversed_by
from journal_entry e
left join journal_entry r on r.reverses_id = e.id
left join lateral (
    select min(currency) as currency, jsonb_object_agg(code, amount) as shares, sum(amount) as amount
    from (select a.code, l.currency, -sum(l.amount_minor) as amount
          from journal_line l join ledger_account a on a.id = l.account_id
          where l.entry_id = e.id and (a.kind = 'INCOME' or a.code = '2430') group by 1, 2) line) told on true
where e.reference_kind = 'school_fee' and e.reference_id = $1 and e.reverses_id is null
order by e.number
"""


# As which row an entry ($2) of a fee ($1) was announced, if it ever was.
ANNOUNCED: Final = """
select (payload::jsonb -> 'live' ->> 'id')::uuid from (
    select payload, topics, name from event_log union all select payload, topics, name from outbox) told
where name = $3 and topics @> array['fee:' || $1::text] and payload::jsonb -> 'live' ->> 'entry_id' = $2::text limit 1
"""


async def mend_rows(work: Work, actor: Actor, fee: SchoolFee, why: str) -> int:
    """Let the rows of a locked fee say what the ledger does: one stands afterwards at most. Returns how many were mended."""
    entries = await work.fetch(LEDGER, fee.id)
    rows = {row.entry_id: row for row in await SchoolTransaction.filter(entry_id__in=[each["id"] for each in entries])}
    mended, stands = 0, False
    for entry in entries:
        row = rows.get(entry["id"])
        if row is None:
            stands = await _tell_of(work, actor, fee, entry, why, alone=not stands and not _stand(rows)) or stands
            mended += 1
        else:
            mended += await _mend(work, actor, fee, row, entry, why, alone=not stands)
            stands = stands or row.live
    return mended


def _stand(rows: Mapping[UUID, SchoolTransaction]) -> bool:
    return any(row.live for row in rows.values())


async def _mend(
    work: Work, actor: Actor, fee: SchoolFee, row: SchoolTransaction, entry: Any, why: str, *, alone: bool
) -> bool:
    """Let a row say what its entry does, and be reversed if and only if that is. Whether it was not so."""
    right = _says(row, fee, entry)
    if row.live and entry["reversal_id"] is not None:
        await _reversed_by(row, entry["reversal_id"], entry["reversed_on"], entry["reversed_by"])
    elif row.live and not alone:
        await take_off(work, actor, row, why)
    elif not row.live and entry["reversal_id"] is None:
        raise FeeNotRepairable("a row that was reversed, and its entry was not")
    elif right:
        return False
    if not right:
        row.reference, row.currency, row.fee_id = fee.number, entry["currency"], fee.id
        row.amount_minor, row.on_date, row.shares = entry["amount"], entry["effective_on"], entry["shares"]
        await row.save(update_fields=["reference", "currency", "fee_id", "amount_minor", "on_date", "shares"])
    return True


async def take_off(work: Work, actor: Actor, row: SchoolTransaction, why: str) -> None:
    """Reverse a row that stands, today; those who follow the books hear of it."""
    said = f"Taken back: {row.description}"[:300]
    posted = await reverse_entry(row.entry_id, kind=accounts.REVERSED, description=said, effective_on=clock.today())
    await _reversed_by(row, posted.entry_id, clock.today(), actor.id)
    work.record(
        FinancialTransactionChanged(
            change=TransactionChange.DELETED, reference=row.reference, live=None, ended=TransactionFigures.of(row)
        )
    )


async def _reversed_by(row: SchoolTransaction, entry_id: Any, on: Any, by: Any) -> None:
    row.reversed_by_entry_id, row.reversed_on, row.reversed_at = entry_id, on, clock.now()
    row.reversed_by_id = by or SYSTEM_ID
    await row.save(update_fields=["reversed_by_entry_id", "reversed_on", "reversed_at", "reversed_by_id"])


async def _tell_of(work: Work, actor: Actor, fee: SchoolFee, entry: Any, why: str, *, alone: bool) -> bool:
    """Write the row of an entry that none tells of; one that is not the only one is reversed. Whether it stands."""
    reversal_id, on, by = entry["reversal_id"], entry["reversed_on"], entry["reversed_by"]
    if reversal_id is None and not alone:
        posted = await reverse_entry(entry["id"], kind=accounts.REVERSED, description=f"Taken back: {why}")
        reversal_id, on, by = posted.entry_id, clock.today(), actor.id
    stands = reversal_id is None
    # What was announced under an id before stays under it, for who follows.
    announced = await work.fetchval(ANNOUNCED, str(fee.id), str(entry["id"]), FinancialTransactionChanged.name)
    row = await SchoolTransaction.create(
        id=announced or new_id(),
        reference=fee.number,
        kind=TransactionKind.INCOME,
        category=CATEGORY,
        description=entry["description"],
        currency=entry["currency"],
        amount_minor=entry["amount"],
        on_date=entry["effective_on"],
        fee_id=fee.id,
        branch_id=fee.branch_id,
        entry_id=entry["id"],
        shares=entry["shares"],
        reversed_by_entry_id=reversal_id,
        reversed_on=on,
        reversed_at=None if stands else clock.now(),
        reversed_by_id=None if stands else by or SYSTEM_ID,
        created_by_id=entry["actor_id"] or SYSTEM_ID,
        created_at=entry["recorded_at"],
        correlation_id=entry["correlation_id"],
    )
    figures = TransactionFigures.of(row)
    change = TransactionChange.CREATED if stands else TransactionChange.DELETED
    work.record(
        FinancialTransactionChanged(
            change=change,
            reference=fee.number,
            live=figures if stands else None,
            ended=None if stands else figures,
        )
    )
    return stands


def _says(row: SchoolTransaction, fee: SchoolFee, entry: Any) -> bool:
    said = (row.reference, row.fee_id, row.currency, row.amount_minor, row.on_date, dict(row.shares))
    return said == (
        fee.number,
        fee.id,
        entry["currency"],
        entry["amount"],
        entry["effective_on"],
        dict(entry["shares"]),
    )
