"""The invariants of webhooks."""

from __future__ import annotations

from domain.kit.checks import Check, register

register(
    Check(
        "webhooks",
        "no_endpoint_is_ahead_of_the_log",
        "No endpoint has been sent what has not happened.",
        """select 'endpoint ' || endpoint.id || ' is at ' || endpoint.position || ', the log at ' || head.position
           from webhook_endpoint endpoint join event_log_head head on endpoint.epoch = head.epoch
           where endpoint.position > head.position""",
    ),
)
