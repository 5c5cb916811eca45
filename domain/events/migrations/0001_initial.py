"""The outbox, the log and its readers; also the idempotency keys that every room writes."""

from domain.kit.migrations import sql_migration

Migration = sql_migration(__file__)
