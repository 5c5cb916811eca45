"""How the event log stands: what waits for its number, and who has not heard all of it yet."""

from __future__ import annotations

from domain.kit.gauges import AGE, Gauge, register

register(
    Gauge(
        "daftari_outbox_events",
        "Committed events that have no position in the log yet; 100000 stands for that many and more.",
        "select count(*) from (select from outbox limit 100000) as waiting",
    ),
    Gauge(
        "daftari_outbox_age_seconds",
        "For how long the oldest of them has waited; 0 when none waits.",
        f"select coalesce((select {AGE.format('occurred_at')} from outbox order by id limit 1), 0)",
    ),
    Gauge("daftari_log_position", "The position at which the log ends.", "select position from event_log_head"),
    Gauge(
        "daftari_listener_lag_events",
        "Events of the log that a listener has not heard yet.",
        "select listener, greatest(0, head.position - seen.position) from event_checkpoint seen, event_log_head head",
        ("listener",),
    ),
    Gauge(
        "daftari_parked_events",
        "Events that a listener could not digest, which wait for somebody to look at them.",
        "select count(*) from parked_event where resolved_at is null",
    ),
)
