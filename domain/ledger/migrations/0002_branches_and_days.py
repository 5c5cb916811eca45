"""Entries belong to branches; sums by day, so that statements of a year cost its days and not its lines."""

from domain.kit.migrations import sql_migration

Migration = sql_migration(__file__, after=[("ledger", "0001_initial")])
