"""What was lent, collected and is due, added up by day and branch, so that dashboards cost days and not loans."""

from domain.kit.migrations import sql_migration

Migration = sql_migration(__file__, after=[("lending", "0001_initial")])
