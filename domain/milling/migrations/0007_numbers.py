"""Numbers of documents are unique without being keys, so that nobody who changes a document waits for who names it."""

from domain.kit.migrations import sql_migration

Migration = sql_migration(__file__, after=[("milling", "0006_collected")])
