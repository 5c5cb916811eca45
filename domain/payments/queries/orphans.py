"""Money that came of which no payment is known, and what it may be for: suggestions, which a person decides about.

Suggested are payments that are waited for, and what is owed in any of the businesses although nobody was asked to pay it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from tortoise.expressions import Subquery

from domain.identity.actor import Actor
from domain.kit.database import Record, fetch
from domain.kit.money import Money
from domain.kit.paging import Page, PageRequest, page_of
from domain.kit.reading import read, read_one
from domain.payments.access import RECONCILE
from domain.payments.errors import ReceiptNotFound, ReceiptTaken
from domain.payments.models import MpesaReceipt, Payment, PaymentCredit, SuspenseDisposal
from domain.payments.purposes import Due, candidates, near
from domain.payments.rules.orphans import MAX_SUGGESTIONS, Known, Suggestion, Why, suggest
from domain.payments.rules.phones import BadPhone, Sender, scrubbed
from domain.payments.rules.wire import receipt_of
from domain.payments.states import UNDECIDED, UNPAID, Channel

MOST_SUGGESTIONS: Final = 20
OF_LIKE_AMOUNT: Final = 200
OF_THAT_TIME: Final = 300
AROUND: Final = timedelta(days=3)
UNDATED: Final = timedelta(days=3_650)
"""What is owed was not asked for at any moment, so no nearness in time speaks for it."""

_OPEN: Final = [status.value for status in UNDECIDED | UNPAID]

# What is known of some receipts: the money, what everybody said of it together, and the discrepancy about it. Of numbers a
# whole one says most, and a hashed one (64 characters) least.
_ORPHANS: Final = """
select credit.receipt, credit.amount_minor, credit.reversed_minor, credit.net_minor, credit.currency, told.transacted_at,
       told.reference, told.sender, told.payer_name, registered.first_channel, registered.first_seen_at,
       discrepancy.id as discrepancy_id
from payment_credit credit
join mpesa_receipt registered on registered.receipt = credit.receipt
left join discrepancy on discrepancy.receipt = credit.receipt and discrepancy.type = 'ORPHAN_TRANSACTION'
     and discrepancy.payment_id is null
left join lateral (
    select min(transacted_at) as transacted_at, max(reference) as reference, max(payer_name) as payer_name,
           (array_agg(sender order by length(sender) = 64, position('*' in sender), id)
               filter (where sender is not null))[1] as sender
    from payment_evidence where receipt = credit.receipt and outcome = 'PAID'
) told on true
where credit.receipt = any ($1::text[]) and credit.payment_id is null
"""

# Payments with the telephone that was asked last.
_PAYMENTS: Final = """
select payment.id, payment.amount_minor, payment.currency, payment.reference, payment.client_name, payment.created_at,
       prompt.phone
from payment
left join lateral (select phone from payment_prompt where payment_id = payment.id order by attempt_no desc limit 1) prompt
     on true
"""

# Payments that are open, of about an amount ($1 to $2), those of about the time ($3) first; $4 at most.
_OF_LIKE_AMOUNT: Final = f"""
{_PAYMENTS}where status = any ($5::text[]) and payment.amount_minor between $1 and $2
order by abs(extract(epoch from payment.created_at - $3)), payment.id limit $4
"""

# Payments that are open, of about a time ($1 to $2), whatever their amount; $3 at most.
_OF_THAT_TIME: Final = f"""
{_PAYMENTS}where status = any ($4::text[]) and payment.created_at between $1 and $2
order by payment.created_at desc, payment.id limit $3
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrphanTransaction:
    """Money that came with a receipt, of which no payment is known. Numbers are masked."""

    receipt: str
    amount: Money
    reversed_amount: Money
    net_amount: Money
    transacted_at: datetime | None
    first_seen_at: datetime
    first_channel: Channel
    reference: str | None
    payer_name: str | None
    sender: Sender | None
    discrepancy_id: UUID | None

    @property
    def phone_masked(self) -> str | None:
        return self.sender.masked if self.sender else None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrphanSuggestion:
    """What the money may be for: a payment that is waited for, or something that is owed; and what speaks for it."""

    score: int
    reasons: Sequence[Why]
    payment: Payment | None = None
    due: Due | None = None


async def orphan_transactions(actor: Actor, page: PageRequest) -> Page[OrphanTransaction]:
    """What waits to be placed, the newest first; without what was taken back whole or taken out of suspense."""
    actor.require(RECONCILE)
    waiting = PaymentCredit.filter(payment_id=None, net_minor__gt=0).values("receipt")
    disposed = SuspenseDisposal.all().values("receipt")
    found = await page_of(
        MpesaReceipt.filter(payment_id=None, receipt__in=Subquery(waiting)).exclude(receipt__in=Subquery(disposed)),
        page.of_whole_rows,
        "-first_seen_at",
        "receipt",
    )
    orphans = await _orphans([row.receipt for row in found.rows])
    return found.showing([orphans[row.receipt] for row in found.rows])


async def orphan_suggestions(actor: Actor, receipt: str, *, limit: int = MAX_SUGGESTIONS) -> list[OrphanSuggestion]:
    """What the money of a receipt may be for, the likeliest first.

    Refuses with RECEIPT_NOT_FOUND, and RECEIPT_TAKEN when it is a payment's.
    """
    actor.require(RECONCILE)
    orphan = await _require_orphan(receipt)
    known = _known_orphan(orphan)
    dues = {f"due {due.purpose} {due.target_id}": due for due in await candidates(orphan.amount, limit=MOST_SUGGESTIONS)}
    waiting = await _waiting(known)
    found = suggest(known, [*waiting, *_known_dues(dues, known)], limit=min(limit, MOST_SUGGESTIONS))
    return await _shown(found, dues)


async def _require_orphan(receipt: str) -> OrphanTransaction:
    written = receipt_of(receipt[:20])
    registered = await read_one(MpesaReceipt.filter(receipt=written)) if written else None
    if registered is None:
        raise ReceiptNotFound(field=("receipt",))
    if registered.payment_id is not None:
        raise ReceiptTaken("the receipt is a payment's", field=("receipt",))
    found = (await _orphans([registered.receipt])).get(registered.receipt)
    if found is None:
        raise ReceiptNotFound(field=("receipt",))
    return found


async def _orphans(receipts: Sequence[str]) -> dict[str, OrphanTransaction]:
    return {row["receipt"]: _orphan(row) for row in await fetch(_ORPHANS, receipts)}


def _orphan(row: Record) -> OrphanTransaction:
    currency = row["currency"]
    return OrphanTransaction(
        receipt=row["receipt"],
        amount=Money(row["amount_minor"], currency),
        reversed_amount=Money(row["reversed_minor"], currency),
        net_amount=Money(row["net_minor"], currency),
        transacted_at=row["transacted_at"],
        first_seen_at=row["first_seen_at"],
        first_channel=Channel(row["first_channel"]),
        reference=_masked(row["reference"]),
        payer_name=_masked(row["payer_name"]),
        sender=_sender(row["sender"]),
        discrepancy_id=row["discrepancy_id"],
    )


def _masked(text: str | None) -> str | None:
    return scrubbed(text) if text else None


def _sender(stored: str | None) -> Sender | None:
    try:
        return Sender.read(stored) if stored else None
    except BadPhone:
        return None


def _known_orphan(orphan: OrphanTransaction) -> Known:
    return Known(
        key=orphan.receipt,
        amount=orphan.amount,
        at=orphan.transacted_at or orphan.first_seen_at,
        reference=orphan.reference or "",
        sender=orphan.sender,
        name=orphan.payer_name or "",
    )


async def _waiting(orphan: Known) -> list[Known]:
    """Payments that are open: those of about the amount, and, as amounts are mistyped too, those of about the time."""
    least, most = near(orphan.amount)
    rows = await fetch(_OF_LIKE_AMOUNT, least, most, orphan.at, OF_LIKE_AMOUNT, _OPEN)
    rows += await fetch(_OF_THAT_TIME, orphan.at - AROUND, orphan.at + AROUND, OF_THAT_TIME, _OPEN)
    return [_known_payment(row) for row in {row["id"]: row for row in rows}.values()]


def _known_payment(row: Record) -> Known:
    return Known(
        key=str(row["id"]),
        amount=Money(row["amount_minor"], row["currency"]),
        at=row["created_at"],
        reference=row["reference"],
        sender=_sender(row["phone"]),
        name=row["client_name"],
    )


def _known_dues(dues: Mapping[str, Due], orphan: Known) -> Iterable[Known]:
    for key, due in dues.items():
        yield Known(
            key=key,
            amount=due.amount or Money.zero(due.currency),
            at=orphan.at - UNDATED,
            reference=due.account_reference,
            name=due.client_name,
        )


async def _shown(found: Sequence[Suggestion], dues: Mapping[str, Due]) -> list[OrphanSuggestion]:
    keys = [UUID(each.key) for each in found if each.key not in dues]
    payments = {row.id: row for row in await read(Payment.filter(id__in=keys))}
    return [
        OrphanSuggestion(
            score=each.score,
            reasons=each.reasons,
            payment=None if each.key in dues else payments[UUID(each.key)],
            due=dues.get(each.key),
        )
        for each in found
    ]
