"""What holds of imported statements at every moment."""

from __future__ import annotations

from typing import Final

from domain.kit.checks import Check

_COUNTS: Final = """
select format('import %s says that it has %s rows, %s of them known, %s new, %s bad; there are %s, %s, %s and %s',
              i.number, i.rows_done, i.known, i.matched + i.orphans, i.bad_rows, r.rows + e.bad, r.known, r.new, e.bad)
from statement_import i
cross join lateral (
    select count(*) as rows, count(*) filter (where state = 'KNOWN') as known,
           count(*) filter (where state in ('MATCHED', 'ORPHAN')) as new
    from statement_row where import_id = i.id
) r
cross join lateral (select count(*) as bad from statement_row_error where import_id = i.id) e
where (i.rows_done, i.known, i.matched + i.orphans, i.bad_rows) <> (r.rows + e.bad, r.known, r.new, e.bad)
"""

_CLAIMS: Final = """
select format('row %s of import %s is %s, and %s claims come from it', r.number, i.number, r.state, e.claims)
from statement_row r join statement_import i on i.id = r.import_id
cross join lateral (select count(*) as claims from payment_evidence where statement_row_id = r.id) e
where (r.state in ('MATCHED', 'ORPHAN')) <> (e.claims > 0)
union all
select format('claim %s of a statement names no row of one', id) from payment_evidence
where (channel = 'STATEMENT') <> (statement_row_id is not null)
"""

_TWICE: Final = """
select format('%s %s of %s was told as new %s times', kind, receipt, amount_minor, count(*))
from statement_row where state in ('MATCHED', 'ORPHAN')
group by receipt, kind, outcome, amount_minor, completed_at, reference having count(*) > 1
"""

CHECKS: Final = (
    Check("payments", "statements_count_their_rows", "An import counts the rows that it has", _COUNTS),
    Check("payments", "rows_that_are_new_are_evidence", "A row that says something new, and no other, is evidence", _CLAIMS),
    Check("payments", "rows_are_new_once", "A row is new once, however often it is handed in", _TWICE),
)
