"""The event log's invariants."""

from __future__ import annotations

from domain.kit.checks import Check, register

register(
    Check(
        "events",
        "positions_are_contiguous",
        "The log has every position from its oldest to its head, each once.",
        """select 'positions ' || min(position) || ' to ' || max(position) || ' hold ' || count(*) || ' events'
           from event_log having count(*) > 0
           and (count(*) <> max(position) - min(position) + 1 or count(distinct position) <> count(*)
                or max(position) <> (select position from event_log_head))""",
    ),
    Check(
        "events",
        "checkpoints_are_within_the_log",
        "No listener claims to have read past the head.",
        """select listener || ' is at ' || c.position || ', the head at ' || h.position
           from event_checkpoint c, event_log_head h where c.position > h.position""",
    ),
    Check(
        "events",
        "changes_are_in_their_years",
        "The activity log has a partition for every year in which something changed.",
        """select count(*) || ' changes of ' || extract(year from recorded_at at time zone 'UTC') || ' have none'
           from row_change_unforeseen group by extract(year from recorded_at at time zone 'UTC')""",
    ),
    Check(
        "events",
        "nothing_is_parked",
        "No event waits in the parking lot for somebody to look at it.",
        """select listener || ' could not digest ' || event_name || ' at ' || position || ': ' || error
           from parked_event where resolved_at is null""",
    ),
)
