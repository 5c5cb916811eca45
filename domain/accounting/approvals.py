"""What the approvals centre does with vouchers: the same that posting one does when a second person posts it."""

from __future__ import annotations

from uuid import UUID

from domain.accounting.models import Voucher
from domain.accounting.service import desk
from domain.accounting.states import VoucherKind
from domain.approvals.kinds import ApprovalKind, register_kind
from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit.unit_of_work import retried, unit_of_work


def _register(kind: VoucherKind, subject: str) -> None:
    model: type[Voucher] = desk.MODELS[kind]

    @retried
    async def approve(actor: Actor, voucher_id: UUID, comment: str | None) -> Voucher:
        async with unit_of_work() as work:
            voucher = await desk.locked(actor, model, voucher_id)
            await desk.approve(work, actor, voucher, comment)
            return voucher

    @retried
    async def reject(actor: Actor, voucher_id: UUID, comment: str | None) -> Voucher:
        async with unit_of_work() as work:
            voucher = await desk.locked(actor, model, voucher_id)
            await desk.reject(work, actor, voucher, comment)
            return voucher

    register_kind(ApprovalKind(kind.value, Permission.ACCOUNTING_APPROVE, approve, reject, subject))


_register(VoucherKind.EXPENSE, "expense")
_register(VoucherKind.REVENUE, "revenue")
_register(VoucherKind.TRANSFER, "transfer")
_register(VoucherKind.JOURNAL_ENTRY, "journal_draft")
