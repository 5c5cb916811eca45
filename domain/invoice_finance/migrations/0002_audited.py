"""The activity log watches these rows."""

from domain.kit.migrations import sql_migration

Migration = sql_migration(__file__, after=[("invoice_finance", "0001_initial"), ("events", "0002_row_changes")])
