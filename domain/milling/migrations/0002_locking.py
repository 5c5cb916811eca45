"""Locking bins in one order, with what has to be known of them to move something there."""

from domain.kit.migrations import sql_migration

Migration = sql_migration(__file__, after=[("milling", "0001_initial")])
