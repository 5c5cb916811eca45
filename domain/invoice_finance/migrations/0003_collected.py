"""Payments from outside settle invoices."""

from domain.kit.migrations import sql_migration

Migration = sql_migration(__file__, after=[("invoice_finance", "0002_audited"), ("payments", "0001_initial")])
