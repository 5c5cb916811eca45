"""The same guards over entries and lines, asked in fewer statements."""

from domain.kit.migrations import sql_migration

Migration = sql_migration(__file__, after=[("ledger", "0003_posting")])
