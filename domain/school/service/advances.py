"""Money of a student that is for no fee yet: it comes before there is one, or was paid beyond one, and is used for a fee or
given back. What is unused of it is in fee credits, with what fees have beyond what is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit import clock
from domain.kit.context import current_call
from domain.kit.errors import CurrencyMismatch, InvalidAmount, InvalidInput
from domain.kit.ids import new_id
from domain.kit.money import Money
from domain.kit.unit_of_work import Work, retried, unit_of_work
from domain.ledger.chart import house_account
from domain.ledger.service import Line as EntryLine
from domain.ledger.service import post_entry
from domain.school import accounts
from domain.school.access import guardians_of
from domain.school.activities import note_activity
from domain.school.errors import (
    AdvanceTooSmall,
    FeeCreditTooSmall,
    FeeMoneyUndone,
    FeeNotFound,
    FeePaymentNotFound,
)
from domain.school.events import AdvanceChanged
from domain.school.fee_access import fee_of, locked_payer
from domain.school.fees import Desk, Settled, Taken, locked_fee, settle
from domain.school.models import FeePayment, SchoolFee, Student, StudentAdvance
from domain.school.service.counter import Way, amount_of, dated_by, day_of, note_of, require_by_hand, slip_of
from domain.school.states import FeeChange, FeePaymentKind, FeePaymentMethod
from domain.school.tariffs import INPUT

UNUSED: Final = """
select coalesce(sum(amount_minor), 0)::bigint from student_advance where student_id = $1 and currency = $2
"""


@dataclass(frozen=True, slots=True)
class AdvanceUsed:
    """What became of an advance, and of the fee that it was used for or came from."""

    advance: StudentAdvance
    settled: Settled
    unused: Money


@dataclass(frozen=True, slots=True)
class CreditMoved:
    """Credit that left one fee, and where it is now: in another, or in the student's advances."""

    source: Settled
    target: Settled | None
    advance: StudentAdvance | None


@retried
async def record_advance(
    actor: Actor, *, student_id: UUID, amount: Money, way: Way, paid_on: date | None = None
) -> StudentAdvance:
    """Write down money that came for a student before there is a fee for it, with a receipt.

    Dr where the money is   Cr fee credits. It is no income yet. Refuses with STUDENT_NOT_FOUND, INVALID_AMOUNT,
    FEE_CHANNEL_NOT_POSSIBLE, FEE_DAY_INVALID and PERIOD_CLOSED.
    """
    actor.require(Permission.FEES_COLLECT)
    amount_of(amount, amount.currency, "amount")
    on = day_of(paid_on, "paidOn")
    async with unit_of_work() as work:
        student = await locked_payer(actor, student_id, Permission.FEES_COLLECT)
        with dated_by("paidOn"):
            return await _move(work, actor, student, amount, way, on)


@retried
async def give_back_advance(actor: Actor, *, student_id: UUID, amount: Money, way: Way) -> StudentAdvance:
    """Give back what is unused of a student's advances. ADVANCE_TOO_SMALL when that is less."""
    actor.require(Permission.FEES_MANAGE)
    amount_of(amount, amount.currency, "amount")
    async with unit_of_work() as work:
        student = await locked_payer(actor, student_id, Permission.FEES_MANAGE, deleted=True)
        await _require_unused(work, student.id, amount)
        return await _move(work, actor, student, -amount, way, clock.today())


@retried
async def use_advance(
    actor: Actor, *, fee_id: UUID, amount: Money | None = None, expected_version: int | None = None
) -> AdvanceUsed:
    """Pay a fee from the student's advances: an amount, or as much as both have.

    Refuses with FEE_NOT_FOUND, FEE_DELETED, FEE_CHANGED_MEANWHILE, ADVANCE_TOO_SMALL, and INVALID_AMOUNT what is more than
    the fee's outstanding.
    """
    actor.require(Permission.FEES_COLLECT)
    async with unit_of_work() as work:
        student = await _student_of(actor, fee_id)
        desk = await locked_fee(work, actor, fee_id, Permission.FEES_COLLECT, version=expected_version)
        unused = await _unused(work, student.id, desk.fee.currency)
        outstanding = desk.fee.figures.outstanding
        asked = min(unused, outstanding) if amount is None else amount_of(amount, desk.fee.currency, "amount")
        if asked > outstanding or not outstanding:
            raise InvalidAmount(f"only {outstanding} is outstanding", field=(*INPUT, "amount"))
        if asked > unused or not unused:
            raise AdvanceTooSmall(unused)
        taken = Taken(amount=asked, method=FeePaymentMethod.ADVANCE)
        settled = await settle(work, desk, FeeChange.COLLECTED, payments=[taken], on=clock.today(), why="from advances")
        advance = await _of_payment(work, actor, student, settled.payments[0], -asked)
        return AdvanceUsed(advance, settled, unused - asked)


@retried
async def return_advance(actor: Actor, *, fee_payment_id: UUID, expected_version: int | None = None) -> AdvanceUsed:
    """Take back from a fee what it was paid from advances: it is unused again. Once (FEE_MONEY_UNDONE)."""
    actor.require(Permission.FEES_COLLECT)
    async with unit_of_work() as work:
        payment = await FeePayment.get_or_none(id=fee_payment_id, method=FeePaymentMethod.ADVANCE)
        if payment is None or payment.kind is not FeePaymentKind.PAYMENT:
            raise FeePaymentNotFound("there is no such payment from advances")
        try:
            student = await _student_of(actor, payment.fee_id)
        except FeeNotFound:
            raise FeePaymentNotFound("there is no such payment from advances") from None
        desk = await locked_fee(work, actor, payment.fee_id, Permission.FEES_COLLECT, version=expected_version)
        if await FeePayment.exists(undoes_id=payment.id):
            raise FeeMoneyUndone("this was taken back before")
        back = Taken(
            amount=-payment.amount,
            method=FeePaymentMethod.ADVANCE,
            kind=FeePaymentKind.CORRECTION,
            undoes_id=payment.id,
        )
        settled = await settle(work, desk, FeeChange.CORRECTED, payments=[back], on=clock.today(), why="back to advances")
        advance = await _of_payment(work, actor, student, settled.payments[0], payment.amount)
        return AdvanceUsed(advance, settled, await _unused(work, student.id, desk.fee.currency))


@retried
async def move_fee_credit(
    actor: Actor,
    *,
    from_fee_id: UUID,
    to_fee_id: UUID | None = None,
    amount: Money | None = None,
    expected_version: int | None = None,
) -> CreditMoved:
    """Move what was paid beyond a fee to another fee of the same student, as much as that takes; or to the student's
    advances, where no fee is named.

    Refuses with FEE_NOT_FOUND, FEE_DELETED, FEE_CHANGED_MEANWHILE, FEE_CREDIT_TOO_SMALL, CURRENCY_MISMATCH, and
    INVALID_AMOUNT what is more than the other fee's outstanding.
    """
    actor.require(Permission.FEES_COLLECT)
    if from_fee_id == to_fee_id:
        raise InvalidInput("this is the same fee", field=(*INPUT, "toFeeId"))
    async with unit_of_work() as work:
        student = await _student_of(actor, from_fee_id, field=(*INPUT, "fromFeeId"))
        source, target = await _both(work, actor, from_fee_id, to_fee_id, expected_version)
        asked = _movable(source, target, amount)
        left = await settle(work, source, FeeChange.MOVED, payments=[_moved(-asked)], on=clock.today(), why=_to(target))
        if target is None:
            advance = await _of_payment(work, actor, student, left.payments[0], asked)
            return CreditMoved(left, None, advance)
        why = f"credit of {source.fee.number}"
        come = await settle(work, target, FeeChange.MOVED, payments=[_moved(asked)], on=clock.today(), why=why)
        return CreditMoved(left, come, None)


async def _both(
    work: Work, actor: Actor, from_fee_id: UUID, to_fee_id: UUID | None, version: int | None
) -> tuple[Desk, Desk | None]:
    """Both fees under their locks, which are taken in the order of the ids."""
    desks = {}
    for fee_id in sorted(each for each in (from_fee_id, to_fee_id) if each is not None):
        wanted = version if fee_id == from_fee_id else None
        desks[fee_id] = await locked_fee(work, actor, fee_id, Permission.FEES_COLLECT, version=wanted)
    source = desks[from_fee_id]
    target = None if to_fee_id is None else desks[to_fee_id]
    if target is not None and target.fee.student_id != source.fee.student_id:
        raise FeeNotFound(field=(*INPUT, "toFeeId"))
    if target is not None and target.fee.currency != source.fee.currency:
        raise CurrencyMismatch(f"the other fee is in {target.fee.currency}", field=(*INPUT, "toFeeId"))
    return source, target


def _movable(source: Desk, target: Desk | None, amount: Money | None) -> Money:
    """How much is moved: what is asked for, or all that the one has and the other takes."""
    credit = source.fee.figures.credit
    takes = credit if target is None else target.fee.figures.outstanding
    asked = min(credit, takes) if amount is None else amount_of(amount, source.fee.currency, "amount")
    if asked > credit or not credit:
        raise FeeCreditTooSmall(credit)
    if asked > takes or not takes:
        raise InvalidAmount(f"only {takes} is outstanding of the other fee", field=(*INPUT, "amount"))
    return asked


def _moved(amount: Money) -> Taken:
    return Taken(amount=amount, method=FeePaymentMethod.ADVANCE, kind=FeePaymentKind.MOVED)


def _to(target: Desk | None) -> str:
    return "credit to advances" if target is None else f"credit to {target.fee.number}"


async def _student_of(actor: Actor, fee_id: UUID, *, field: tuple[str, ...] = (*INPUT, "feeId")) -> Student:
    """The student of a fee, with whose money nobody else deals meanwhile: it is locked before the fee."""
    fee: SchoolFee = await fee_of(actor, fee_id, field=field)
    return await locked_payer(actor, fee.student_id, Permission.FEES_COLLECT, deleted=True)


async def _unused(work: Work, student_id: UUID, currency: str) -> Money:
    return Money(await work.fetchval(UNUSED, student_id, currency), currency)


async def _require_unused(work: Work, student_id: UUID, amount: Money) -> None:
    unused = await _unused(work, student_id, amount.currency)
    if amount > unused:
        raise AdvanceTooSmall(unused)


async def _move(work: Work, actor: Actor, student: Student, amount: Money, way: Way, on: date) -> StudentAdvance:
    """Money that comes into advances, or under zero goes out of them, with the entry that moves it."""
    require_by_hand(way)
    advance_id, came = new_id(), amount.amount_minor > 0
    size = Money(abs(amount.amount_minor), amount.currency)
    money = await house_account(accounts.MONEY_AT[way.method], amount.currency)
    credits = await house_account(accounts.FEE_CREDITS, amount.currency)
    posted = await post_entry(
        kind=accounts.ADVANCE,
        description=f"Advance {'for' if came else 'given back to'} {student.full_name}",
        lines=[EntryLine(money, size, is_debit=came), EntryLine(credits, size, is_debit=not came)],
        reference=accounts.of_advance(advance_id),
        effective_on=on,
        branch_id=student.branch_id,
    )
    receipt = {"student": student.full_name, "currency": size.currency, "amount_minor": size.amount_minor}
    return await _write(
        work,
        actor,
        student,
        id=advance_id,
        amount=amount,
        method=way.method,
        reference=slip_of(way),
        note=note_of(way),
        paid_on=on,
        receipt=receipt if came else None,
        entry_id=posted.entry_id,
    )


async def _of_payment(work: Work, actor: Actor, student: Student, payment: FeePayment, amount: Money) -> StudentAdvance:
    """What a payment of a fee did to the advances: its entry has moved the money already."""
    return await _write(
        work,
        actor,
        student,
        id=new_id(),
        amount=amount,
        method=FeePaymentMethod.ADVANCE,
        paid_on=payment.paid_on,
        fee_payment_id=payment.id,
    )


async def _write(work: Work, actor: Actor, student: Student, *, amount: Money, **more: Any) -> StudentAdvance:
    advance = await StudentAdvance.create(
        student_id=student.id,
        branch_id=student.branch_id,
        currency=amount.currency,
        amount_minor=amount.amount_minor,
        account_code=accounts.MONEY_AT[more["method"]].code,
        created_by_id=actor.id,
        created_at=clock.now(),
        correlation_id=current_call().correlation_id,
        **more,
    )
    await advance.refresh_from_db(fields=["serial", "receipt_serial", "receipt_number"])
    unused = await _unused(work, student.id, amount.currency)
    work.record(
        AdvanceChanged(
            id=advance.id,
            student_id=student.id,
            branch_id=student.branch_id,
            guardian_ids=(await guardians_of([student.id]))[student.id],
            amount=amount,
            unused=unused,
            paid_on=advance.paid_on,
            receipt_number=advance.receipt_number,
            fee_payment_id=advance.fee_payment_id,
        )
    )
    await note_activity(
        work,
        actor,
        "advance_recorded" if amount.amount_minor > 0 else "advance_used",
        subject_kind="student_advance",
        subject_id=advance.id,
        student_id=student.id,
        branch_id=student.branch_id,
        title=f"Advance of {student.full_name}",
        data={"amount": amount, "unused": unused, "receipt": advance.receipt_number},
    )
    return advance
