"""Writing down a loan's state: its instalments, its charges and its own figures. Only rows that changed are written."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Final
from uuid import UUID

from domain.kit import clock
from domain.kit.ids import new_id
from domain.kit.unit_of_work import Work
from domain.lending.book_figures import BookChange, InstalmentFigures
from domain.lending.models import Loan
from domain.lending.rules import bucket_of
from domain.lending.rules.state import ChargeState, Components, InstalmentState, LoanCondition, LoanState
from domain.lending.states import DelinquencyBucket, LoanStatus

STATUS_OF: Final = {
    LoanCondition.NOT_DISBURSED: LoanStatus.APPROVED,
    LoanCondition.ACTIVE: LoanStatus.ACTIVE,
    LoanCondition.CLOSED: LoanStatus.CLOSED,
    LoanCondition.OVERPAID: LoanStatus.OVERPAID,
    LoanCondition.WRITTEN_OFF: LoanStatus.WRITTEN_OFF,
}

_SPLIT: Final = ("principal", "interest", "fee", "penalty")
_MONEY: Final = tuple(f"{part}{what}_minor" for what in ("", "_paid", "_waived", "_written_off") for part in _SPLIT)

# Columns of the projections with their types, the key first. Rows come as one array for each column.
INSTALMENT_COLUMNS: Final = {
    "number": "int", "kind": "text", "from_on": "date", "due_on": "date",
    **dict.fromkeys(_MONEY, "bigint"), "balance_after_minor": "bigint", "completed_on": "date",
}  # fmt: skip
CHARGE_COLUMNS: Final = {
    "key": "text", "code": "text", "title": "text", "time": "text", "penalty": "boolean", "instalment_number": "int",
    "charged_on": "date", "due_on": "date", "amount_minor": "bigint", "paid_minor": "bigint", "waived_minor": "bigint",
    "written_off_minor": "bigint",
}  # fmt: skip


async def project(work: Work, loan: Loan, state: LoanState) -> BookChange:
    """Bring everything that is read of the loan to ``state``; the loan itself is saved too. Returns what became of its
    schedule."""
    changed, gone = await _write(work, loan, "loan_instalment", INSTALMENT_COLUMNS, instalment_rows(state))
    await _write(work, loan, "loan_charge", CHARGE_COLUMNS, charge_rows(state))
    take_figures(loan, state)
    loan.revision += 1
    loan.updated_at = clock.now()
    await loan.save()
    instalments = [InstalmentFigures.of(row) for row in state.instalments if row.number in changed]
    return BookChange(instalments=instalments, gone=sorted(gone))


def take_figures(loan: Loan, state: LoanState) -> None:
    """What the loan's own row says of the state."""
    loan.become(STATUS_OF[state.condition])
    loan.disbursed_minor = state.disbursed
    for column, amounts in (("outstanding", state.outstanding), ("paid", state.paid)):
        for part, amount in zip(_SPLIT, _four(amounts), strict=True):
            setattr(loan, f"{part}_{column}_minor", amount)
    loan.waived_minor, loan.written_off_minor = state.waived.total, state.written_off.total
    loan.overpaid_minor, loan.refunded_minor = state.overpaid, state.refunded
    loan.charged_back_minor, loan.recovered_minor = state.charged_back, state.recovered
    loan.accrued_interest_minor = state.accrued_interest
    loan.charged_off_on, loan.written_off_on = state.charged_off_on, state.written_off_on
    over = loan.status in (LoanStatus.CLOSED, LoanStatus.WRITTEN_OFF)
    loan.closed_on = (state.closed_on or state.written_off_on) if over else None
    loan.maturity_on, loan.replayed_on = state.maturity_on, state.as_of
    next_due = state.next_due
    loan.next_due_on = next_due.due_on if next_due else None
    loan.next_due_minor = next_due.unpaid.total if next_due else 0
    _take_delinquency(loan, state)


def _take_delinquency(loan: Loan, state: LoanState) -> None:
    late = state.delinquency
    loan.past_due_minor = late.past_due.total
    loan.delinquent_since_on = late.delinquent_since if late.delinquent_days else None
    loan.delinquent_days, loan.delinquency_paused = late.delinquent_days, late.paused
    loan.bucket = DelinquencyBucket(bucket_of(late.past_due_days).code)


def instalment_rows(state: LoanState) -> list[tuple[Any, ...]]:
    """The rows of the schedule as the table has them, for whoever compares."""
    return [_instalment(row) for row in state.instalments]


def charge_rows(state: LoanState) -> list[tuple[Any, ...]]:
    """The charges as the table has them."""
    return [_charge(charge) for charge in state.charges]


def _instalment(row: InstalmentState) -> tuple[Any, ...]:
    amounts = [*_four(row.due), *_four(row.paid), *_four(row.waived), *_four(row.written_off)]
    completed_on: date | None = row.completed_on
    return (row.number, row.kind.value, row.from_on, row.due_on, *amounts, row.balance_after, completed_on)


def _charge(charge: ChargeState) -> tuple[Any, ...]:
    return (
        charge.key,
        charge.code,
        charge.title,
        charge.time.value,
        charge.penalty,
        charge.instalment,
        charge.charged_on,
        charge.due_on,
        charge.amount,
        charge.paid,
        charge.waived,
        charge.written_off,
    )


def _four(amounts: Components) -> Iterator[int]:
    return (getattr(amounts, part) for part in _SPLIT)


async def _write(
    work: Work, loan: Loan, table: str, columns: dict[str, str], wanted: list[tuple[Any, ...]]
) -> tuple[frozenset[Any], frozenset[Any]]:
    """Make a projection's rows of this loan equal to ``wanted``: delete what is gone, write what is new or different.
    Returns the keys of what it wrote and of what it deleted."""
    names = ", ".join(columns)
    rows = await work.fetch(f"select {names} from {table} where loan_id = $1", loan.id)
    standing = {row[0]: tuple(row) for row in rows}
    gone = frozenset(standing.keys() - {row[0] for row in wanted})
    key, key_type = next(iter(columns.items()))
    if gone:
        await work.execute(f"delete from {table} where loan_id = $1 and {key} = any($2::{key_type}[])", loan.id, list(gone))
    changed = [row for row in wanted if standing.get(row[0]) != row]
    if not changed:
        return frozenset(), gone
    own: dict[str, UUID | str] = {"loan_id": loan.id, "currency": loan.currency}
    if table == "loan_instalment":
        own["branch_id"] = loan.branch_id
    at = len(own) + 2
    arrays = ", ".join(f"${at + i}::{kind}[]" for i, kind in enumerate(columns.values()))
    sets = ", ".join(f"{name} = excluded.{name}" for name in list(columns)[1:])
    await work.execute(
        f"""insert into {table} (id, {", ".join(own)}, {names})
            select id, {", ".join(f"${i}" for i in range(2, at))}, {names}
            from unnest($1::uuid[], {arrays}) as row (id, {names})
            on conflict (loan_id, {key}) do update set {sets}""",
        [new_id() for _ in changed],
        *own.values(),
        *(list(column) for column in zip(*changed, strict=True)),
    )
    return frozenset(row[0] for row in changed), gone
