"""What the school counts, added up as rows change, so that a board costs months and classes and not students and fees."""

from domain.kit.migrations import sql_migration

Migration = sql_migration(__file__, after=[("school", "0002_money")])
