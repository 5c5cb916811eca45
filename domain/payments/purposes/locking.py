"""The one order in which what payments are for is locked, so that nobody waits in a circle.

Whoever moves money on several things in one unit of work locks in this order:

1. the payments, their applications and what is written of their refusals, each in the order of its ids;
2. the rows of the businesses, by the name of the purpose and then by id: a loan before the fee that it pays;
3. guarded accounts, that is wallets, all at once in the order of their ids, as a transfer between them does.

An act on one thing keeps it without a thought: a business locks its row and posts last. Bringing the money of several
payments would not: the wallet of the first would be locked before the row of the second, for which another act may stand in
line that has locked this row and wants that wallet. So all is locked here before the first of them moves.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from domain.kit.errors import DomainError
from domain.kit.unit_of_work import Work
from domain.ledger.service import lock_accounts
from domain.payments.models import Payment, PaymentApplication
from domain.payments.purposes.registry import purpose_kind
from domain.payments.states import Purpose

Brought = tuple[Payment, PaymentApplication]


async def in_order_of_locks(work: Work, found: Sequence[Brought]) -> Sequence[Brought]:
    """Lock what several payments are for. They come back by what they are for; for the same thing, in the order they had."""
    ordered = sorted(found, key=lambda each: (each[0].purpose.value, each[0].target_id))
    targets: dict[Purpose, dict[UUID, None]] = {}
    for payment, _ in ordered:
        targets.setdefault(payment.purpose, {})[payment.target_id] = None
    if sum(map(len, targets.values())) < 2:
        # Whatever comes for one thing is as good as one act on it.
        return ordered
    accounts = [account for purpose, ids in targets.items() for account in await _lock(work, purpose, list(ids))]
    if accounts:
        await lock_accounts(accounts)
    return ordered


async def _lock(work: Work, purpose: Purpose, targets: Sequence[UUID]) -> Sequence[UUID]:
    try:
        kind = purpose_kind(purpose)
    except DomainError:
        # Nothing takes such payments here; each is told so when it comes to it.
        return ()
    return await kind.lock(work, targets)
