"""Payments from outside pay sales."""

from domain.kit.migrations import sql_migration

Migration = sql_migration(__file__, after=[("milling", "0005_wallets"), ("payments", "0001_initial")])
