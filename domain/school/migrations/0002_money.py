"""What fees are made of, fees and the money for them, what the books have of it, alerts, settings and activities."""

from domain.kit.migrations import sql_migration

Migration = sql_migration(
    __file__,
    after=[("school", "0001_people"), ("ledger", "0002_branches_and_days"), ("payments", "0001_initial")],
)
