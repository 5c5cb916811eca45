"""Users, passwords, sessions with refresh tokens, API keys and sign-in attempts."""

from domain.kit.migrations import sql_migration

Migration = sql_migration(__file__, after=[("events", "0001_initial")])
