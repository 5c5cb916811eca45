"""Discounts of sales, what became of a sale that was offered for finance, and the payment that its invoice was."""

from domain.kit.migrations import sql_migration

Migration = sql_migration(__file__, after=[("milling", "0002_locking")])
