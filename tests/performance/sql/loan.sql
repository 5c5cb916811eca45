-- Some loans by their ids ($1), of those that a member of staff ($2) of a branch ($3) may see.
select id, number, borrower_id, borrower_name, status, requested_minor, annual_rate, instalment_count, created_at
from loan
where id = any ($1::uuid[])
  and (borrower_id = $2 or (created_by_id = $2 and submitted_at is null) or (submitted_at is not null and branch_id = $3))
