"""Endpoints and attempts."""

from domain.kit.migrations import sql_migration

Migration = sql_migration(__file__, after=[("events", "0002_row_changes"), ("identity", "0001_initial")])
