"""An erasure that was asked for can be taken back."""

from domain.kit.migrations import sql_migration

Migration = sql_migration(__file__, after=[("privacy", "0001_initial")])
