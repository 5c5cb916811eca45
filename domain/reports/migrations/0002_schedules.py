"""Reports that are made again and again, and who gets them."""

from domain.kit.migrations import sql_migration

Migration = sql_migration(__file__, after=[("reports", "0001_initial"), ("identity", "0001_initial")])
