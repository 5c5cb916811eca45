"""Where text messages reach somebody."""

from domain.kit.migrations import sql_migration

Migration = sql_migration(__file__, after=[("identity", "0001_initial")])
