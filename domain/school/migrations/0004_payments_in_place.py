"""A payment changes its fee where it lies, and no index."""

from domain.kit.migrations import sql_migration

Migration = sql_migration(__file__, after=[("school", "0003_figures")])
