"""Requests for approval and how they were decided."""

from domain.kit.migrations import sql_migration

Migration = sql_migration(__file__, after=[("identity", "0003_audited"), ("events", "0002_row_changes")])
