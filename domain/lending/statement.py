"""What belongs to loans, seen closely: their charges, the split of their payments, and what waits for a decision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from tortoise.expressions import Q, Subquery

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit.database import fetch
from domain.kit.money import Money
from domain.lending.access import seen_by, visible_loans
from domain.lending.models import Loan, LoanCharge, LoanRequest


@dataclass(frozen=True, slots=True)
class AllocatedMoney:
    """What a movement paid of one instalment."""

    instalment_number: int
    principal: Money
    interest: Money
    fee: Money
    penalty: Money


# The parts of some movements, for those who see their loans.
_PARTS: Final = """
select a.*, t.currency from loan_allocation a join loan_transaction t on t.id = a.transaction_id
where a.transaction_id = any ($1::uuid[]) and a.loan_id = any ($2::uuid[])
order by a.instalment_number
"""


async def allocations_of(actor: Actor, transaction_ids: Sequence[UUID]) -> dict[UUID, list[AllocatedMoney]]:
    """What some movements paid of each instalment."""
    concerned = await fetch("select distinct loan_id from loan_transaction where id = any ($1::uuid[])", transaction_ids)
    seen = visible_loans(actor).filter(id__in=[row["loan_id"] for row in concerned])
    loan_ids = list(await seen.values_list("id", flat=True)) if actor.may(Permission.LOAN_READ) else []
    found: dict[UUID, list[AllocatedMoney]] = {}
    for row in await fetch(_PARTS, transaction_ids, loan_ids):
        parts = (Money(row[f"{part}_minor"], row["currency"]) for part in ("principal", "interest", "fee", "penalty"))
        found.setdefault(row["transaction_id"], []).append(AllocatedMoney(row["instalment_number"], *parts))
    return found


async def charges_by_id(actor: Actor, charge_ids: Sequence[UUID]) -> dict[UUID, LoanCharge]:
    """Several charges of loans that the actor may see."""
    if not actor.may(Permission.LOAN_READ):
        return {}
    seen = Subquery(Loan.filter(seen_by(actor)).values("id"))
    return {charge.id: charge for charge in await LoanCharge.filter(id__in=charge_ids, loan_id__in=seen)}


async def requests_of(actor: Actor, loan_ids: Sequence[UUID]) -> dict[UUID, list[LoanRequest]]:
    """What was asked for about some loans, the latest first; none for those who read loans as borrowers alone."""
    if Permission.LOAN_READ not in actor.staff_permissions:
        return {}
    seen = Subquery(Loan.filter(seen_by(actor)).values("id"))
    found: dict[UUID, list[LoanRequest]] = {}
    for request in await LoanRequest.filter(Q(loan_id__in=loan_ids) & Q(loan_id__in=seen)).order_by("-requested_at", "-id"):
        found.setdefault(request.loan_id, []).append(request)
    return found
