"""Matching the rows of a statement that nobody knows with payments that are open, by the house's rules.

A dry run tells what would happen and changes nothing. In earnest each match is made in a unit of work of its own, if the
row is still nobody's and the payment still open by then. By a rule that lets the amount differ, the money is taken as it
came: whoever made the rule has said so. One receipt belongs to one payment, so a row that would pay several is only told.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit.database import fetch
from domain.kit.unit_of_work import retried, unit_of_work
from domain.payments.errors import ReceiptTaken, StatementImportNotFound
from domain.payments.models import MatchRule, Payment, StatementImport, StatementRow
from domain.payments.rules.rule_book import match_in_order, reach_s
from domain.payments.rules.rule_matching import Item, Match, Matching
from domain.payments.service.match_rules import ordered
from domain.payments.settling import Assignment, assign_receipts
from domain.payments.states import UNDECIDED, UNPAID, MatchOutcome, ReconTrigger

MAX_ROWS: Final = 300
MAX_PAYMENTS: Final = 3_000
"""So many rows and payments are compared in one go, the oldest rows first; the rest is left for the next."""

UNLIMITED_S: Final = 31 * 86_400
"""Rules that do not ask for the time look at payments of a month before and after."""

OPEN: Final = tuple(sorted(UNDECIDED | UNPAID))

# Rows of an import ($1) of which all money still waits for somebody to say what it is for, whatever was said of it since.
_ORPHANS: Final = """
select orphan.id from statement_row orphan join payment_credit credit on credit.receipt = orphan.receipt
where orphan.import_id = $1 and orphan.state = 'ORPHAN' and orphan.kind = 'PAYMENT_IN' and orphan.outcome = 'PAID'
  and credit.payment_id is null and credit.reversed_minor = 0
  and not exists (select from suspense_disposal disposed where disposed.receipt = orphan.receipt)
order by orphan.number limit $2
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundMatch:
    """Rows and payments that go together, by which rule, and what became of it."""

    rule: str
    rows: Sequence[StatementRow]
    payments: Sequence[Payment]
    outcome: MatchOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchRun:
    """What came of matching a statement. ``rows_left`` were too many to be looked at in one go."""

    statement_import: StatementImport
    dry_run: bool
    matches: Sequence[FoundMatch]
    ambiguous_rows: Sequence[StatementRow]
    unmatched_rows: int
    rows_left: bool


async def match_statement(actor: Actor, *, import_id: UUID, dry_run: bool) -> MatchRun:
    """Match what an import left over, or only tell how it would be. Refuses with STATEMENT_IMPORT_NOT_FOUND."""
    actor.require(Permission.PAYMENTS_RECONCILE)
    found = await StatementImport.get_or_none(id=import_id)
    if found is None:
        raise StatementImportNotFound
    rules = [ordered(rule) for rule in await MatchRule.filter(is_active=True).order_by("position", "id")]
    rows, rows_left = await _rows(import_id)
    payments = await _payments(rows, reach_s(rules, unlimited_s=UNLIMITED_S)) if rules and rows else []
    # Selections out of many candidates take a while; everybody else goes on meanwhile.
    matching = await asyncio.to_thread(match_in_order, [_row_item(row) for row in rows], _payment_items(payments), rules)
    return await _answer(actor, found, matching, rows, payments, dry_run=dry_run, rows_left=rows_left)


async def _rows(import_id: UUID) -> tuple[list[StatementRow], bool]:
    ids = [row["id"] for row in await fetch(_ORPHANS, import_id, MAX_ROWS + 1)]
    rows = await StatementRow.filter(id__in=ids[:MAX_ROWS]).order_by("number")
    return rows, len(ids) > MAX_ROWS


async def _payments(rows: Sequence[StatementRow], within_s: int) -> list[Payment]:
    """What is open about the time of the rows, the newest first."""
    reach = timedelta(seconds=within_s)
    first, last = min(row.completed_at for row in rows), max(row.completed_at for row in rows)
    return (
        await Payment.filter(status__in=OPEN, created_at__gte=first - reach, created_at__lte=last + reach)
        .order_by("-created_at", "-id")
        .limit(MAX_PAYMENTS)
    )


def _row_item(row: StatementRow) -> Item:
    return Item(
        key=str(row.id),
        amount=row.amount,
        at=row.completed_at,
        reference=row.reference or "",
        description=row.details,
    )


def _payment_items(payments: Sequence[Payment]) -> list[Item]:
    return [
        Item(
            key=str(payment.id),
            amount=payment.amount,
            at=payment.created_at,
            reference=payment.reference,
            description=payment.title,
        )
        for payment in payments
    ]


async def _answer(
    actor: Actor,
    found: StatementImport,
    matching: Matching,
    rows: Sequence[StatementRow],
    payments: Sequence[Payment],
    *,
    dry_run: bool,
    rows_left: bool,
) -> MatchRun:
    row_of, payment_of = {str(row.id): row for row in rows}, {str(payment.id): payment for payment in payments}
    matches = []
    for match in matching.matches:
        told_rows = [row_of[key] for key in match.rows]
        told_payments = [payment_of[key] for key in match.payments]
        outcome = _outcome_of(match) if dry_run else await _make(actor, match, told_rows, told_payments)
        matches.append(FoundMatch(rule=match.rule, rows=told_rows, payments=told_payments, outcome=outcome))
    if not dry_run:
        await _refresh(matches)
    return MatchRun(
        statement_import=await StatementImport.get(id=found.id),
        dry_run=dry_run,
        matches=matches,
        ambiguous_rows=[row_of[key] for key in matching.ambiguous_rows],
        unmatched_rows=len(matching.unmatched_rows),
        rows_left=rows_left,
    )


def _outcome_of(match: Match) -> MatchOutcome:
    """What will become of a match, if nothing happens in between."""
    return MatchOutcome.POSSIBLE if len(match.payments) == 1 else MatchOutcome.FOR_A_PERSON


async def _make(actor: Actor, match: Match, rows: Sequence[StatementRow], payments: Sequence[Payment]) -> MatchOutcome:
    if len(payments) != 1:
        return MatchOutcome.FOR_A_PERSON
    return await _assign(actor, rows, payments[0])


async def _assign(actor: Actor, rows: Sequence[StatementRow], payment: Payment) -> MatchOutcome:
    """Give the money of the rows to the payment, unless one of them has changed since they were compared."""
    receipts = sorted({row.receipt for row in rows})
    as_it_came = len(receipts) > 1 or rows[0].amount != payment.amount
    wanted = [Assignment(receipt=receipt, payment_id=payment.id, accept=as_it_came) for receipt in receipts]
    try:
        await _assign_if_open(actor, payment.id, wanted)
    except (ReceiptTaken, _Ended):
        return MatchOutcome.CHANGED_MEANWHILE
    return MatchOutcome.ASSIGNED


class _Ended(Exception):
    """The payment waits for no money any more."""


@retried
async def _assign_if_open(actor: Actor, payment_id: UUID, wanted: Sequence[Assignment]) -> None:
    async with unit_of_work() as work:
        locked = await Payment.select_for_update(no_key=True).get(id=payment_id)
        if locked.status not in OPEN:
            raise _Ended
        await assign_receipts(work, wanted, trigger=ReconTrigger.MANUAL, requested_by=actor.id)


async def _refresh(matches: Sequence[FoundMatch]) -> None:
    """Rows and payments as they stand after it."""
    for match in matches:
        if match.outcome is MatchOutcome.ASSIGNED:
            for row in (*match.rows, *match.payments):
                await row.refresh_from_db()
