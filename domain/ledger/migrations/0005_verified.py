"""What came of the last verification of every promise, so that it can be watched."""

from domain.kit.migrations import sql_migration

Migration = sql_migration(__file__, after=[("ledger", "0004_lighter_guards")])
