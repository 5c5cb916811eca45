"""What a voucher announces of itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from domain.accounting import events
from domain.accounting.models import Voucher
from domain.accounting.states import VoucherChange, VoucherKind
from domain.events.event import Event
from domain.kit.unit_of_work import Work

Told = Callable[[Voucher], Event]

_CREATED: Final[dict[VoucherKind, Told]] = {
    VoucherKind.EXPENSE: lambda voucher: events.ExpenseCreated(expense=events.ExpenseSnapshot.of(voucher)),
    VoucherKind.REVENUE: lambda voucher: events.RevenueCreated(revenue=events.RevenueSnapshot.of(voucher)),
    VoucherKind.TRANSFER: lambda voucher: events.TransferCreated(transfer=events.TransferSnapshot.of(voucher)),
    VoucherKind.JOURNAL_ENTRY: lambda voucher: events.JournalEntryDrafted(draft=events.VoucherSnapshot.of(voucher)),
}
_POSTED: Final[dict[VoucherKind, Told]] = {
    VoucherKind.EXPENSE: lambda voucher: events.ExpensePosted(expense=events.ExpenseSnapshot.of(voucher)),
    VoucherKind.REVENUE: lambda voucher: events.RevenuePosted(revenue=events.RevenueSnapshot.of(voucher)),
    VoucherKind.TRANSFER: lambda voucher: events.TransferProcessed(transfer=events.TransferSnapshot.of(voucher)),
    VoucherKind.JOURNAL_ENTRY: lambda voucher: events.JournalDraftPosted(draft=events.VoucherSnapshot.of(voucher)),
}


def tell_created(work: Work, voucher: Voucher) -> None:
    work.record(_CREATED[voucher.kind](voucher))


def tell_posted(work: Work, voucher: Voucher) -> None:
    work.record(_POSTED[voucher.kind](voucher))


def tell_changed(work: Work, voucher: Voucher, change: VoucherChange, comment: str = "") -> None:
    work.record(events.VoucherChanged(voucher=events.VoucherSnapshot.of(voucher), change=change, comment=comment))
