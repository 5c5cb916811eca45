"""How far behind the webhook endpoints are, and which of them fail."""

from __future__ import annotations

from domain.kit.gauges import AGE, Gauge, register

register(
    Gauge(
        "daftari_webhook_endpoints",
        "Endpoints by state.",
        "select lower(state), count(*) from webhook_endpoint group by 1",
        ("state",),
    ),
    Gauge(
        "daftari_webhook_endpoints_failing",
        "Enabled endpoints whose last message did not arrive.",
        "select count(*) from webhook_endpoint where state = 'ENABLED' and failing_since is not null",
    ),
    Gauge(
        "daftari_webhook_failing_seconds",
        "For how long the endpoint has failed that has failed the longest; 0 when none fails.",
        f"""select coalesce(max({AGE.format("failing_since")}), 0) from webhook_endpoint
            where state = 'ENABLED' and failing_since is not null""",
    ),
    Gauge(
        "daftari_webhook_lag_events",
        "Events of the log that the endpoint furthest behind has not come past yet, among those that do not fail.",
        """select coalesce(max(greatest(0, head.position - endpoint.position)), 0)
           from webhook_endpoint endpoint, event_log_head head
           where state = 'ENABLED' and failing_since is null and endpoint.epoch = head.epoch""",
    ),
)
