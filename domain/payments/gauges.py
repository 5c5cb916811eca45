"""What is open between us and the provider, and what waits to be reconciled."""

from __future__ import annotations

from domain.kit.gauges import AGE, Gauge, register

register(
    Gauge(
        "daftari_mpesa_prompts_open",
        "Prompts that are not answered for yet. Of an unknown one nobody knows whether the provider has taken it.",
        """select lower(state), count(*) from payment_prompt where state in ('WAITING', 'ASKED', 'UNKNOWN') group by 1""",
        ("state",),
    ),
    Gauge(
        "daftari_mpesa_commands_open",
        "Reversals and inquiries that the provider has not answered yet.",
        """select lower(state), count(*) from mpesa_command
           where state in ('WAITING', 'ASKED', 'ACCEPTED', 'UNKNOWN') group by 1""",
        ("state",),
    ),
    Gauge(
        "daftari_mpesa_unknown_seconds",
        "For how long the oldest prompt or command has been open of which nobody knows whether it was taken; 0 without one.",
        f"""select coalesce(max({AGE.format("created_at")}), 0) from (
                select created_at from payment_prompt where state in ('WAITING', 'ASKED', 'UNKNOWN') and state = 'UNKNOWN'
                union all select created_at from mpesa_command
                where state in ('WAITING', 'ASKED', 'ACCEPTED', 'UNKNOWN') and state = 'UNKNOWN'
            ) as unknown""",
    ),
    Gauge(
        "daftari_mpesa_messages_waiting",
        "Messages of the provider that are kept and not dealt with yet.",
        "select lower(state), count(*) from mpesa_message where state in ('RECEIVED', 'PARKED') group by 1",
        ("state",),
    ),
    Gauge(
        "daftari_mpesa_message_overdue_seconds",
        "How long ago the message should have been looked at that has waited longest; 0 when none waits.",
        f"""select coalesce((select {AGE.format("work_at")} from mpesa_message where state in ('RECEIVED', 'PARKED')
            order by work_at, id limit 1), 0)""",
    ),
    Gauge(
        "daftari_reconciliations_waiting",
        "Payments whose reconciliation waits for its turn or for another attempt.",
        "select count(*) from reconciliation where status in ('QUEUED', 'UNVERIFIED')",
    ),
    Gauge(
        "daftari_discrepancies_open",
        "Discrepancies between our payments and the provider's that nobody has resolved, by urgency.",
        "select urgency::text, count(*) from discrepancy where status <> 'RESOLVED' group by 1",
        ("urgency",),
    ),
)
