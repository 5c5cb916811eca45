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
    Check(
        "notifications",
        "messages_go_where_the_notification_says",
        "What a notification says of mail and text messages is what the outbox says.",
        """select 'notification ' || notification.id || ' says ' || way.channel || ', but has no such message'
           from notification cross join (values ('MAIL'), ('SMS')) as way (channel)
           where way.channel = any (notification.channels) and not exists (
               select from notification_delivery delivery
               where delivery.notification_id = notification.id and delivery.channel = way.channel)
           union all
           select 'message ' || delivery.id || ' is ' || delivery.state || ' by ' || delivery.channel
               || ', of which its notification does not know'
           from notification_delivery delivery join notification on notification.id = delivery.notification_id
           where delivery.channel <> all (notification.channels) and delivery.state <> 'SUPPRESSED'""",
    ),
    Check(
        "notifications",
        "messages_reach_whom_they_were_for",
        "Every message goes to the recipient of its notification.",
        """select 'message ' || delivery.id || ' goes to ' || delivery.recipient_id || ' instead of '
               || notification.recipient_id
           from notification_delivery delivery join notification on notification.id = delivery.notification_id
           where delivery.recipient_id <> notification.recipient_id""",
    ),
    Check(
        "notifications",
        "digests_carry_what_is_alike",
        "A message that another carries is of the same recipient, channel and digest, and the carrier was written.",
        """select 'message ' || carried.id || ' is carried by ' || carrier.id || ', which is ' || carrier.state
           from notification_delivery carried join notification_delivery carrier on carrier.id = carried.carried_by
           where (carried.recipient_id, carried.channel, carried.digest_key)
               is distinct from (carrier.recipient_id, carrier.channel, carrier.digest_key)
              or carrier.text is null or carrier.state = 'DIGESTED'""",
    ),
)
