"""The invariant of the sums by day: kept as rows change, they are what the rows add up to."""

from __future__ import annotations

from typing import Final

from domain.kit.checks import Check

CHECKS: Final = (
    Check(
        "milling",
        "days_are_the_rows",
        "The sums by day of each warehouse are those of its postings, sales, purchases, returns and productions themselves.",
        """with kept as (
               select warehouse_id, measure, incoming, day, item_id, sum(count) as count, sum(quantity) as quantity,
                      sum(amount_minor) as amount_minor
               from mill_daily group by 1, 2, 3, 4, 5
               having sum(count) <> 0 or sum(quantity) <> 0 or sum(amount_minor) <> 0
           ), rows as (
               select warehouse_id, measure, incoming, day, item_id, count, quantity, amount_minor from mill_days_recomputed
               where count <> 0 or quantity <> 0 or amount_minor <> 0
           )
           select measure || ' of warehouse ' || warehouse_id || ' on ' || day || ' is kept otherwise than the rows say'
           from ((table kept except table rows) union all (table rows except table kept)) days""",
    ),
)
