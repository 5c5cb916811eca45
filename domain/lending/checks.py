"""The invariants of lending, recomputed from facts, instalments, transactions and the approvals."""

from __future__ import annotations

from domain.kit.checks import Check, Proof, register, register_proof
from domain.lending.books_checks import CHECKS, DOMAIN
from domain.lending.verification import verify_loans
from domain.payments.accounts import IN_TRANSIT

register(
    *CHECKS,
    Check(
        DOMAIN,
        "figures_are_instalments",
        "What a loan says is outstanding and paid, part by part, is the sum of its instalments.",
        """select 'loan ' || l.number || ' disagrees with its instalments' from loan l
           left join (select loan_id,
                             sum(principal_minor - principal_paid_minor - principal_waived_minor
                                 - principal_written_off_minor) as principal,
                             sum(interest_minor - interest_paid_minor - interest_waived_minor
                                 - interest_written_off_minor) as interest,
                             sum(fee_minor - fee_paid_minor - fee_waived_minor - fee_written_off_minor) as fee,
                             sum(penalty_minor - penalty_paid_minor - penalty_waived_minor
                                 - penalty_written_off_minor) as penalty,
                             sum(principal_paid_minor) as principal_paid, sum(interest_paid_minor) as interest_paid,
                             sum(fee_paid_minor) as fee_paid, sum(penalty_paid_minor) as penalty_paid
                      from loan_instalment group by loan_id) i on i.loan_id = l.id
           where (l.principal_outstanding_minor, l.interest_outstanding_minor, l.fee_outstanding_minor,
                  l.penalty_outstanding_minor, l.principal_paid_minor, l.interest_paid_minor, l.fee_paid_minor,
                  l.penalty_paid_minor)
                 <> (coalesce(i.principal, 0), coalesce(i.interest, 0), coalesce(i.fee, 0), coalesce(i.penalty, 0),
                     coalesce(i.principal_paid, 0), coalesce(i.interest_paid, 0), coalesce(i.fee_paid, 0),
                     coalesce(i.penalty_paid, 0))""",
    ),
    Check(
        DOMAIN,
        "next_due_is_the_oldest_unpaid",
        "The next due date of a loan and what is due then are those of its oldest instalment that is not complete.",
        """select 'loan ' || l.number || ' says that ' || l.next_due_minor || ' is due next, its instalments say '
                  || coalesce(i.unpaid_minor, 0)
           from loan l
           left join lateral (select due_on, unpaid_minor from loan_instalment
                              where loan_id = l.id and completed_on is null order by number limit 1) i on true
           where l.next_due_on is distinct from i.due_on or l.next_due_minor <> coalesce(i.unpaid_minor, 0)""",
    ),
    Check(
        DOMAIN,
        "disbursed_is_facts",
        "What a loan says was paid out is the sum of the payouts among its facts that hold.",
        """select 'loan ' || l.number || ' says ' || l.disbursed_minor || ' was paid out, its facts say '
                  || coalesce(f.amount, 0)
           from loan l
           left join (select loan_id, sum((payload ->> 'amount_minor')::bigint) as amount from loan_fact
                      where kind = 'DISBURSED' and reversed_at is null group by loan_id) f on f.loan_id = l.id
           where l.disbursed_minor <> coalesce(f.amount, 0)""",
    ),
    Check(
        DOMAIN,
        "status_follows_from_facts",
        "A loan is written off, or charged off, if and only if that is one of its facts that hold.",
        """select 'loan ' || l.number || ' is ' || l.status || ' and its facts say otherwise' from loan l
           where (l.status = 'WRITTEN_OFF') <> exists (
                     select from loan_fact f where f.loan_id = l.id and f.kind = 'WRITTEN_OFF' and f.reversed_at is null)
              or (l.charged_off_on is not null) <> exists (
                     select from loan_fact f where f.loan_id = l.id and f.kind = 'CHARGED_OFF' and f.reversed_at is null)""",
    ),
    Check(
        DOMAIN,
        "agreed_terms_are_the_approval",
        "The terms of an approved loan are for the principal that was approved, and within what was asked for.",
        """select 'loan ' || number || ' was approved for ' || approved_minor || ', its terms say '
                  || (terms #>> '{principal,amount_minor}')
           from loan
           where approved_minor is not null
             and ((terms #>> '{principal,amount_minor}')::bigint <> approved_minor or approved_minor > requested_minor)""",
    ),
    Check(
        DOMAIN,
        "instalments_are_where_their_loan_is",
        "Branch and currency of instalments and transactions are those of their loan.",
        """select 'a row of loan ' || l.number || ' is of another branch or currency' from loan l
           join (select loan_id, branch_id, currency from loan_instalment
                 union select loan_id, branch_id, currency from loan_transaction) r on r.loan_id = l.id
           where (r.branch_id, r.currency) <> (l.branch_id, l.currency)""",
    ),
    Check(
        DOMAIN,
        "payments_are_allocated",
        "What a payment on the statement says of principal, interest, fees and penalties is the sum of its allocations.",
        """select 'transaction ' || t.id || ' disagrees with its allocations' from loan_transaction t
           left join (select transaction_id, sum(principal_minor) as principal, sum(interest_minor) as interest,
                             sum(fee_minor) as fee, sum(penalty_minor) as penalty
                      from loan_allocation group by transaction_id) a on a.transaction_id = t.id
           where t.kind in ('FEE_DEDUCTION', 'DOWN_PAYMENT', 'REPAYMENT', 'SET_OFF')
             and (t.principal_minor, t.interest_minor, t.fee_minor, t.penalty_minor)
                 <> (coalesce(a.principal, 0), coalesce(a.interest, 0), coalesce(a.fee, 0), coalesce(a.penalty, 0))""",
    ),
    Check(
        DOMAIN,
        "what_is_ready_waits_for_approval",
        "An application waits in the approvals centre if and only if it is reviewed and the identity is verified.",
        """select 'loan ' || coalesce(l.number, a.subject_id::text) || ' and its request for approval disagree'
           from (select id, number from loan where status = 'KYC_VERIFIED') l
           full join (select subject_id from approval where kind = 'LOAN' and status = 'PENDING') a on a.subject_id = l.id
           where l.id is null or a.subject_id is null""",
    ),
    Check(
        DOMAIN,
        "documents_have_their_files",
        "The file of each document belongs to the document's loan.",
        """select 'document ' || d.id || ' has a file that belongs to something else'
           from loan_document d left join stored_file f on f.id = d.file_id
           where f.id is null or (f.subject_kind, f.subject_id) is distinct from ('loan', d.loan_id)""",
    ),
    Check(
        DOMAIN,
        "days_are_the_rows",
        "The sums by day of branches and officers are those of the loans, instalments and transactions themselves.",
        """with kept as (
               select branch_id, currency, measure, happens_on, channel, sum(count) as count, sum(amount_minor) as amount
               from loan_daily group by 1, 2, 3, 4, 5 having sum(count) <> 0 or sum(amount_minor) <> 0
           ), rows as (
               select branch_id, currency, measure, happens_on, channel, sum(count) as count, sum(amount_minor) as amount
               from loan_days_recomputed group by 1, 2, 3, 4, 5
           ), kept_of_officers as (
               select officer_id, branch_id, currency, measure, happens_on, sum(count) as count, sum(amount_minor) as amount
               from loan_officer_daily group by 1, 2, 3, 4, 5 having sum(count) <> 0 or sum(amount_minor) <> 0
           ), rows_of_officers as (
               select officer_id, branch_id, currency, measure, happens_on, sum(count) as count, sum(amount_minor) as amount
               from loan_days_recomputed
               where officer_id is not null and measure in ('PORTFOLIO', 'SCHEDULED', 'UNPAID', 'RECEIVED')
               group by 1, 2, 3, 4, 5
           )
           select measure || ' of branch ' || branch_id || ' on ' || happens_on || ' is kept otherwise than the rows say'
           from ((table kept except table rows) union all (table rows except table kept)) branches
           union all
           select measure || ' of officer ' || officer_id || ' on ' || happens_on || ' is kept otherwise than the rows say'
           from ((table kept_of_officers except table rows_of_officers)
                 union all (table rows_of_officers except table kept_of_officers)) officers""",
    ),
    Check(
        DOMAIN,
        "collected_payments_repay_their_loans",
        "What loans have of payments from outside is what those have brought them.",
        f"""select 'repayment ' || coalesce(f.id, a.record_id) || ' disagrees with the payment that it came by'
            from (select id, loan_id, (payload ->> 'amount_minor')::bigint as amount_minor from loan_fact
                  where money ->> 'account' = '{IN_TRANSIT.code}' and kind <> 'DISBURSED' and reversed_at is null) f
            full join (select p.target_id, a.record_id, a.amount_minor
                       from payment_application a join payment p on p.id = a.payment_id
                       where p.purpose = 'LOAN_INSTALMENT' and a.amount_minor > 0) a on a.record_id = f.id
            where (f.loan_id, f.amount_minor) is distinct from (a.target_id, a.amount_minor)""",
    ),
    Check(
        DOMAIN,
        "instalments_know_their_officer",
        "Every instalment names the officer of its loan.",
        """select 'instalment ' || i.id || ' names another officer than its loan' from loan_instalment i
           join loan l on l.id = i.loan_id where i.officer_id is distinct from l.officer_id""",
    ),
)


async def _loans_follow_from_their_facts() -> list[str]:
    return [f"{each.what} of loan {each.number} is not what its facts come to" for each in await verify_loans()]


register_proof(
    Proof(
        DOMAIN,
        "loans_follow_from_their_facts",
        "Schedule, charges, figures and bookings of every loan that was paid out are what a replay of its facts comes to.",
        _loans_follow_from_their_facts,
    )
)
