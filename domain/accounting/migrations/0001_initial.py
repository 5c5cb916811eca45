"""Vouchers and the lines of those written by hand; fiscal years and their periods; the guards of both."""

from domain.kit.migrations import sql_migration

Migration = sql_migration(
    __file__,
    after=[("ledger", "0002_branches_and_days"), ("identity", "0002_branches"), ("events", "0002_row_changes")],
)
