"""Loan products, loans with their facts, instalments and transactions; documents, conversations and recovery actions."""

from domain.kit.migrations import sql_migration

Migration = sql_migration(__file__, after=[("wallets", "0001_initial"), ("identity", "0002_branches"), ("events", "0002_row_changes")])
