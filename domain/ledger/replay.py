"""What the log tells of the books: entries, their lines, and the accounts of the chart that these are on."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from domain.kit.money import Money
from domain.kit.projections import Facts, Heard, Projection, register_projection
from domain.ledger.chart import house_account_of
from domain.ledger.events import JournalEntryPosted, PostedLine

# What moved by day, added up from the lines and from nothing that was summed before.
DAYS: Final = """
insert into ledger_daily (code, currency, kind, guarded, effective_on, business, branch_id, amount_minor)
select a.code, a.currency, a.kind, a.guarded, e.effective_on, split_part(e.kind, '.', 1), e.branch_id, sum(l.amount_minor)
from journal_line l join journal_entry e on e.id = l.entry_id join ledger_account a on a.id = l.account_id
group by 1, 2, 3, 4, 5, 6, 7
"""


def _entry(facts: Facts, heard: Heard) -> None:
    told: JournalEntryPosted = heard.fact
    facts.put(
        "journal_entry",
        told.entry_id,
        id=told.entry_id,
        number=told.number,
        kind=told.kind,
        description=told.description,
        reference_kind=told.reference_kind,
        reference_id=told.reference_id,
        effective_on=told.effective_on,
        reverses_id=told.reverses_id,
        branch_id=told.branch_id,
        recorded_at=heard.occurred_at,
    )
    for line_no, line in enumerate(told.lines, 1):
        amount = _signed(line)
        facts.put(
            "journal_line",
            (told.entry_id, line_no),
            entry_id=told.entry_id,
            line_no=line_no,
            account_id=line.account_id,
            amount_minor=amount.amount_minor,
            currency=amount.currency,
            effective_on=told.effective_on,
        )
        _account(facts, line.account_id, heard.occurred_at)


def _signed(line: PostedLine) -> Money:
    """Debits positive."""
    if line.debit is not None:
        return line.debit
    assert line.credit is not None, "a line has a side"
    return Money(-line.credit.amount_minor, line.credit.currency)


def _account(facts: Facts, account_id: UUID, at: datetime) -> None:
    """Accounts of persons are told by whoever opens them."""
    found = house_account_of(account_id)
    if found is None or facts.get("ledger_account", account_id):
        return
    account, currency = found
    facts.put(
        "ledger_account",
        account_id,
        id=account_id,
        code=account.code,
        name=account.name,
        kind=account.kind,
        currency=currency,
        guarded=False,
        balance_minor=0,
        held_minor=0,
        opened_at=at,
    )


register_projection(
    Projection(
        name="ledger",
        tables=("journal_entry", "journal_line", "ledger_account", "ledger_daily"),
        applies={JournalEntryPosted: _entry},
        derived=(DAYS,),
    )
)
