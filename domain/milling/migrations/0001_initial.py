"""Items, warehouses, partners and bills of materials; stock as facts and what follows from them; the mill's documents."""

from domain.kit.migrations import sql_migration

Migration = sql_migration(
    __file__,
    after=[("events", "0002_row_changes"), ("identity", "0002_branches"), ("ledger", "0002_branches_and_days")],
)
