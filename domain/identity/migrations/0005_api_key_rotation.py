"""A secret that is changed for another, and what a key may use up and from where."""

from domain.kit.migrations import sql_migration

Migration = sql_migration(__file__, after=[("identity", "0003_audited")])
