"""What is done with every voucher: written, changed, posted by one person or by two, thrown away, taken back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, TypeVar
from uuid import UUID

from domain.accounting import settings
from domain.accounting.accounts import ENTRY_KINDS, REFERENCES
from domain.accounting.errors import (
    DraftNotFound,
    ExpenseNotFound,
    NotPending,
    NotPosted,
    NotUnposted,
    RevenueNotFound,
    TransferNotFound,
)
from domain.accounting.models import Expense, JournalDraft, Revenue, Transfer, Voucher, VoucherLine
from domain.accounting.service.asking import ask_second, end_request
from domain.accounting.service.checking import closed_period_of
from domain.accounting.service.telling import tell_changed, tell_created, tell_posted
from domain.accounting.service.treasury import lock_money_taken, require_available
from domain.accounting.states import UNPOSTED, VoucherChange, VoucherKind, VoucherState
from domain.approvals.errors import MakerIsChecker
from domain.approvals.models import ApprovalStatus
from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit import clock
from domain.kit.errors import InvalidInput, NotFound
from domain.kit.ids import new_id
from domain.kit.money import Money
from domain.kit.unit_of_work import Work
from domain.ledger.chart import open_house_account
from domain.ledger.errors import PeriodClosed
from domain.ledger.service import Line, Reference, credit, debit, post_entry, reverse_entry

V = TypeVar("V", bound=Voucher)

MAX_REASON: Final = 300

_NOT_FOUND: Final[dict[VoucherKind, type[NotFound]]] = {
    VoucherKind.EXPENSE: ExpenseNotFound,
    VoucherKind.REVENUE: RevenueNotFound,
    VoucherKind.TRANSFER: TransferNotFound,
    VoucherKind.JOURNAL_ENTRY: DraftNotFound,
}
MODELS: Final[dict[VoucherKind, type[Voucher]]] = {
    model.of_kind: model for model in (Expense, Revenue, Transfer, JournalDraft)
}


def id_field(kind: VoucherKind) -> tuple[str, ...]:
    """The input in which clients name a voucher of this kind."""
    field = _NOT_FOUND[kind].field
    assert field is not None
    return field


async def locked(actor: Actor, model: type[V], voucher_id: UUID) -> V:
    """The voucher, locked until the unit of work ends; one of a branch that the actor does not see does not exist."""
    voucher: V | None = await model.filter(id=voucher_id).select_for_update().get_or_none()
    if voucher is None or not actor.sees_branch(voucher.branch_id):
        raise _NOT_FOUND[model.of_kind]("there is no such thing")
    return voucher


async def write(work: Work, actor: Actor, model: type[V], columns: dict[str, Any], lines: Sequence[Line] = ()) -> V:
    """Keep a new draft."""
    await _open_accounts(columns, lines)
    moment = clock.now()
    voucher = model(
        id=new_id(),
        kind=model.of_kind,
        created_by=actor.id,
        created_at=moment,
        changed_by=actor.id,
        changed_at=moment,
        **columns,
    )
    await voucher.save(force_create=True)
    await _write_lines(work, voucher, lines)
    written: V = await model.get(id=voucher.id)
    tell_created(work, written)
    return written


async def change(work: Work, actor: Actor, voucher: Voucher, columns: dict[str, Any], lines: Sequence[Line] = ()) -> None:
    """Make an unposted voucher a draft again that says something else; a request for its approval is withdrawn."""
    await _open_accounts(columns, lines)
    was_pending = voucher.state is VoucherState.PENDING_APPROVAL
    voucher.be_changed(actor.id)
    voucher.update_from_dict(columns)
    await voucher.save()
    if voucher.kind is VoucherKind.JOURNAL_ENTRY:
        await _write_lines(work, voucher, lines)
    tell_changed(work, voucher, VoucherChange.EDITED)
    if was_pending:
        await end_request(work, voucher, ApprovalStatus.WITHDRAWN, actor, "changed")


def require_unposted(voucher: Voucher) -> None:
    if voucher.state not in UNPOSTED:
        raise NotUnposted(f"it is {voucher.state.value.lower()}", field=id_field(voucher.kind))


async def post(work: Work, actor: Actor, voucher: Voucher) -> None:
    """Bring a draft into the books, or ask for its approval when it takes two people and the actor is not the second."""
    if voucher.state is VoucherState.PENDING_APPROVAL:
        await approve(work, actor, voucher)
        return
    if voucher.state is not VoucherState.DRAFT:
        raise NotUnposted(f"it is {voucher.state.value.lower()}, and no draft", field=id_field(voucher.kind))
    lines = await lines_of(voucher)
    if takes_two(lines):
        if actor.id in voucher.makers or not actor.may_at(Permission.ACCOUNTING_APPROVE, voucher.branch_id):
            await _submit(work, actor, voucher, lines)
            return
        voucher.be_decided(actor.id)
    await _book(work, actor, voucher, lines)


async def approve(work: Work, actor: Actor, voucher: Voucher, comment: str | None = None) -> None:
    """Post what waits for approval."""
    _require_second(actor, voucher)
    voucher.be_decided(actor.id, comment or "")
    await _book(work, actor, voucher, await lines_of(voucher))
    await end_request(work, voucher, ApprovalStatus.APPROVED, actor, comment)


async def reject(work: Work, actor: Actor, voucher: Voucher, comment: str | None = None) -> None:
    """Send back what waits for approval; changed, it may be posted again."""
    _require_second(actor, voucher)
    voucher.become(VoucherState.REJECTED)
    voucher.be_decided(actor.id, comment or "")
    await voucher.save()
    tell_changed(work, voucher, VoucherChange.REJECTED, comment or "")
    await end_request(work, voucher, ApprovalStatus.REJECTED, actor, comment)


async def void(work: Work, actor: Actor, voucher: Voucher) -> None:
    """Throw away what is not in the books."""
    require_unposted(voucher)
    was_pending = voucher.state is VoucherState.PENDING_APPROVAL
    voucher.become(VoucherState.VOIDED)
    await voucher.save()
    tell_changed(work, voucher, VoucherChange.VOIDED)
    if was_pending:
        await end_request(work, voucher, ApprovalStatus.WITHDRAWN, actor, "thrown away")


async def take_back(work: Work, actor: Actor, voucher: Voucher, reason: str, *, kind: str | None = None) -> None:
    """Post the opposite of a voucher's entry, dated today; above the threshold by somebody who did not make it."""
    reason = checked_reason(reason)
    if voucher.state is not VoucherState.POSTED:
        raise NotPosted(f"it is {voucher.state.value.lower()}", field=id_field(voucher.kind))
    lines = [line.opposite() for line in await lines_of(voucher)]
    if takes_two(lines) and actor.id in voucher.makers:
        raise MakerIsChecker("above the threshold somebody else takes it back", field=id_field(voucher.kind))
    await lock_money_taken(work, lines)
    if voucher.kind is VoucherKind.TRANSFER:
        await _require_money(voucher, lines)
    assert voucher.entry_id is not None, "posted"
    kind = kind or f"{ENTRY_KINDS[voucher.kind]}_reversal"
    posted = await reverse_entry(voucher.entry_id, kind=kind, description=reason)
    voucher.be_reversed(actor.id, posted.entry_id)
    await voucher.save()
    tell_changed(work, voucher, VoucherChange.REVERSED, reason)


def takes_two(lines: Sequence[Line]) -> bool:
    """Whether the debits are above the threshold in any currency."""
    sums: dict[str, int] = {}
    for line in lines:
        if line.is_debit:
            sums[line.amount.currency] = sums.get(line.amount.currency, 0) + line.amount.amount_minor
    return any(settings.current().takes_two(Money(amount, currency)) for currency, amount in sums.items())


async def lines_of(voucher: Voucher) -> list[Line]:
    """The lines of the entry that the voucher becomes."""
    if voucher.amount is None:
        rows = await VoucherLine.filter(voucher_id=voucher.id).order_by("line_no")
        return [Line(row.account_id, Money(abs(row.amount_minor), row.currency), row.amount_minor > 0) for row in rows]
    assert voucher.debit_account_id is not None and voucher.credit_account_id is not None, "the table says so"
    return [debit(voucher.debit_account_id, voucher.amount), credit(voucher.credit_account_id, voucher.amount)]


def checked_reason(reason: str, name: str = "reason") -> str:
    reason = reason.strip()
    if not 1 <= len(reason) <= MAX_REASON or not reason.isprintable():
        raise InvalidInput(f"say in 1 to {MAX_REASON} characters why", field=("input", name))
    return reason


async def _book(work: Work, actor: Actor, voucher: Voucher, lines: Sequence[Line]) -> None:
    closed = await closed_period_of(voucher.dated_on)
    if closed is not None:
        raise PeriodClosed(f"the fiscal period {closed} is closed; give another date", field=id_field(voucher.kind))
    await lock_money_taken(work, lines)
    if voucher.kind is VoucherKind.TRANSFER:
        await _require_money(voucher, lines)
    posted = await post_entry(
        kind=ENTRY_KINDS[voucher.kind],
        description=voucher.description,
        lines=lines,
        reference=Reference(REFERENCES[voucher.kind], voucher.id),
        effective_on=voucher.dated_on,
        branch_id=voucher.branch_id,
    )
    voucher.be_posted(actor.id, posted.entry_id)
    await voucher.save()
    tell_posted(work, voucher)


async def _require_money(voucher: Voucher, lines: Sequence[Line]) -> None:
    for line in lines:
        if not line.is_debit:
            await require_available(line.account_id, line.amount, field=id_field(voucher.kind))


async def _submit(work: Work, actor: Actor, voucher: Voucher, lines: Sequence[Line]) -> None:
    voucher.be_submitted(actor.id)
    await voucher.save()
    tell_changed(work, voucher, VoucherChange.SUBMITTED)
    await ask_second(work, voucher, voucher.amount or _largest(lines), requested_by=actor.id)


def _largest(lines: Sequence[Line]) -> Money:
    """Of an entry in several currencies the one with the greatest sum of debits."""
    sums: dict[str, Money] = {}
    for line in lines:
        if line.is_debit:
            sums[line.amount.currency] = sums.get(line.amount.currency, Money.zero(line.amount.currency)) + line.amount
    return max(sums.values(), key=lambda total: total.amount)


def _require_second(actor: Actor, voucher: Voucher) -> None:
    actor.require(Permission.ACCOUNTING_APPROVE)
    if voucher.state is not VoucherState.PENDING_APPROVAL:
        raise NotPending("nobody waits for its approval", field=id_field(voucher.kind))
    if actor.id in voucher.makers:
        raise MakerIsChecker("above the threshold somebody else has to look at it", field=id_field(voucher.kind))


async def _open_accounts(columns: dict[str, Any], lines: Sequence[Line]) -> None:
    for side in ("debit_account_id", "credit_account_id"):
        if columns.get(side) is not None:
            await open_house_account(columns[side], columns["currency"])
    for line in lines:
        await open_house_account(line.account_id, line.amount.currency)


async def _write_lines(work: Work, voucher: Voucher, lines: Sequence[Line]) -> None:
    if voucher.kind is not VoucherKind.JOURNAL_ENTRY:
        return
    await work.execute("delete from voucher_line where voucher_id = $1", voucher.id)
    await work.connection.executemany(
        "insert into voucher_line (voucher_id, line_no, account_id, amount_minor, currency) values ($1, $2, $3, $4, $5)",
        [
            (voucher.id, number, line.account_id, line.signed_minor, line.amount.currency)
            for number, line in enumerate(lines, start=1)
        ],
    )
