"""The invariants of notifications."""

from __future__ import annotations

from domain.kit.checks import Check, register

register(
    Check(
        "notifications",
        "unread_counts_are_right",
        "Everybody's unread count is the number of their notifications without a time of reading.",
        """with kept as (
               select recipient_id, count(*) as unread from notification where read_at is null group by recipient_id
           )
           select 'user ' || coalesce(inbox.user_id, kept.recipient_id) || ' has ' || coalesce(kept.unread, 0)
               || ' unread, the inbox says ' || coalesce(inbox.unread, 0)
           from notification_inbox inbox full join kept on kept.recipient_id = inbox.user_id
           where coalesce(inbox.unread, 0) <> coalesce(kept.unread, 0)""",
    ),
)
