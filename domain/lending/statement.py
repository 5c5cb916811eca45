"""What belongs to loans, seen closely: their charges, the split of their payments, and what waits for a decision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from tortoise.expressions import Q

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit.database import fetch
from domain.kit.money import Money
from domain.kit.reading import rows_by_id, rows_of
from domain.lending.access import of_seen_loans, visible_loans
from domain.lending.models import LoanCharge, LoanRequest


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


charges_by_id = rows_by_id(LoanCharge, of_seen_loans, permission=Permission.LOAN_READ)
"""Several charges of loans that the actor may see."""


def _seen_requests(actor: Actor) -> Q | None:
    """None for those who read loans as borrowers alone."""
    return of_seen_loans(actor) if Permission.LOAN_READ in actor.staff_permissions else None


requests_of = rows_of(LoanRequest, "loan_id", _seen_requests, order=("-requested_at", "-id"))
"""What was asked for about some loans, the latest first."""
