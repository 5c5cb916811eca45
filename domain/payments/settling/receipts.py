"""Whose a receipt is: the payment's that named it first, for good.

All receipts that a batch names are registered in one order, so that of two batches which name the same one waits for the
other, and never in a circle. A receipt that was nobody's so far brings along what is known of it: claims, and its money in
suspense.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Final
from uuid import UUID

from domain.kit import clock
from domain.kit.database import Record
from domain.kit.unit_of_work import Work
from domain.payments.settling.cases import Dossier
from domain.payments.settling.columns import columns
from domain.payments.settling.deciding import paid_receipts

REGISTER: Final = """
insert into mpesa_receipt (receipt, payment_id, first_channel, first_seen_at)
select receipt, payment_id, channel, seen_at
from unnest($1::text[], $2::uuid[], $3::text[], $4::timestamptz[]) as r (receipt, payment_id, channel, seen_at)
order by receipt
on conflict (receipt) do nothing
returning receipt
"""

LOCK_FREE: Final = """
select receipt from mpesa_receipt where receipt = any($1::text[]) and payment_id is null order by receipt
for no key update
"""

CLAIM: Final = """
update mpesa_receipt r set payment_id = c.payment_id from unnest($1::text[], $2::uuid[]) as c (receipt, payment_id)
where r.receipt = c.receipt
"""

OWNERS: Final = "select receipt, payment_id from mpesa_receipt where receipt = any($1::text[])"

# What was said of receipts while they were nobody's: that they were paid, or failed, or taken back.
ADOPT_EVIDENCE: Final = """
update payment_evidence e set payment_id = c.payment_id
from (
    select e.id, c.payment_id from unnest($1::text[], $2::uuid[]) as c (receipt, payment_id)
    join payment_evidence e on e.receipt = c.receipt and e.outcome <> 'REVERSED'
    where e.payment_id is null
    union
    select e.id, c.payment_id from unnest($1::text[], $2::uuid[]) as c (receipt, payment_id)
    join payment_evidence e on e.reverses = c.receipt
    where e.payment_id is null
) c
where e.id = c.id
returning e.*
"""

ADOPT_CREDITS: Final = """
update payment_credit k set payment_id = c.payment_id, updated_at = $3
from unnest($1::text[], $2::uuid[]) as c (receipt, payment_id)
where k.receipt = c.receipt and k.payment_id is null
returning k.*
"""

ADOPT_MESSAGES: Final = """
update mpesa_message m set payment_id = c.payment_id from unnest($1::uuid[], $2::uuid[]) as c (id, payment_id)
where m.id = c.id and m.payment_id is null
"""

ADOPT_ROWS: Final = """
update statement_row s set payment_id = c.payment_id, state = 'MATCHED'
from unnest($1::uuid[], $2::uuid[]) as c (id, payment_id)
where s.id = c.id and s.state = 'ORPHAN'
"""

# The first that was said of receipts without a payment: that they were paid, or taken back.
FIRST_CLAIMS: Final = """
select distinct on (receipt) receipt, channel, received_at
from (
    select receipt, channel, received_at, id from payment_evidence
    where receipt = any($1::text[]) and outcome = 'PAID' and payment_id is null
    union all
    select reverses, channel, received_at, id from payment_evidence
    where reverses = any($1::text[]) and payment_id is null
) e
order by receipt, id
"""


async def register_receipts(work: Work, dossiers: Collection[Dossier], orphans: Collection[str] = ()) -> dict[str, UUID]:
    """Make each receipt that is told of as paid its payment's, or know whose it is.

    ``orphans`` are receipts of which no payment is known; they are registered and locked along with the others, to keep the
    one order. Answers which receipts have become payments' just now.
    """
    wanted = _wanted(dossiers)
    told: dict[str, tuple[UUID | None, Record]] = {}
    if orphans:
        told |= {row["receipt"]: (None, row) for row in await work.fetch(FIRST_CLAIMS, list(orphans))}
    told |= wanted
    if not told:
        return {}
    rows = [(receipt, payment_id, row["channel"], row["received_at"]) for receipt, (payment_id, row) in told.items()]
    new = {row["receipt"] for row in await work.fetch(REGISTER, *columns(rows))}
    owners = {receipt: payment_id for receipt, (payment_id, _) in wanted.items() if receipt in new}
    known = told.keys() - new
    free = {row["receipt"] for row in await work.fetch(LOCK_FREE, list(known))} if known else set()
    claimed = {receipt: wanted[receipt][0] for receipt in free if receipt in wanted}
    if claimed:
        await work.execute(CLAIM, list(claimed), list(claimed.values()))
    others = wanted.keys() - owners.keys() - claimed.keys()
    taken = {row["receipt"]: row["payment_id"] for row in await work.fetch(OWNERS, list(others))} if others else {}
    _say_what_is_elsewhere(dossiers, owners | claimed | taken)
    return owners | claimed


async def adopt(work: Work, dossiers: Collection[Dossier], receipts: Mapping[str, UUID]) -> set[str]:
    """Bring along to payments what there is of their new receipts; answers those whose money was in suspense till now."""
    if not receipts:
        return set()
    by_id = {dossier.id: dossier for dossier in dossiers}
    claims, credits = await bring_along(work, receipts)
    for row in claims:
        by_id[row["payment_id"]].evidence.append(row)
    for row in credits:
        by_id[row["payment_id"]].credits.append(row)
    return {row["receipt"] for row in credits}


async def bring_along(work: Work, receipts: Mapping[str, UUID]) -> tuple[list[Record], list[Record]]:
    """Make what was said of receipts while they were nobody's their payments', and their money: claims and credits."""
    pairs = list(receipts), list(receipts.values())
    claims = await work.fetch(ADOPT_EVIDENCE, *pairs)
    if not claims:
        return [], []
    await _say_whose(work, ADOPT_MESSAGES, ((row["message_id"], row["payment_id"]) for row in claims))
    await _say_whose(work, ADOPT_ROWS, ((row["statement_row_id"], row["payment_id"]) for row in claims))
    return claims, await work.fetch(ADOPT_CREDITS, *pairs, clock.now())


def _wanted(dossiers: Iterable[Dossier]) -> dict[str, tuple[UUID, Record]]:
    """Which payments receipts are told of that are not theirs yet: of two who want the same, the one that was told first."""
    wanted: dict[str, tuple[UUID, Record]] = {}
    for dossier in dossiers:
        ours = {credit["receipt"] for credit in dossier.credits}
        for receipt, row in paid_receipts(dossier).items():
            if receipt not in ours and (receipt not in wanted or row["id"] < wanted[receipt][1]["id"]):
                wanted[receipt] = dossier.id, row
    return wanted


def _say_what_is_elsewhere(dossiers: Iterable[Dossier], owners: Mapping[str, UUID | None]) -> None:
    for dossier in dossiers:
        told = paid_receipts(dossier)
        dossier.elsewhere = {receipt for receipt in told if owners.get(receipt, dossier.id) != dossier.id}


async def _say_whose(work: Work, statement: str, pairs: Iterable[tuple[UUID | None, UUID]]) -> None:
    told = [pair for pair in pairs if pair[0] is not None]
    if told:
        await work.execute(statement, *columns(told))
