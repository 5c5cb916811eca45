"""What a voucher announces of itself."""

from __future__ import annotations

from typing import Any, Final

from domain.accounting import events
from domain.accounting.models import Voucher
from domain.accounting.states import VoucherChange, VoucherKind
from domain.kit.unit_of_work import Work

_CREATED: Final = {
    VoucherKind.EXPENSE: events.ExpenseCreated,
    VoucherKind.REVENUE: events.RevenueCreated,
    VoucherKind.TRANSFER: events.TransferCreated,
    VoucherKind.JOURNAL_ENTRY: events.JournalEntryDrafted,
}
_POSTED: Final = {
    VoucherKind.EXPENSE: events.ExpensePosted,
    VoucherKind.REVENUE: events.RevenuePosted,
    VoucherKind.TRANSFER: events.TransferProcessed,
    VoucherKind.JOURNAL_ENTRY: events.JournalDraftPosted,
}


def tell_created(work: Work, voucher: Voucher) -> None:
    work.record(_CREATED[voucher.kind](**_as_it_stands(voucher)))


def tell_posted(work: Work, voucher: Voucher) -> None:
    work.record(_POSTED[voucher.kind](**_as_it_stands(voucher)))


def tell_changed(work: Work, voucher: Voucher, change: VoucherChange, comment: str = "") -> None:
    work.record(events.VoucherChanged(**_as_it_stands(voucher), change=change, comment=comment))


def _as_it_stands(voucher: Voucher) -> dict[str, Any]:
    return {
        "voucher_id": voucher.id,
        "kind": voucher.kind,
        "number": voucher.number,
        "state": voucher.state,
        "dated_on": voucher.dated_on,
        "amount": voucher.amount,
        "debit_account_id": voucher.debit_account_id,
        "credit_account_id": voucher.credit_account_id,
        "party": voucher.party,
        "description": voucher.description,
        "reference": voucher.reference,
        "branch_id": voucher.branch_id,
        "created_by": voucher.created_by,
        "entry_id": voucher.entry_id,
        "reversal_id": voucher.reversal_id,
    }
