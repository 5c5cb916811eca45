"""Posting in fewer statements, and it says which lines it wrote."""

from domain.kit.migrations import sql_migration

Migration = sql_migration(__file__, after=[("ledger", "0002_branches_and_days")])
