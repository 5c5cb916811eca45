"""Entries by hand."""

from __future__ import annotations

from typing import Annotated

import strawberry

from domain.identity.permissions import Permission
from domain.kit.idempotency import once
from domain.ledger.service import post_journal_entry, reverse_journal_entry
from schema.core.books import JournalEntry
from schema.core.inputs import PostJournalEntryInput, ReverseJournalEntryInput
from schema.kit import (
    Answer,
    Info,
    ReplayablePayload,
    argument,
    attribute,
    mutation,
    payload_type,
    read_id,
)


@payload_type("What came of posting an entry.")
class JournalEntryPayload(ReplayablePayload):
    journal_entry: JournalEntry | None = attribute("The entry that is in the books now.")


@strawberry.type
class Mutation:
    @mutation(
        JournalEntryPayload,
        "Post an entry by hand to accounts of the house. Accounts that a process keeps, such as wallets, take none.",
        requires=Permission.LEDGER_POST,
    )
    async def post_journal_entry(
        self, info: Info, input: Annotated[PostJournalEntryInput, argument("The entry.")]
    ) -> Answer:
        outcome = await once(
            input.idempotency_key,
            post_journal_entry,
            info.context.actor,
            lines=input.parse_lines(),
            description=input.description,
            effective_on=input.effective_on,
        )
        return Answer(journal_entry=outcome.result, replayed=outcome.replayed)

    @mutation(
        JournalEntryPayload,
        "Take back an entry that was posted by hand, by posting its opposite; once.",
        requires=Permission.LEDGER_POST,
    )
    async def reverse_journal_entry(
        self, info: Info, input: Annotated[ReverseJournalEntryInput, argument("Which entry, and why.")]
    ) -> Answer:
        outcome = await once(
            input.idempotency_key,
            reverse_journal_entry,
            info.context.actor,
            entry_id=read_id("JournalEntry", input.entry_id, "input", "entryId"),
            reason=input.reason,
        )
        return Answer(journal_entry=outcome.result, replayed=outcome.replayed)
