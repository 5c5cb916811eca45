"""Who works at a branch, counted without reading everybody who banks there."""

from domain.kit.migrations import sql_migration

Migration = sql_migration(__file__, after=[("identity", "0002_branches")])
