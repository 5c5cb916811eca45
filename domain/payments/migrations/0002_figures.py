"""Since when the pipeline has been at work, and which results discrepancies were found by."""

from domain.kit.migrations import sql_migration

Migration = sql_migration(__file__, after=[("payments", "0001_initial")])
