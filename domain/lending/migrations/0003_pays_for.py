"""Loans that are paid out straight to what they are for, and payouts that are taken back."""

from domain.kit.migrations import sql_migration

Migration = sql_migration(__file__, after=[("lending", "0002_days")])
