"""Entries by hand: drafts of them, posting by one or by two, taking them back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from domain.accounting.models import JournalDraft
from domain.accounting.service import desk
from domain.accounting.service.checking import columns_of, problems_of
from domain.accounting.service.forms import JournalTerms
from domain.accounting.service.treasury import lock_money_taken
from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit.errors import DomainError
from domain.kit.unit_of_work import retried, unit_of_work
from domain.ledger import service as ledger
from domain.ledger.models import JournalEntry
from domain.ledger.service import Line
from domain.ledger.service.manual import REVERSAL


@dataclass(frozen=True, slots=True)
class ByHand:
    """An entry that is in the books, and the draft that it was; without an entry, the draft waits for approval."""

    entry: JournalEntry | None
    draft: JournalDraft | None


async def validate_journal_entry(actor: Actor, *, terms: JournalTerms) -> list[DomainError]:
    """All that :func:`create_journal_entry` would refuse about these terms. Writes nothing."""
    actor.require(Permission.LEDGER_POST)
    return await problems_of(actor, terms)


@retried
async def create_journal_entry(actor: Actor, *, terms: JournalTerms) -> JournalDraft:
    """Write an entry down as a draft; one that does not balance is refused, with what is off."""
    actor.require(Permission.LEDGER_POST)
    async with unit_of_work() as work:
        return await desk.write(work, actor, JournalDraft, await columns_of(actor, terms), terms.lines)


@retried
async def update_journal_entry(actor: Actor, *, draft_id: UUID, changes: Mapping[str, Any]) -> JournalDraft:
    """Change a draft that is not in the books; ``changes`` is by the names of :class:`JournalTerms`."""
    actor.require(Permission.LEDGER_POST)
    async with unit_of_work() as work:
        draft = await desk.locked(actor, JournalDraft, draft_id)
        desk.require_unposted(draft)
        terms = replace(await _terms_of(draft), **changes)
        await desk.change(work, actor, draft, await columns_of(actor, terms), terms.lines)
        return draft


@retried
async def post_journal_draft(actor: Actor, *, draft_id: UUID) -> ByHand:
    """Bring a draft into the books, or ask for its approval, as with expenses."""
    actor.require(Permission.LEDGER_POST)
    async with unit_of_work() as work:
        draft = await desk.locked(actor, JournalDraft, draft_id)
        await desk.post(work, actor, draft)
        entry = None if draft.entry_id is None else await JournalEntry.get(id=draft.entry_id)
        return ByHand(entry, draft)


@retried
async def post_by_hand(actor: Actor, *, lines: Sequence[Line], description: str, effective_on: date | None = None) -> ByHand:
    """Post an entry at once; above the threshold it becomes a draft instead that somebody else has to approve."""
    actor.require(Permission.LEDGER_POST)
    async with unit_of_work() as work:
        if not desk.takes_two(lines):
            await lock_money_taken(work, lines)
            entry = await ledger.post_journal_entry(actor, lines=lines, description=description, effective_on=effective_on)
            return ByHand(entry, None)
        terms = JournalTerms(lines=lines, description=description, dated_on=effective_on)
        draft = await desk.write(work, actor, JournalDraft, await columns_of(actor, terms), lines)
        await desk.post(work, actor, draft)
        return ByHand(None, draft)


@retried
async def void_journal_draft(actor: Actor, *, draft_id: UUID) -> JournalDraft:
    """Throw away a draft that is not in the books."""
    actor.require(Permission.LEDGER_POST)
    async with unit_of_work() as work:
        draft = await desk.locked(actor, JournalDraft, draft_id)
        await desk.void(work, actor, draft)
        return draft


@retried
async def reverse_by_hand(actor: Actor, *, entry_id: UUID, reason: str) -> JournalEntry:
    """Post the opposite of an entry that was made by hand, once; the draft that it was is reversed with it."""
    actor.require(Permission.LEDGER_POST)
    async with unit_of_work() as work:
        draft = await JournalDraft.get_or_none(entry_id=entry_id)
        if draft is None:
            return await ledger.reverse_journal_entry(actor, entry_id=entry_id, reason=reason)
        draft = await desk.locked(actor, JournalDraft, draft.id)
        await desk.take_back(work, actor, draft, reason, kind=REVERSAL)
        return await JournalEntry.get(id=draft.reversal_id)


async def _terms_of(draft: JournalDraft) -> JournalTerms:
    return JournalTerms(
        lines=await desk.lines_of(draft),
        description=draft.description,
        reference=draft.reference,
        dated_on=draft.dated_on,
        branch_id=draft.branch_id,
    )
