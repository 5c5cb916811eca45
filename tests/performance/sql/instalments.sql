-- The schedules of some loans ($1), of those that a member of staff ($2) of a branch ($3) may see.
select loan_id, number, due_on, completed_on, due_minor
from loan_instalment
where loan_id = any ($1::uuid[]) and loan_id in (
    select id from loan
    where id = any ($1::uuid[])
      and (borrower_id = $2 or (created_by_id = $2 and submitted_at is null) or (submitted_at is not null and branch_id = $3)))
order by loan_id, number
