"""Payments with their prompts, what was said of them, where their money is, and how all of it was compared."""

from domain.kit.migrations import sql_migration

Migration = sql_migration(
    __file__,
    after=[
        ("events", "0002_row_changes"),
        ("identity", "0002_branches"),
        ("ledger", "0002_branches_and_days"),
        ("files", "0001_initial"),
    ],
)
