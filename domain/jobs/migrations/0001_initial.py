"""The queue, the due times of schedules, and the record of scheduled runs."""

from domain.kit.migrations import sql_migration

Migration = sql_migration(__file__, after=[("events", "0001_initial")])
