"""What one person asks for and another decides: write-offs and new plans.

A request opens an approval on the loan. Its decision is carried out in the same unit of work, whether it was taken in the
approvals centre or beside the loan. Whoever asked can only take it back.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Final
from uuid import UUID

from domain.approvals.service import open_approval
from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit import clock
from domain.kit.ids import new_id
from domain.kit.money import Money
from domain.kit.unit_of_work import Work, retried, unit_of_work
from domain.lending.errors import MakerIsChecker, RequestNotFound, RequestPending
from domain.lending.models import LoanRequest
from domain.lending.service.acting import Act, one_line, reason_of, staff_act
from domain.lending.service.request_book import APPROVAL_OF, end_request
from domain.lending.states import LoanRequestKind, LoanRequestStatus

MAX_COMMENT: Final = 1_000

CarryOut = Callable[[Act, LoanRequest], Awaitable[UUID]]
"""Does what was asked for on the locked loan; returns the fact that it left."""


async def ask(
    act: Act, kind: LoanRequestKind, *, title: str, reason: str, plan: dict[str, Any], amount: Money | None = None
) -> LoanRequest:
    """Put a request on a locked loan before a second person. LOAN_REQUEST_PENDING while one of its kind waits."""
    loan = act.loan
    if await pending(loan.id, kind) is not None:
        raise RequestPending("a request of this kind waits for its decision")
    request = await LoanRequest.create(
        id=new_id(),
        loan_id=loan.id,
        kind=kind,
        status=LoanRequestStatus.PENDING,
        plan=plan,
        reason=reason,
        requested_by_id=act.actor.id,
        requested_at=clock.now(),
    )
    await open_approval(
        act.work,
        APPROVAL_OF[kind],
        subject_id=loan.id,
        title=title,
        requested_by=act.actor.id,
        amount=amount,
        branch_id=loan.branch_id,
    )
    return request


async def pending(loan_id: UUID, kind: LoanRequestKind) -> LoanRequest | None:
    """The request of this kind that waits, if there is one."""
    return await LoanRequest.get_or_none(loan_id=loan_id, kind=kind, status=LoanRequestStatus.PENDING)


async def approve_request(
    actor: Actor, loan_id: UUID, kind: LoanRequestKind, comment: str | None, carry_out: CarryOut
) -> LoanRequest:
    """Agree, and do it. Refuses with MAKER_IS_CHECKER, LOAN_REQUEST_NOT_FOUND and whatever the act itself refuses."""
    comment = one_line(comment or "", "comment", most=MAX_COMMENT)
    async with unit_of_work() as work:
        act, request = await _decidable(work, actor, loan_id, kind)
        act.deciding = request.id
        request.fact_id = await carry_out(act, request)
        return await _decide(act, request, LoanRequestStatus.APPROVED, comment)


@retried
async def reject_request(actor: Actor, *, loan_id: UUID, kind: LoanRequestKind, comment: str) -> LoanRequest:
    """Refuse what was asked for, and say why. Nothing of the loan changes."""
    actor.require(Permission.LOAN_APPROVE)
    comment = one_line(comment, "comment", most=MAX_COMMENT, needed=True)
    async with unit_of_work() as work:
        act, request = await _decidable(work, actor, loan_id, kind)
        return await _decide(act, request, LoanRequestStatus.REJECTED, comment)


@retried
async def withdraw_request(actor: Actor, *, loan_id: UUID, kind: LoanRequestKind, reason: str) -> LoanRequest:
    """Take a request back: whoever asked for it. Somebody else's does not exist for them."""
    actor.require(Permission.LOAN_ADJUST)
    reason = reason_of(reason)
    async with unit_of_work() as work:
        act = await staff_act(work, actor, loan_id, Permission.LOAN_ADJUST)
        request = await pending(loan_id, kind)
        if request is None or request.requested_by_id != actor.id:
            raise RequestNotFound
        return await _decide(act, request, LoanRequestStatus.WITHDRAWN, reason)


async def _decidable(work: Work, actor: Actor, loan_id: UUID, kind: LoanRequestKind) -> tuple[Act, LoanRequest]:
    act = await staff_act(work, actor, loan_id, Permission.LOAN_APPROVE)
    request = await pending(loan_id, kind)
    if request is None:
        raise RequestNotFound
    if request.requested_by_id == actor.id:
        raise MakerIsChecker("nobody decides on what they asked for themselves")
    return act, request


async def _decide(act: Act, request: LoanRequest, status: LoanRequestStatus, comment: str) -> LoanRequest:
    return await end_request(act.work, request, status, decided_by=act.actor.id, comment=comment)
