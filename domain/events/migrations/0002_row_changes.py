"""What rows were before and after each change, whoever made it."""

from domain.kit.migrations import sql_migration

Migration = sql_migration(__file__, after=[("events", "0001_initial")])
