"""Money that came and of which no payment is known: it waits in suspense until somebody says whose it is."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final
from uuid import UUID

import asyncpg

from domain.kit import clock
from domain.kit.database import Record
from domain.kit.money import Money
from domain.kit.unit_of_work import Work
from domain.ledger.service import NewEntry, post_entries
from domain.payments import accounts
from domain.payments.provider import CURRENCY
from domain.payments.rules.issues import Issue, issue, orphan
from domain.payments.rules.receipts import Credit, Intent, credits, postings, received
from domain.payments.settling.deciding import claim_of, credit_of
from domain.payments.settling.disagreeing import READ_OF_RECEIPTS, Subject, Told, keep_discrepancies
from domain.payments.settling.receipts import register_receipts
from domain.payments.settling.telling import tell_of_discrepancies
from domain.payments.settling.writing import Credits
from domain.payments.states import DiscrepancyType, PaymentStatus, Resolution

LOCK: Final = (
    "select receipt, payment_id from mpesa_receipt where receipt = any($1::text[]) order by receipt for no key update"
)

CLAIMS: Final = """
select e.receipt as about, e.* from payment_evidence e
where e.receipt = any($1::text[]) and e.outcome <> 'REVERSED' and e.payment_id is null
union all
select e.reverses, e.* from payment_evidence e where e.reverses = any($1::text[]) and e.payment_id is null
order by id
"""

BOOKED: Final = "select * from payment_credit where receipt = any($1::text[]) and payment_id is null"

DISPOSED: Final = """
select receipt, currency, sum(amount_minor)::bigint as amount_minor from suspense_disposal
where receipt = any($1::text[]) group by receipt, currency
"""


@dataclass(slots=True)
class Orphan:
    """A receipt without a payment, locked, with all that we have of it."""

    receipt: str
    claims: list[Record] = field(default_factory=list)
    booked: list[Record] = field(default_factory=list)
    known: list[Record] = field(default_factory=list)
    disposed_minor: int = 0


async def settle_orphans(work: Work, receipts: Collection[str]) -> None:
    """Keep what came with receipts of which no payment is known in suspense, less what was taken back of it.

    What was said of them has to be there as evidence without a payment. When a receipt has become a payment's meanwhile, the
    race is lost, and whoever wants this has to look again whose it is.
    """
    if not receipts:
        return
    await register_receipts(work, [], receipts)
    orphans = await _open(work, receipts)
    now = clock.now()
    changes, entries, subjects = Credits(), [], []
    for each in orphans:
        booked = [credit_of(row) for row in each.booked]
        held = _credits(each, booked)
        changes.bring(each.booked, held, None)
        entries += await _entries(each.receipt, booked, held, now)
        subjects.append(Subject(known=each.known, issues=_issues(each, held)))
    await changes.write(work, now)
    await post_entries(entries)
    told = await keep_discrepancies(work, subjects, now)
    tell_of_discrepancies(work, told, {}, now)


async def no_longer_orphans(
    work: Work,
    receipts: Iterable[str],
    now: datetime,
    *,
    resolution: Resolution = Resolution.NO_ACTION,
    resolved_by: UUID | None = None,
) -> list[Told]:
    """That nobody knew whose these are is over."""
    named = sorted(receipts)
    if not named:
        return []
    known = await work.fetch(READ_OF_RECEIPTS, named)
    subjects = [Subject(known=[row], issues=(), resolution=resolution, resolved_by=resolved_by) for row in known]
    return await keep_discrepancies(work, subjects, now)


async def _open(work: Work, receipts: Collection[str]) -> list[Orphan]:
    """The receipts that are nobody's, locked in their order. One that nobody calls paid or taken back is none at all."""
    named = sorted(set(receipts))
    owners = {row["receipt"]: row["payment_id"] for row in await work.fetch(LOCK, named)}
    orphans = {receipt: Orphan(receipt) for receipt, payment_id in owners.items() if payment_id is None}
    for row in await work.fetch(CLAIMS, list(owners)):
        if row["about"] not in orphans:
            raise asyncpg.SerializationError(f"receipt {row['about']} has become a payment's meanwhile")
        orphans[row["about"]].claims.append(row)
    named = list(orphans)
    for row in await work.fetch(BOOKED, named):
        orphans[row["receipt"]].booked.append(row)
    for row in await work.fetch(READ_OF_RECEIPTS, named):
        orphans[row["receipt"]].known.append(row)
    for row in await work.fetch(DISPOSED, named):
        orphans[row["receipt"]].disposed_minor = row["amount_minor"]
    return list(orphans.values())


def _credits(each: Orphan, booked: Sequence[Credit]) -> tuple[Credit, ...]:
    """Nothing was asked for, so whatever came suits nothing, and is in suspense."""
    nothing = Intent(amount=Money.zero(CURRENCY), status=PaymentStatus.CREATED, booked=tuple(booked))
    return credits(nothing, received(nothing, [claim_of(row) for row in each.claims]))


async def _entries(receipt: str, booked: Sequence[Credit], held: Sequence[Credit], now: datetime) -> list[NewEntry]:
    changes = postings(booked, held)
    if not changes:
        return []
    return [
        NewEntry(
            kind=accounts.kind_of(changes),
            description=f"M-Pesa receipt {receipt}, of no payment that is known",
            lines=await accounts.lines_of(changes),
            effective_on=now.date(),
            reference=accounts.of_receipt(receipt),
        )
    ]


def _issues(each: Orphan, held: Sequence[Credit]) -> list[Issue]:
    """As long as money waits, that nobody knows whose it is; and that money was taken back which a person had placed."""
    if not held:
        return []
    credit, currency = held[0], held[0].amount.currency
    waits = credit.net - Money(each.disposed_minor, currency)
    if waits.amount_minor > 0:
        return [orphan(replace(claim_of(each.claims[0]), receipt=each.receipt, amount=waits))]
    if waits.amount_minor < 0:
        return [
            issue(
                DiscrepancyType.REVERSED,
                "money was taken back that was not in suspense any more",
                receipt=each.receipt,
                expected=credit.amount,
                received=credit.net,
            )
        ]
    return []
