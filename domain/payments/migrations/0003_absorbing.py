"""What the house bears where money was taken back, and whatever it had paid for keeps it."""

from domain.kit.migrations import sql_migration

Migration = sql_migration(__file__, after=[("payments", "0002_figures")])
