"""Sums by day of what moves, is sold and is bought, so that dashboards read days and not documents."""

from domain.kit.migrations import sql_migration

Migration = sql_migration(__file__, after=[("milling", "0003_sales")])
