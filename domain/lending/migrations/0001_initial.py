"""Loan products, loans with their facts, instalments and transactions; documents, conversations and recovery actions."""

from domain.kit.migrations import sql_migration

Migration = sql_migration(
    __file__,
    after=[
        ("events", "0002_row_changes"),
        ("identity", "0002_branches"),
        ("wallets", "0001_initial"),
        ("files", "0001_initial"),
    ],
)
