"""Asking for a second pair of eyes: the requests that vouchers leave in the approvals centre, and take out again."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from domain.accounting.models import Voucher
from domain.accounting.states import VoucherKind
from domain.approvals.models import ApprovalStatus
from domain.approvals.service import close_approval, open_approval
from domain.identity.actor import Actor
from domain.kit.money import Money
from domain.kit.unit_of_work import Work

_TITLES: Final = {
    VoucherKind.EXPENSE: "Expense",
    VoucherKind.REVENUE: "Revenue",
    VoucherKind.TRANSFER: "Transfer",
    VoucherKind.JOURNAL_ENTRY: "Journal entry",
}


async def ask_second(work: Work, voucher: Voucher, amount: Money, *, requested_by: UUID) -> None:
    """Ask somebody else to approve a voucher."""
    await open_approval(
        work,
        voucher.kind.value,
        subject_id=voucher.id,
        title=f"{_TITLES[voucher.kind]} {voucher.number}: {voucher.description}",
        requested_by=requested_by,
        amount=amount,
        branch_id=voucher.branch_id,
    )


async def end_request(
    work: Work, voucher: Voucher, outcome: ApprovalStatus, actor: Actor, comment: str | None = None
) -> None:
    """Somebody has decided, or nobody has to any more."""
    await close_approval(work, voucher.kind.value, voucher.id, outcome=outcome, decided_by=actor.id, comment=comment)
