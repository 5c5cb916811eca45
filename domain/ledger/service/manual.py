"""Entries by hand: what an accountant posts, and reverses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit.database import fetch
from domain.kit.errors import InvalidInput
from domain.kit.unit_of_work import retried, unit_of_work
from domain.ledger.chart import kept_by_process, open_house_account
from domain.ledger.errors import AccountNotFound, AccountNotManual, EntryNotFound, EntryNotReversible
from domain.ledger.models import JournalEntry
from domain.ledger.service.posting import Line, post_entry, reverse_entry

MANUAL: Final = "ledger.manual"
REVERSAL: Final = "ledger.reversal"
MAX_DESCRIPTION: Final = 300


@retried
async def post_journal_entry(
    actor: Actor, *, lines: Sequence[Line], description: str, effective_on: date | None = None
) -> JournalEntry:
    """Post an entry by hand to house accounts; accounts that a process keeps are refused (ACCOUNT_NOT_MANUAL).

    A house account of the chart that is not open yet is opened by its first entry.
    """
    actor.require(Permission.LEDGER_POST)
    description = _checked(description)
    async with unit_of_work():
        for line in lines:
            await open_house_account(line.account_id, line.amount.currency)
        await _require_manual_accounts([line.account_id for line in lines])
        posted = await post_entry(kind=MANUAL, description=description, lines=lines, effective_on=effective_on)
        return await JournalEntry.get(id=posted.entry_id)


@retried
async def reverse_journal_entry(actor: Actor, *, entry_id: UUID, reason: str) -> JournalEntry:
    """Post the opposite of an entry that was made by hand, once. A process undoes its own entries itself."""
    actor.require(Permission.LEDGER_POST)
    reason = _checked(reason, "reason")
    async with unit_of_work():
        original = await JournalEntry.get_or_none(id=entry_id)
        if original is None:
            raise EntryNotFound("there is no such journal entry")
        if original.kind != MANUAL:
            raise EntryNotReversible("only an entry made by hand can be reversed by hand")
        posted = await reverse_entry(entry_id, kind=REVERSAL, description=reason)
        return await JournalEntry.get(id=posted.entry_id)


def _checked(text: str, name: str = "description") -> str:
    text = text.strip()
    if not 1 <= len(text) <= MAX_DESCRIPTION or not text.isprintable():
        raise InvalidInput(f"say in 1 to {MAX_DESCRIPTION} characters what it is for", field=("input", name))
    return text


async def _require_manual_accounts(account_ids: Sequence[UUID]) -> None:
    rows = await fetch("select id, guarded, owner_id from ledger_account where id = any($1)", list(set(account_ids)))
    if len(rows) != len(set(account_ids)):
        raise AccountNotFound("a line names an account that does not exist")
    if any(row["guarded"] or row["owner_id"] for row in rows) or any(map(kept_by_process, account_ids)):
        raise AccountNotManual("an account that a process keeps takes no entries by hand")
