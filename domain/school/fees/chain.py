"""What the books have of a fee under its number: one live row, which follows from what is due and paid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from domain.kit.ids import new_id
from domain.kit.money import Money
from domain.ledger.chart import house_account
from domain.ledger.service import Line as EntryLine
from domain.ledger.service import NewEntry, Reference
from domain.school import accounts
from domain.school.accounts import FEE_CREDITS, Side
from domain.school.fees.lines import ChargedLine
from domain.school.fees.locking import Desk
from domain.school.models import SchoolFee
from domain.school.rules.allocation import spread
from domain.school.rules.posting import LiveRow, Post, Reverse, Share, shares, steps
from domain.school.rules.receipts import description

CATEGORY: Final = "School Fees"
"""Under which the school sees the money of fees among its transactions."""


@dataclass(frozen=True, slots=True)
class Step:
    """An entry of the chain: the reversal of what was live, or what is live now with the shares it says."""

    entry: NewEntry
    posted: tuple[Share, ...] = ()

    @property
    def shares(self) -> dict[str, int]:
        return {share.account: share.amount.amount_minor for share in self.posted}


def wanted(lines: Sequence[ChargedLine], paid: Money) -> tuple[Share, ...]:
    """Whose income what is paid of a fee is."""
    income_of = {each.line.category: each.income_code for each in lines}
    return shares(spread((each.line for each in lines), paid), income_of, FEE_CREDITS.code)


async def chain_steps(desk: Desk, on: date) -> list[Step]:
    """From what the books have of a fee to what its row and lines say, all effective on one day."""
    fee, live = desk.fee, desk.live
    rows = [] if live is None else [LiveRow(live.entry_id, accounts.shares_of(live.shares, fee.currency))]
    found = []
    for step in steps(rows, wanted(desk.lines, fee.paid)):
        match step:
            case Reverse():
                assert live is not None, "nothing else can be reversed"
                found.append(Step(_reversal(fee, desk, live.entry_id, live.lines, on)))
            case Post():
                lines = await entry_lines(accounts.paid(step.shares), fee.currency)
                entry = _entry(fee, accounts.PAID, description(desk.student, fee.title), lines, on)
                found.append(Step(entry, step.shares))
    return found


async def charge_entry(fee: SchoolFee, change: int, on: date) -> NewEntry | None:
    """So much more is due, or less."""
    if not change:
        return None
    said = f"{fee.number}: {fee.title}"
    lines = await entry_lines(accounts.charged(change), fee.currency)
    return _entry(fee, accounts.CHARGED, said, lines, on, accounts.of_charge(fee.id))


async def entry_lines(sides: Sequence[Side], currency: str) -> list[EntryLine]:
    return [await _entry_line(side, currency) for side in sides]


async def _entry_line(side: Side, currency: str) -> EntryLine:
    account_id = await house_account(side.account, currency)
    return EntryLine(account_id, Money(abs(side.amount_minor), currency), is_debit=side.amount_minor > 0)


def _reversal(fee: SchoolFee, desk: Desk, entry_id: UUID, lines: Sequence[EntryLine], on: date) -> NewEntry:
    said = f"Taken back: {description(desk.student, fee.title)}"
    return _entry(fee, accounts.REVERSED, said, [line.opposite() for line in lines], on, reverses_id=entry_id)


def _entry(
    fee: SchoolFee,
    kind: str,
    said: str,
    lines: Sequence[EntryLine],
    on: date,
    reference: Reference | None = None,
    reverses_id: UUID | None = None,
) -> NewEntry:
    return NewEntry(
        kind,
        said,
        lines,
        on,
        reference or accounts.of_fee(fee.id),
        fee.branch_id,
        reverses_id=reverses_id,
        id=new_id(),
    )
