"""What accounting promises, recomputed from its tables and the books."""

from __future__ import annotations

from domain.kit.checks import Check, register

register(
    Check(
        "accounting",
        "vouchers_equal_their_entries",
        "A voucher that is in the books has an entry of its day, branch, accounts and amounts; and no other has one.",
        """with stated as (
               select v.id, v.entry_id, l.account_id, l.currency, l.amount_minor
               from voucher v join voucher_line l on l.voucher_id = v.id where v.entry_id is not null
               union all
               select id, entry_id, debit_account_id, currency, amount_minor from voucher
               where entry_id is not null and kind <> 'JOURNAL_ENTRY'
               union all
               select id, entry_id, credit_account_id, currency, -amount_minor from voucher
               where entry_id is not null and kind <> 'JOURNAL_ENTRY'
           ), said as (
               select id, entry_id, account_id, currency, sum(amount_minor) as amount from stated
               group by id, entry_id, account_id, currency
           ), posted as (
               select l.entry_id, l.account_id, l.currency, sum(l.amount_minor) as amount
               from journal_line l join voucher v on v.entry_id = l.entry_id
               group by l.entry_id, l.account_id, l.currency
           )
           select 'entry ' || entry_id || ' says ' || coalesce(p.amount, 0) || ' where its voucher says '
                  || coalesce(s.amount, 0)
           from said s full join posted p using (entry_id, account_id, currency)
           where s.amount is distinct from p.amount
           union all
           select 'voucher ' || v.id || ' and its entry are of different days or branches'
           from voucher v join journal_entry e on e.id = v.entry_id
           where e.effective_on <> v.dated_on or e.branch_id is distinct from v.branch_id""",
    ),
    Check(
        "accounting",
        "vouchers_are_reversed_with_their_entries",
        "A voucher is reversed exactly when its entry is.",
        """select 'voucher ' || v.id || ' is ' || v.state || ', its entry is '
                  || case when r.id is null then 'not reversed' else 'reversed' end
           from voucher v left join journal_entry r on r.reverses_id = v.entry_id
           where v.entry_id is not null and v.reversal_id is distinct from r.id""",
    ),
    Check(
        "accounting",
        "closed_periods_are_closed",
        "No entry was recorded into a fiscal period after it was closed.",
        """select 'entry ' || e.id || ' was recorded into ' || p.name || ' after it was closed'
           from fiscal_period p
           join journal_entry e on e.effective_on between p.starts_on and p.ends_on and e.recorded_at > p.closed_at
           where p.state = 'CLOSED'""",
    ),
    Check(
        "accounting",
        "closed_years_carried_their_result",
        "In a closed fiscal year every income and expense account came back to zero.",
        """select 'in the fiscal year ' || y.name || ' account ' || d.code || ' of ' || d.currency || ' kept '
                  || sum(d.amount_minor)
           from fiscal_year y
           join ledger_daily d on d.effective_on between y.starts_on and y.ends_on and d.kind in ('INCOME', 'EXPENSE')
           where y.state = 'CLOSED'
           group by y.name, d.code, d.currency having sum(d.amount_minor) <> 0""",
    ),
    Check(
        "accounting",
        "balance_sheet_balances",
        "What the house has equals what it owes and what is its owners', in every currency and at the end of every day.",
        """select 'the books of ' || currency || ' are off by ' || sum(amount_minor) || ' on ' || effective_on
           from ledger_daily group by currency, effective_on having sum(amount_minor) <> 0""",
    ),
)
