-- The newest loans, $3 of them, of those that a member of staff ($1) of a branch ($2) may see.
select id, number, borrower_id, borrower_name, status, requested_minor, annual_rate, instalment_count, created_at
from loan
where borrower_id = $1 or (created_by_id = $1 and submitted_at is null) or (submitted_at is not null and branch_id = $2)
order by created_at desc, id desc
limit $3
