"""What waits to leave the house as mail or text message."""

from __future__ import annotations

from domain.kit.gauges import AGE, Gauge, register

register(
    Gauge(
        "daftari_messages_waiting",
        "Mail and text messages that are queued.",
        "select lower(channel), count(*) from notification_delivery where state = 'QUEUED' group by 1",
        ("channel",),
    ),
    Gauge(
        "daftari_message_overdue_seconds",
        "How long ago the message should have left that has waited longest; 0 when none waits.",
        f"""select coalesce((select {AGE.format("due_at")} from notification_delivery where state = 'QUEUED'
            order by due_at limit 1), 0)""",
    ),
)
