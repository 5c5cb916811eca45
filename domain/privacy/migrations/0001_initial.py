"""Exports and erasures of personal data, and the one door through which an erasure changes what is otherwise kept."""

from domain.kit.migrations import sql_migration

Migration = sql_migration(
    __file__,
    after=[
        ("accounting", "0001_initial"),
        ("approvals", "0001_initial"),
        ("events", "0003_idempotency_claim"),
        ("files", "0001_initial"),
        ("identity", "0005_api_key_rotation"),
        ("invoice_finance", "0003_collected"),
        ("jobs", "0001_initial"),
        ("ledger", "0004_lighter_guards"),
        ("lending", "0003_pays_for"),
        ("milling", "0008_proceeds"),
        ("notifications", "0004_house"),
        ("payments", "0003_absorbing"),
        ("reports", "0002_schedules"),
        ("school", "0004_payments_in_place"),
        ("webhooks", "0001_initial"),
    ],
)
