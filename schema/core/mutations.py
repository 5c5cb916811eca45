"""Entries by hand, and reading notifications."""

from __future__ import annotations

from typing import Annotated

import strawberry

from domain.identity.permissions import Permission
from domain.kit.idempotency import once
from domain.ledger.service import post_journal_entry, reverse_journal_entry
from domain.notifications.queries import unread_notification_count
from domain.notifications.service import mark_all_notifications_read, mark_notification_read
from schema.core.books import JournalEntry
from schema.core.inputs import MarkNotificationReadInput, PostJournalEntryInput, ReverseJournalEntryInput
from schema.core.types import Notification
from schema.kit import (
    Answer,
    Info,
    Payload,
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


@payload_type("What came of reading a notification.")
class MarkNotificationReadPayload(Payload):
    notification: Notification | None = attribute("The notification, read.")
    unread_count: int | None = attribute("How many are unread now.")


@payload_type("What came of reading all notifications.")
class MarkAllNotificationsReadPayload(Payload):
    read_count: int | None = attribute("How many were unread.")
    unread_count: int | None = attribute("How many are unread now.")


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

    @mutation(
        MarkNotificationReadPayload,
        "One of one's notifications is read. A second time changes nothing.",
        requires=Permission.SIGNED_IN,
    )
    async def mark_notification_read(
        self, info: Info, input: Annotated[MarkNotificationReadInput, argument("Which.")]
    ) -> Answer:
        actor = info.context.actor
        notification_id = read_id("Notification", input.notification_id, "input", "notificationId")
        notification = await mark_notification_read(actor, notification_id=notification_id)
        return Answer(notification=notification, unread_count=await unread_notification_count(actor))

    @mutation(MarkAllNotificationsReadPayload, "All of one's notifications are read.", requires=Permission.SIGNED_IN)
    async def mark_all_notifications_read(self, info: Info) -> Answer:
        actor = info.context.actor
        read = await mark_all_notifications_read(actor)
        return Answer(read_count=read, unread_count=await unread_notification_count(actor))
