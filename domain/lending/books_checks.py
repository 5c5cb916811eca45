"""The invariants of lending's books: what the journal carries for each loan is what the loan's rows say.

What a loan has in the journal are the lines of entries about it. Off the books (charged off or written off), it has no
receivables. Figures hold as of the day that the loan was last brought up to.
"""

from __future__ import annotations

from typing import Final

from domain.kit.checks import Check

DOMAIN: Final = "lending"

# What each loan has on each account of the books, debits positive.
BOOKED: Final = """
(select e.reference_id as loan_id, a.code, sum(l.amount_minor) as amount
 from journal_entry e join journal_line l on l.entry_id = e.id join ledger_account a on a.id = l.account_id
 where e.reference_kind = 'loan' group by e.reference_id, a.code)
"""

# Charges of a row by component: all of them, and those that have fallen due.
CHARGED: Final = """
(select c.loan_id, c.instalment_number, c.penalty, sum(c.amount_minor) as amount,
        coalesce(sum(c.amount_minor) filter (where greatest(c.charged_on, c.due_on) <= l.replayed_on), 0) as due
 from loan_charge c join loan l on l.id = c.loan_id group by c.loan_id, c.instalment_number, c.penalty)
"""


def _receivable_of_charges(component: str, penalty: str) -> str:
    """What is due and unpaid of a loan's fees or penalties, in SQL over its instalments."""
    return f"""
        select i.loan_id, sum(greatest(0, coalesce(c.due, 0)
               + case when i.due_on <= l.replayed_on then i.{component}_minor - coalesce(c.amount, 0) else 0 end
               - i.{component}_paid_minor - i.{component}_waived_minor - i.{component}_written_off_minor)) as amount
        from loan_instalment i join loan l on l.id = i.loan_id
        left join {CHARGED} c on (c.loan_id, c.instalment_number, c.penalty) = (i.loan_id, i.number, {penalty})
        group by i.loan_id"""


def _control_account(name: str, code: str, promise: str, owed: str) -> Check:
    """``owed`` selects what each loan on the books owes; the journal must carry exactly that for it."""
    return Check(
        DOMAIN,
        name,
        promise,
        f"""select 'loan ' || l.number || ' owes ' || coalesce(o.amount, 0) || ', the books carry ' || coalesce(b.amount, 0)
            from loan l left join ({owed}) o on o.loan_id = l.id and l.charged_off_on is null and l.status <> 'WRITTEN_OFF'
            left join {BOOKED} b on b.loan_id = l.id and b.code = '{code}'
            where coalesce(o.amount, 0) <> coalesce(b.amount, 0)""",
    )


CHECKS: Final = (
    _control_account(
        "principal_is_on_the_books",
        "1510",
        "Loans receivable carries exactly the principal that each loan owes.",
        "select id as loan_id, principal_outstanding_minor as amount from loan",
    ),
    _control_account(
        "interest_due_is_on_the_books",
        "1520",
        "Interest receivable carries exactly the interest that is due and unpaid.",
        """select i.loan_id, sum(i.interest_minor - i.interest_paid_minor - i.interest_waived_minor
                                 - i.interest_written_off_minor) as amount
           from loan_instalment i join loan l on l.id = i.loan_id where i.due_on <= l.replayed_on group by i.loan_id""",
    ),
    _control_account(
        "fees_due_are_on_the_books",
        "1530",
        "Fees receivable carries exactly the fees that are due and unpaid.",
        _receivable_of_charges("fee", "false"),
    ),
    _control_account(
        "penalties_due_are_on_the_books",
        "1540",
        "Penalties receivable carries exactly the penalties that are due and unpaid.",
        _receivable_of_charges("penalty", "true"),
    ),
    Check(
        DOMAIN,
        "overpayments_are_owed_back",
        "Loan overpayments carries exactly what borrowers have overpaid, and repayment clearing nothing.",
        f"""select 'loan ' || l.number || ' has ' || l.overpaid_minor || ' overpaid, the books owe '
                   || coalesce(-o.amount, 0) || ' and ' || coalesce(c.amount, 0) || ' waits in clearing'
            from loan l left join {BOOKED} o on o.loan_id = l.id and o.code = '2520'
            left join {BOOKED} c on c.loan_id = l.id and c.code = '2510'
            where l.overpaid_minor <> coalesce(-o.amount, 0) or coalesce(c.amount, 0) <> 0""",
    ),
    Check(
        DOMAIN,
        "control_accounts_are_of_loans",
        "Nothing but loans moves the control accounts of lending.",
        """select 'entry ' || e.id || ' moves account ' || a.code from journal_line l
           join ledger_account a on a.id = l.account_id and a.code in ('1510', '1520', '1530', '1540', '2510', '2520')
           join journal_entry e on e.id = l.entry_id
           where e.reference_kind is distinct from 'loan' or not exists (select from loan where id = e.reference_id)""",
    ),
    Check(
        DOMAIN,
        "entries_are_booked_once",
        "Every entry of lending belongs to one booking of its loan, as its entry or as the reversal of it.",
        """select 'entry ' || e.id || ' (' || e.kind || ') is not what the loan has booked' from journal_entry e
           left join loan_booking b on b.entry_id = e.id or b.reversal_entry_id = e.id
           where e.kind like 'lending.%'
             and (b.id is null or b.loan_id <> e.reference_id
                  or (b.reversal_entry_id = e.id and e.reverses_id is distinct from b.entry_id))""",
    ),
    Check(
        DOMAIN,
        "principal_due_is_what_was_lent",
        "The principal of a loan's instalments is what was paid out, and what is owed again since.",
        """select 'loan ' || l.number || ' schedules ' || coalesce(i.principal, 0) || ', lent is '
                  || l.disbursed_minor + coalesce(t.again, 0)
           from loan l
           left join (select loan_id, sum(principal_minor) as principal from loan_instalment group by loan_id) i
               on i.loan_id = l.id
           left join (select loan_id, sum(principal_minor) as again from loan_transaction
                      where kind in ('CHARGE_BACK', 'CREDIT_REFUND') and reversed_at is null group by loan_id) t
               on t.loan_id = l.id
           where coalesce(i.principal, 0) <> l.disbursed_minor + coalesce(t.again, 0)""",
    ),
    Check(
        DOMAIN,
        "instalments_are_paid_by_transactions",
        "What is paid and waived of an instalment is the sum of what transactions that stand did to it.",
        """select 'instalment ' || coalesce(i.number, a.number) || ' of loan ' || coalesce(i.loan_id, a.loan_id)
                  || ' and its transactions disagree'
           from loan_instalment i
           full join (
               select a.loan_id, a.instalment_number as number,
                      sum(case when waived then 0 else a.principal_minor end) as principal,
                      sum(case when waived then 0 else a.interest_minor end) as interest,
                      sum(case when waived then 0 else a.fee_minor end) as fee,
                      sum(case when waived then 0 else a.penalty_minor end) as penalty,
                      sum(case when waived then a.principal_minor + a.interest_minor + a.fee_minor + a.penalty_minor
                               else 0 end) as waived
               from loan_allocation a
               join (select id, kind in ('CHARGE_WAIVER', 'INTEREST_WAIVER') as waived from loan_transaction
                     where reversed_at is null) t on t.id = a.transaction_id
               group by a.loan_id, a.instalment_number) a on (a.loan_id, a.number) = (i.loan_id, i.number)
           where (coalesce(i.principal_paid_minor, 0), coalesce(i.interest_paid_minor, 0), coalesce(i.fee_paid_minor, 0),
                  coalesce(i.penalty_paid_minor, 0),
                  coalesce(i.principal_waived_minor + i.interest_waived_minor + i.fee_waived_minor
                           + i.penalty_waived_minor, 0))
              <> (coalesce(a.principal, 0), coalesce(a.interest, 0), coalesce(a.fee, 0), coalesce(a.penalty, 0),
                  coalesce(a.waived, 0))""",
    ),
    Check(
        DOMAIN,
        "direct_payouts_went_there",
        "What was paid out straight for something went into transit, and from there on to that, to the cent.",
        """select 'a payout of loan ' || l.number || ' put ' || coalesce(-j.amount, 0) || ' in transit, '
                  || coalesce(d.amount_minor, 0) || ' went on'
           from loan_transaction t
           join loan l on l.id = t.loan_id
           left join loan_direct_payment d on d.fact_id = t.fact_id and d.undone_at is null
           left join (select jl.entry_id, sum(jl.amount_minor) as amount from journal_line jl
                      join ledger_account a on a.id = jl.account_id and a.code = '2910' group by jl.entry_id) j
               on j.entry_id = t.entry_id
           where (t.kind, t.channel) = ('DISBURSEMENT', 'DIRECT') and t.reversed_at is null
             and d.amount_minor is distinct from -j.amount
           union all
           select 'what went on of loan ' || l.number || ' is no payout'
           from loan_direct_payment d join loan l on l.id = d.loan_id
           where d.undone_at is null and not exists (
               select from loan_transaction t
               where (t.fact_id, t.kind, t.channel) = (d.fact_id, 'DISBURSEMENT', 'DIRECT') and t.reversed_at is null)""",
    ),
    Check(
        DOMAIN,
        "schedules_end_at_nothing",
        "The balance after the last instalment of a loan is nothing.",
        """select 'loan ' || l.number || ' has a balance of ' || i.last_balance || ' after its last instalment' from loan l
           join (select loan_id, (array_agg(balance_after_minor order by number desc))[1] as last_balance
                 from loan_instalment group by loan_id) i on i.loan_id = l.id
           where i.last_balance <> 0""",
    ),
)
