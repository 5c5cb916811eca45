"""How the house stands, in numbers that anybody may watch: how much waits, since when, and what is not as it should be.

Each room registers what of its own tables is worth watching. A gauge is one cheap read, answered out of an index, because it
is asked for every few seconds. Labels come from our own code (queues, states, domains), never from what users write.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Gauge:
    """``sql`` selects one column for each label, in their order, and last a number; a row whose number is null is passed
    over."""

    name: str
    purpose: str
    sql: str
    labels: tuple[str, ...] = ()


_gauges: dict[str, Gauge] = {}


def register(*gauges: Gauge) -> None:
    for gauge in gauges:
        _gauges[gauge.name] = gauge


def every_gauge() -> list[Gauge]:
    return sorted(_gauges.values(), key=lambda gauge: gauge.name)


AGE: Final = "greatest(0, extract(epoch from clock_timestamp() - {}))::float8"
"""How many seconds ago a moment was, by the clock of the database."""

register(
    Gauge(
        "daftari_database_connections",
        "Connections that PostgreSQL has, by what they are doing. Others than ours are counted too.",
        """select coalesce(state, 'other'), count(*) from pg_stat_activity
           where backend_type = 'client backend' group by 1""",
        ("state",),
    ),
    Gauge(
        "daftari_database_connections_max",
        "Connections that PostgreSQL admits.",
        "select setting::float8 from pg_settings where name = 'max_connections'",
    ),
    Gauge(
        "daftari_database_oldest_transaction_seconds",
        "For how long the oldest transaction in this database has been open.",
        f"""select coalesce(max({AGE.format("xact_start")}), 0) from pg_stat_activity
            where datname = current_database() and backend_type = 'client backend'""",
    ),
    Gauge("daftari_database_bytes", "The size of the database.", "select pg_database_size(current_database())::float8"),
    Gauge(
        "daftari_backup_archived_timestamp_seconds",
        "When PostgreSQL last archived a file of its log; none where it archives nothing.",
        """select extract(epoch from last_archived_time)::float8 from pg_stat_archiver
           where current_setting('archive_mode') <> 'off'""",
    ),
    Gauge(
        "daftari_backup_archiving_fails",
        "1 while the last attempt to archive a file of PostgreSQL's log has failed.",
        """select (last_failed_time > coalesce(last_archived_time, '-infinity'))::int from pg_stat_archiver
           where current_setting('archive_mode') <> 'off'""",
    ),
)
