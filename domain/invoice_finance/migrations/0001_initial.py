"""Invoices with what they promise and what became of them: investments, bids, payments, payouts, messages."""

from domain.kit.migrations import sql_migration

Migration = sql_migration(__file__, after=[("wallets", "0001_initial")])
