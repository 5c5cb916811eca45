"""Reports that were asked for, and what came of them."""

from domain.kit.migrations import sql_migration

Migration = sql_migration(__file__, after=[("jobs", "0001_initial"), ("files", "0001_initial")])
