"""Payments and their money are written as they were decided, and the books follow: a statement for each table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from domain.kit.database import Record
from domain.kit.ids import new_id
from domain.kit.unit_of_work import Work
from domain.ledger.service import NewEntry, post_entries
from domain.payments import accounts
from domain.payments.rules.matching import Decision
from domain.payments.rules.receipts import Credit
from domain.payments.rules.results import meaning_of
from domain.payments.settling.cases import Decided, belonging
from domain.payments.settling.columns import columns
from domain.payments.settling.deciding import credit_of
from domain.payments.states import UNPAID, PaymentStatus

UPDATE_PAYMENTS: Final = """
update payment p
set status = n.status, status_at = case when n.status = p.status then p.status_at else $8 end,
    status_reason = n.status_reason, purpose_minor = n.purpose, suspense_minor = n.suspense,
    transaction_id = n.transaction_id, paid_at = n.paid_at, updated_at = $8, version = p.version + 1
from unnest($1::uuid[], $2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::text[], $7::timestamptz[])
     as n (id, status, status_reason, purpose, suspense, transaction_id, paid_at)
where p.id = n.id
returning p.*
"""

DELETE_CREDITS: Final = "delete from payment_credit where id = any($1::uuid[])"

UPDATE_CREDITS: Final = """
update payment_credit k
set receipt = n.receipt, amount_minor = n.amount, reversed_minor = n.reversed, currency = n.currency,
    destination = n.destination, updated_at = $7
from unnest($1::uuid[], $2::text[], $3::bigint[], $4::bigint[], $5::text[], $6::text[])
     as n (id, receipt, amount, reversed, currency, destination)
where k.id = n.id
"""

INSERT_CREDITS: Final = """
insert into payment_credit (id, payment_id, receipt, amount_minor, reversed_minor, currency, destination, created_at,
                            updated_at)
select id, payment_id, receipt, amount, reversed, currency, destination, $8, $8
from unnest($1::uuid[], $2::uuid[], $3::text[], $4::bigint[], $5::bigint[], $6::text[], $7::text[])
     as k (id, payment_id, receipt, amount, reversed, currency, destination)
"""

_REASONS: Final = {
    PaymentStatus.FAILED: "M-Pesa says that it failed",
    PaymentStatus.CANCELLED: "the payer cancelled",
    PaymentStatus.EXPIRED: "it was not paid in time",
}
"""In words for the payer, where nobody has said it better."""


async def write_payments(work: Work, decided: Sequence[Decided], now: datetime) -> dict[UUID, Record]:
    """The rows of the payments as they are now."""
    rows = {each.dossier.id: each.dossier.payment for each in decided}
    news = [_payment(each) for each in decided if each.is_news]
    if news:
        rows |= {row["id"]: row for row in await work.fetch(UPDATE_PAYMENTS, *columns(news), now)}
    return rows


def _payment(each: Decided) -> tuple[Any, ...]:
    status, was = each.decision.status, each.dossier.payment
    reason = was["status_reason"] or _reason(each.decision) if status in UNPAID else None
    money = each.purpose.amount_minor, each.suspense.amount_minor
    return each.dossier.id, status.value, reason, *money, each.transaction_id, each.paid_at


def _reason(decision: Decision) -> str:
    """What the provider's code says, or else the status alone."""
    code = decision.result_code
    return (None if code is None else meaning_of(code)) or _REASONS[decision.status]


class Credits:
    """Changes of what came for payments, and of money without one, gathered to be written together."""

    def __init__(self) -> None:
        self._new: list[tuple[Any, ...]] = []
        self._changed: list[tuple[Any, ...]] = []
        self._gone: list[UUID] = []

    def bring(self, booked: Sequence[Record], now: Sequence[Credit], payment_id: UUID | None) -> None:
        """From what is booked to what ought to be. A receipt that became known takes over what was booked without one."""
        rows = {row["receipt"]: row for row in booked}
        unnamed = rows.pop(None, None)
        heir = next((credit.receipt for credit in now if credit.receipt not in rows), None)
        if unnamed is not None and any(credit.receipt is None for credit in now):
            rows[None] = unnamed
        elif unnamed is not None and heir is not None:
            rows[heir] = unnamed
        elif unnamed is not None:
            self._gone.append(unnamed["id"])
        for credit in now:
            self._bring_one(rows.get(credit.receipt), credit, payment_id)

    def _bring_one(self, row: Record | None, credit: Credit, payment_id: UUID | None) -> None:
        values = (
            credit.receipt,
            credit.amount.amount_minor,
            credit.reversed.amount_minor,
            credit.amount.currency,
            credit.destination.value,
        )
        if row is None:
            self._new.append((new_id(), payment_id, *values))
        elif credit_of(row) != credit:
            self._changed.append((row["id"], *values))

    async def write(self, work: Work, now: datetime) -> None:
        if self._gone:
            await work.execute(DELETE_CREDITS, self._gone)
        if self._changed:
            await work.execute(UPDATE_CREDITS, *columns(self._changed), now)
        if self._new:
            await work.execute(INSERT_CREDITS, *columns(self._new), now)


async def write_credits(work: Work, decided: Sequence[Decided], now: datetime) -> None:
    changes = Credits()
    for each in decided:
        changes.bring(each.dossier.credits, each.decision.credits, each.dossier.id)
    await changes.write(work, now)


async def post(decided: Sequence[Decided], now: datetime) -> None:
    """One entry for each payment whose money came, went or moved."""
    entries = []
    for each in decided:
        lines = await accounts.lines_of(each.decision.postings)
        if lines:
            row = each.dossier.payment
            entries.append(
                NewEntry(
                    kind=accounts.kind_of(each.decision.postings),
                    description=f"M-Pesa payment {row['number']}",
                    lines=lines,
                    effective_on=now.date(),
                    reference=accounts.of_payment(each.dossier.id),
                    branch_id=row["branch_id"],
                    correlation_id=belonging(row),
                )
            )
    await post_entries(entries)
