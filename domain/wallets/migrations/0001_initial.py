"""Wallets: whose they are and which account of the ledger is behind each."""

from domain.kit.migrations import sql_migration

Migration = sql_migration(__file__, after=[("identity", "0001_initial"), ("ledger", "0001_initial")])
