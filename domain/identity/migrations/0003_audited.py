"""The activity log watches these rows."""

from domain.kit.migrations import sql_migration

Migration = sql_migration(__file__, after=[("identity", "0002_branches"), ("events", "0002_row_changes")])
