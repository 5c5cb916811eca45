"""What people chose about their messages is part of the activity log."""

from domain.kit.migrations import sql_migration

Migration = sql_migration(__file__, after=[("notifications", "0002_deliveries"), ("events", "0002_row_changes")])
