"""Payments of which something does not agree, and people who deal with that."""

from __future__ import annotations

from typing import Any

import pytest

from domain.identity.permissions import Role
from domain.kit import clock
from domain.kit.errors import DomainError
from domain.payments.models import Discrepancy
from domain.payments.service.discrepancies import (
    resolve_discrepancy,
)
from domain.payments.states import (
    DiscrepancyType,
    Resolution,
)
from tests.domain.payments.rules.factory import LATER, OTHER, RECEIPT, SOON, callback, confirmation, kes
from tests.domain.payments.settling.factory import Made, a_payment, told, told_of_nobody
from tests.support.happenings import nothing_happens
from tests.support.people import somebody

ADMIN = somebody(Role.ADMIN, name="Grace Njeri")


async def the(kind: DiscrepancyType, made: Made | None = None, receipt: str | None = None) -> Discrepancy:
    found = Discrepancy.filter(type=kind, payment_id=made and made.id)
    return await (found if receipt is None else found.filter(receipt=receipt)).get()


async def resolved(row: Discrepancy, resolution: Resolution, **how: Any) -> Discrepancy:
    with clock.clock_set_to(LATER):
        return await resolve_discrepancy(
            ADMIN, discrepancy_id=row.id, resolution=resolution, **({"note": "as agreed with the client"} | how)
        )


async def refused(
    row: Discrepancy, resolution: Resolution, refusal: type[DomainError], match: str | None = None, **how: Any
) -> None:
    async with nothing_happens():
        with pytest.raises(refusal, match=match):
            await resolved(row, resolution, **how)
    now = await Discrepancy.get(id=row.id)
    assert (now.status, now.version) == (row.status, row.version)


async def paid_short(receipt: str = RECEIPT) -> tuple[Made, Discrepancy]:
    """2,499 came where 2,500 were asked for."""
    made = await a_payment()
    await told(made, callback(amount=kes(2_499), receipt=receipt), at=SOON)
    return made, await the(DiscrepancyType.AMOUNT_MISMATCH, made)


async def nobodys(amount: int = 2_500) -> Discrepancy:
    await told_of_nobody(confirmation(amount=kes(amount)), at=SOON)
    return await the(DiscrepancyType.ORPHAN_TRANSACTION)


async def orphan_beside() -> Discrepancy:
    """1,000 came with another receipt, and nobody knows whose it is."""
    await told_of_nobody(confirmation(receipt=OTHER, amount=kes(1_000)), at=SOON)
    return await the(DiscrepancyType.ORPHAN_TRANSACTION)
