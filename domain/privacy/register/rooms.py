"""The register, room by room."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final

from domain.privacy.register.businesses import ACCOUNTING, INVOICE_FINANCE, LENDING, MILLING, PAYMENTS, SCHOOL
from domain.privacy.register.helpers import EVENTS, FILES, IDENTITY, JOBS, LEDGER, NOTIFICATIONS, OTHERS
from domain.privacy.register.kinds import Holding, Kind, Room

ROOMS: Final[tuple[Room, ...]] = (
    IDENTITY,
    FILES,
    NOTIFICATIONS,
    LENDING,
    INVOICE_FINANCE,
    MILLING,
    PAYMENTS,
    SCHOOL,
    ACCOUNTING,
    LEDGER,
    OTHERS,
    JOBS,
    EVENTS,
)


@cache
def personal_columns() -> Mapping[str, Mapping[str, Kind]]:
    """The personal columns of every table whose rows stay; where a column is declared twice, by what it is first."""
    found: dict[str, dict[str, Kind]] = {}
    for room in ROOMS:
        for holding in room.holdings:
            if not holding.deleted:
                for column, kind in holding.columns.items():
                    found.setdefault(holding.table, {}).setdefault(column, kind)
    return found


def holdings_of(table: str) -> list[Holding]:
    return [holding for room in ROOMS for holding in room.holdings if holding.table == table]


_AUDITED: Final = """
select c.relname as "table", split_part(split_part(encode(t.tgargs, 'escape'), '\\000', 1), ':', 1) as kind
from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_proc p on p.oid = t.tgfoid
where p.proname = 'audit_row' and not t.tgisinternal and not c.relispartition
"""


def audited_kinds() -> str:
    """The statement that tells under which kind the activity log keeps the rows of which table."""
    return _AUDITED
