"""A wallet is found by the end of its id, which is what payers type."""

from domain.kit.migrations import sql_migration

Migration = sql_migration(__file__, after=[("wallets", "0001_initial")])
