"""Messages that go to an address of the house."""

from domain.kit.migrations import sql_migration

Migration = sql_migration(__file__, after=[("notifications", "0003_audited")])
