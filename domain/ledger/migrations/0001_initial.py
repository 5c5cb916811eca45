"""Accounts, journal entries and lines, holds, snapshots; and the functions that post and guard."""

from domain.kit.migrations import sql_migration

Migration = sql_migration(__file__, after=[("events", "0001_initial")])
