"""The invariants of the school's money in the ledger: every transaction is its entry, and the accounts are what fees say."""

from __future__ import annotations

from typing import Final

from domain.kit.checks import Check
from domain.ledger.chart import HouseAccount
from domain.school.accounts import FEE_CLEARING, FEE_CREDITS, FEES_RECEIVABLE, NOT_YET_PAID

DOMAIN: Final = "school"

_OUTSTANDING: Final = "case when voided_at is null then greatest(due_minor - paid_minor, 0) else 0 end"
_CREDIT: Final = "greatest(paid_minor - due_minor, 0)"


def _balances_of(account: HouseAccount) -> str:
    """The balance of an account in each currency, debits positive."""
    return f"""select a.currency, sum(h.amount_minor) as amount from ledger_account a
               join house_balance h on h.account_id = a.id where a.code = '{account.code}' group by 1"""


def _lines_of(account: HouseAccount, *reference_kinds: str) -> str:
    """What the journal has on an account of each fee, debits positive."""
    kinds = ", ".join(f"'{kind}'" for kind in reference_kinds)
    return f"""select e.reference_id as fee_id, sum(l.amount_minor) as amount
               from journal_entry e join journal_line l on l.entry_id = e.id
               join ledger_account a on a.id = l.account_id and a.code = '{account.code}'
               where e.reference_kind in ({kinds}) group by 1"""


CHECKS: Final = (
    Check(
        DOMAIN,
        "transactions_are_their_entries",
        "What a transaction says, whose income or which expense it is and on what day, is what its entry says; and it is "
        "reversed if and only if its entry is.",
        """select 'transaction ' || t.id || ' under ' || t.reference || ' disagrees with its entry'
           from school_transaction t
           left join journal_entry e on e.id = t.entry_id
           left join journal_entry r on r.reverses_id = t.entry_id
           left join lateral (
               select jsonb_object_agg(code, amount) as shares, sum(amount) as amount
               from (select a.code, sum(case when t.kind = 'INCOME' then -l.amount_minor else l.amount_minor end) as amount
                     from journal_line l join ledger_account a on a.id = l.account_id
                     where l.entry_id = t.entry_id and l.currency = t.currency
                       and (a.kind = t.kind or (t.fee_id is not null and a.code = '2430'))
                     group by 1) line) told on true
           where (told.shares, told.amount, e.effective_on) is distinct from (t.shares, t.amount_minor, t.on_date)
              or (r.id, r.effective_on) is distinct from (t.reversed_by_entry_id, t.reversed_on)""",
    ),
    Check(
        DOMAIN,
        "entries_of_the_school_are_named",
        "Every entry about a fee, its money or a transaction is named by the row that it is about.",
        """select 'entry ' || e.number || ' of ' || e.reference_kind || ' is named by no row' from journal_entry e
           where (e.reference_kind = 'school_fee_payment' and not exists (select from fee_payment where entry_id = e.id))
              or (e.reference_kind in ('school_fee', 'school_transaction')
                  and not exists (select from school_transaction where entry_id = e.id)
                  and not exists (select from school_transaction where reversed_by_entry_id = e.id))""",
    ),
    Check(
        DOMAIN,
        "fee_payments_are_booked",
        "What each payment of a fee brought or took is what its entry moved through clearing, on its day.",
        f"""select 'payment ' || p.id || ' says ' || p.amount_minor || ', its entry says ' || coalesce(-l.amount, 0)
            from fee_payment p
            left join journal_entry e on e.id = p.entry_id
            left join (select l.entry_id, sum(l.amount_minor) as amount from journal_line l
                       join ledger_account a on a.id = l.account_id and a.code = '{FEE_CLEARING.code}' group by 1) l
                on l.entry_id = p.entry_id
            where (-coalesce(l.amount, 0), e.effective_on) is distinct from (p.amount_minor, p.paid_on)""",
    ),
    Check(
        DOMAIN,
        "income_of_fees_is_what_is_paid",
        "In each currency the income of fees that stands is what is paid of all fees, and what was collected for them.",
        """select 'in ' || currency || ' income of fees is ' || sum(income) || ', paid is ' || sum(paid) || ', collected is '
                  || sum(collected)
           from (select currency, sum(amount_minor) as income, 0 as paid, 0 as collected from school_transaction
                 where fee_id is not null and reversed_at is null group by 1
                 union all
                 select currency, 0, sum(paid_minor), 0 from school_fee group by 1
                 union all
                 select currency, 0, 0, sum(amount_minor) from fee_payment group by 1) sums
           group by currency having sum(income) <> sum(paid) or sum(paid) <> sum(collected)""",
    ),
    Check(
        DOMAIN,
        "income_of_fees_is_collected_in_its_month",
        "In each month the income of fees, less what was reversed in it, is what was collected in it.",
        """select 'in ' || to_char(month, 'YYYY-MM') || ' income of fees in ' || currency || ' is ' || sum(income)
                  || ', collected is ' || sum(collected)
           from (select date_trunc('month', on_date) as month, currency, amount_minor as income, 0 as collected
                 from school_transaction where fee_id is not null
                 union all
                 select date_trunc('month', reversed_on), currency, -amount_minor, 0
                 from school_transaction where fee_id is not null and reversed_on is not null
                 union all
                 select date_trunc('month', paid_on), currency, 0, amount_minor from fee_payment) postings
           group by month, currency having sum(income) <> sum(collected)""",
    ),
    Check(
        DOMAIN,
        "receivable_is_outstanding",
        "School fees receivable, and those not yet paid on the other side, are what is outstanding of all fees.",
        f"""select 'in ' || currency || ' outstanding is ' || sum(outstanding) || ', receivable is ' || sum(receivable)
                   || ', not yet paid is ' || sum(not_yet_paid)
            from (select currency, sum({_OUTSTANDING}) as outstanding, 0 as receivable, 0 as not_yet_paid
                  from school_fee group by 1
                  union all
                  select currency, 0, amount, 0 from ({_balances_of(FEES_RECEIVABLE)}) balance
                  union all
                  select currency, 0, 0, -amount from ({_balances_of(NOT_YET_PAID)}) balance) sums
            group by currency having sum(outstanding) <> sum(receivable) or sum(receivable) <> sum(not_yet_paid)""",
    ),
    Check(
        DOMAIN,
        "each_fee_is_receivable_in_the_journal",
        "What the journal says is receivable of each fee is what is outstanding of it.",
        f"""select f.number || ' has ' || {_OUTSTANDING} || ' outstanding, the journal says ' || coalesce(j.amount, 0)
            from school_fee f
            left join ({_lines_of(FEES_RECEIVABLE, "school_fee", "school_fee_due")}) j on j.fee_id = f.id
            where {_OUTSTANDING} <> coalesce(j.amount, 0)""",
    ),
    Check(
        DOMAIN,
        "credits_are_the_families",
        "School fee credits are what was paid beyond what is due, and what is left of advances.",
        f"""select 'in ' || currency || ' fee credits are ' || sum(booked) || ', fees and advances say ' || sum(told)
            from (select currency, sum({_CREDIT}) as told, 0 as booked from school_fee where voided_at is null group by 1
                  union all
                  select currency, sum(amount_minor), 0 from student_advance group by 1
                  union all
                  select currency, 0, -amount from ({_balances_of(FEE_CREDITS)}) balance) sums
            group by currency having sum(told) <> sum(booked)""",
    ),
    Check(
        DOMAIN,
        "clearing_is_empty",
        "Nothing is left in clearing: money that came for fees is somebody's income, or a family's credit.",
        f"""select 'in ' || currency || ' clearing has ' || -amount from ({_balances_of(FEE_CLEARING)}) balance
            where amount <> 0""",
    ),
    Check(
        DOMAIN,
        "advances_are_not_overdrawn",
        "Of no student more was used of advances than there was.",
        """select 'advances of student ' || student_id || ' are ' || sum(amount_minor) || ' in ' || currency
           from student_advance group by student_id, currency having sum(amount_minor) < 0""",
    ),
    Check(
        DOMAIN,
        "transactions_are_revised_by_their_like",
        "What takes the place of a transaction is of the same reference, and the one before stands no more.",
        """select 'transaction ' || n.id || ' takes the place of one that stands, or of another reference'
           from school_transaction n join school_transaction o on o.id = n.revises_id
           where o.reversed_at is null or (o.reference, o.kind) <> (n.reference, n.kind)""",
    ),
)
