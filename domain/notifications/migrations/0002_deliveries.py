"""Mail and text messages of notifications, and what people chose about them."""

from domain.kit.migrations import sql_migration

Migration = sql_migration(__file__, after=[("notifications", "0001_initial"), ("identity", "0003_phone")])
