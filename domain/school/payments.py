"""A school fee as something that is paid for from outside: what is due of it, what came so, and what was taken back.

Any amount is taken, for what exceeds the fee is the family's credit; but of a loan no more than is owed. A fee that was
deleted takes nothing, so that a person looks at money that came for it all the same. Guardians pay for their wards, and
staff who collect for anybody of the campus.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from domain.identity.actor import SYSTEM, Actor
from domain.identity.models import Branch
from domain.identity.permissions import Permission
from domain.kit import clock
from domain.kit.database import fetch
from domain.kit.errors import InvalidAmount
from domain.kit.money import Money
from domain.kit.unit_of_work import Work, retried, unit_of_work
from domain.payments.purposes import Due, PaidFor, PurposeKind, book_on_its_day, near, register_purpose, require_collector
from domain.payments.rules.references import bare
from domain.payments.states import Purpose
from domain.school.access import is_ward
from domain.school.errors import FeeDeleted, FeeMoneyUndone
from domain.school.fee_access import fee_of
from domain.school.fees.locking import LOCK_SEVERAL, Desk, locked_fee
from domain.school.fees.money import Taken
from domain.school.fees.settling import settle
from domain.school.models import FeePayment, SchoolFee
from domain.school.queries.fees import lines_of
from domain.school.rules.figures import total
from domain.school.states import FeeChange, FeePaymentKind, FeePaymentMethod

SCHOOL: Final = "The school"
TAKEN_BACK: Final = "the payment was taken back"

_NUMBER: Final = re.compile(r"FEE(\d{1,18})", re.ASCII)

# How the students of some fees ($1) are called, and who answers for them first.
FAMILIES: Final = """
select f.id, s.full_name as student, u.id as guardian_id, u.name as guardian
from school_fee f
join student s on s.id = f.student_id
left join student_guardian g on g.student_id = s.id and g.is_primary
left join app_user u on u.id = g.user_id
where f.id = any ($1)
"""

# Fees in a currency of which about an amount is owed, the nearest to it ($4) first.
OWED_NEAR: Final = """
select id from school_fee
where status in ('UNPAID', 'PARTIALLY_PAID') and currency = $1 and arrears_minor between $2 and $3
order by abs(arrears_minor - $4), due_on, id limit $5
"""


async def due(actor: Actor, fee_id: UUID) -> Due:
    """Who pays is the guardian who asks, or the first one of the student. Refuses with FEE_NOT_FOUND, FEE_DELETED and
    FORBIDDEN."""
    fee = await fee_of(actor, fee_id, field=("input", "targetId"))
    guardian = await is_ward(actor, fee.student_id)
    if not guardian:
        require_collector(actor, fee.branch_id)
    if fee.void:
        raise FeeDeleted(fee.number)
    [found] = await _dues([fee], payer=actor if guardian else None)
    return found


async def due_by_reference(reference: str) -> Due | None:
    named = _NUMBER.fullmatch(bare(reference))
    fee = await SchoolFee.get_or_none(serial=int(named[1]), voided_at__isnull=True) if named else None
    return None if fee is None else (await _dues([fee]))[0]


async def candidates(amount: Money, limit: int) -> list[Due]:
    rows = await fetch(OWED_NEAR, amount.currency, *near(amount), amount.amount_minor, limit)
    fees = {fee.id: fee for fee in await SchoolFee.filter(id__in=[row["id"] for row in rows])}
    return await _dues([fees[row["id"]] for row in rows])


async def _dues(fees: Sequence[SchoolFee], *, payer: Actor | None = None) -> list[Due]:
    families = {row["id"]: row for row in await fetch(FAMILIES, [fee.id for fee in fees])}
    campuses = [fee.branch_id for fee in fees if fee.branch_id is not None]
    branches = {branch.id: branch.name for branch in await Branch.filter(id__in=campuses)}
    owed = await _owed(fees)
    dues = []
    for fee in fees:
        family = families[fee.id]
        client_id = family["guardian_id"] if payer is None else payer.id
        client_name = family["guardian"] if payer is None else payer.name
        dues.append(
            Due(
                purpose=Purpose.SCHOOL_FEE,
                target_id=fee.id,
                title=f"School fee {fee.number}, {family['student']}",
                amount=owed[fee.id] or None,
                most_by_loan=fee.figures.outstanding,
                currency=fee.currency,
                client_id=client_id,
                client_name=client_name or family["student"],
                payee_id=None,
                payee_name=SCHOOL if fee.branch_id is None else branches[fee.branch_id],
                branch_id=fee.branch_id,
                account_reference=fee.number,
            )
        )
    return dues


async def _owed(fees: Sequence[SchoolFee]) -> Mapping[UUID, Money]:
    """What ought to be paid by now of each fee; where nothing ought, all that is still to be paid."""
    lines, today = await lines_of([fee.id for fee in fees]), clock.today()
    found = {}
    for fee in fees:
        now = total((line.unpaid for line in lines.get(fee.id, ()) if line.due_on <= today), fee.currency)
        found[fee.id] = now or fee.figures.outstanding
    return found


@retried
async def apply(paid: PaidFor) -> UUID:
    """Book what came on the day on which it was paid; today when the books of that day are closed."""
    return await book_on_its_day(paid, _receive)


async def _receive(work: Work, paid: PaidFor, at: datetime) -> UUID:
    desk = await _locked(work, paid.target_id)
    if paid.by_loan and paid.amount > desk.fee.figures.outstanding:
        # What is beyond a fee goes back to the family, who would have the money of the loan in hand by that.
        raise InvalidAmount(f"a loan pays what is owed: {desk.fee.figures.outstanding}", field=("input", "amount"))
    taken = Taken(
        amount=paid.amount,
        method=FeePaymentMethod.LOAN if paid.by_loan else FeePaymentMethod.MPESA,
        payer_id=paid.client_id,
        reference=paid.reference,
        payment_id=None if paid.by_loan else paid.payment_id,
        fact_id=paid.payment_id if paid.by_loan else None,
    )
    settled = await settle(work, desk, FeeChange.COLLECTED, payments=[taken], on=at.date())
    assert settled.receipt is not None, "money came"
    return settled.receipt.id


@retried
async def undo(paid: PaidFor, record_id: UUID) -> None:
    """The fee has not got the money. FEE_MONEY_UNDONE, and INVALID_AMOUNT where it went back to the family since."""
    async with unit_of_work() as work:
        desk = await _locked(work, paid.target_id)
        row = await FeePayment.get_or_none(id=record_id, fee_id=desk.fee.id)
        if row is None or await FeePayment.filter(undoes_id=record_id).exists():
            raise FeeMoneyUndone("this was undone before")
        back = Taken(
            amount=-row.amount,
            method=row.method,
            kind=FeePaymentKind.CORRECTION,
            payer_id=row.payer_id,
            reference=row.reference,
            payment_id=row.payment_id,
            fact_id=row.fact_id,
            undoes_id=row.id,
            note=TAKEN_BACK,
        )
        await settle(work, desk, FeeChange.CORRECTED, payments=[back], on=clock.today(), why=TAKEN_BACK)


async def lock(work: Work, fee_ids: Sequence[UUID]) -> Sequence[UUID]:
    """The fees; what comes for them by M-Pesa, and what is beyond them, stays in accounts of the house."""
    await work.execute(LOCK_SEVERAL, fee_ids)
    return ()


async def _locked(work: Work, fee_id: UUID) -> Desk:
    return await locked_fee(work, SYSTEM, fee_id, Permission.FEES_COLLECT)


register_purpose(
    PurposeKind(
        purpose=Purpose.SCHOOL_FEE,
        title="School fee",
        due=due,
        due_by_reference=due_by_reference,
        candidates=candidates,
        apply=apply,
        undo=undo,
        lock=lock,
        numbers=_NUMBER,
        takes_loans=True,
    )
)
