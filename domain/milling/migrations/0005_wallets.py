"""Out of a wallet its owner alone pays, whoever writes."""

from domain.kit.migrations import sql_migration

Migration = sql_migration(__file__, after=[("milling", "0004_days")])
