"""The ledger's invariants, recomputed from its lines."""

from __future__ import annotations

from domain.kit.checks import Check, register

register(
    Check(
        "ledger",
        "entries_balance",
        "Debits equal credits in every entry and currency, and every entry has at least two lines.",
        """select 'entry ' || e.id || ' does not balance' from journal_entry e
           left join (select entry_id, currency, sum(amount_minor) as difference, count(*) as lines
                      from journal_line group by entry_id, currency) l on l.entry_id = e.id
           where l.entry_id is null or l.difference <> 0 or l.lines < 2""",
    ),
    Check(
        "ledger",
        "guarded_balances_equal_lines",
        "A guarded account's balance is the sum of its lines.",
        """select 'account ' || a.id || ' says ' || a.balance_minor || ', its lines say ' || coalesce(l.amount, 0)
           from ledger_account a
           left join (select b.id, sum(case when is_debit_account(b.kind) then l.amount_minor else -l.amount_minor end)
                             as amount
                      from journal_line l join ledger_account b on b.id = l.account_id group by b.id) l on l.id = a.id
           where a.guarded and a.balance_minor <> coalesce(l.amount, 0)""",
    ),
    Check(
        "ledger",
        "held_equals_pending_holds",
        "What is held on an account is the sum of its pending holds, and no more than its balance.",
        """select 'account ' || a.id || ' holds ' || a.held_minor || ', its pending holds are ' || coalesce(h.amount, 0)
           from ledger_account a
           left join (select account_id, sum(amount_minor) as amount from ledger_hold where state = 'PENDING'
                      group by account_id) h on h.account_id = a.id
           where a.held_minor <> coalesce(h.amount, 0) or (a.guarded and a.balance_minor < a.held_minor)""",
    ),
    Check(
        "ledger",
        "balance_after_follows_lines",
        "The balance noted on each line of a guarded account is the running sum.",
        """select 'line ' || id || ' notes ' || balance_after_minor || ', the running sum is ' || running from (
               select l.id, l.balance_after_minor,
                      sum(case when is_debit_account(a.kind) then l.amount_minor else -l.amount_minor end)
                          over (partition by l.account_id order by l.id) as running
               from journal_line l join ledger_account a on a.id = l.account_id where a.guarded) r
           where balance_after_minor <> running""",
    ),
    Check(
        "ledger",
        "snapshots_equal_lines",
        "The balance of a house account by its snapshot equals the sum of all its lines.",
        """select 'account ' || h.account_id || ' has ' || h.amount_minor || ' by snapshot, ' || coalesce(l.amount, 0)
                  || ' by lines'
           from house_balance h
           left join (select account_id, sum(amount_minor) as amount from journal_line group by account_id) l
               on l.account_id = h.account_id
           where h.amount_minor <> coalesce(l.amount, 0)""",
    ),
    Check(
        "ledger",
        "day_sums_equal_lines",
        "What moved under a code on a day, as statements read it, equals the sum of the lines.",
        """select coalesce(d.code, l.code) || ' of ' || coalesce(d.currency, l.currency) || ' has '
                  || coalesce(d.amount, 0) || ' by days, ' || coalesce(l.amount, 0) || ' by lines on '
                  || coalesce(d.effective_on, l.effective_on)
           from (select code, currency, guarded, effective_on, sum(amount_minor) as amount from ledger_daily
                 group by code, currency, guarded, effective_on) d
           full join (select a.code, a.currency, a.guarded, j.effective_on, sum(j.amount_minor) as amount
                      from journal_line j join ledger_account a on a.id = j.account_id
                      group by a.code, a.currency, a.guarded, j.effective_on) l
               using (code, currency, guarded, effective_on)
           where coalesce(d.amount, 0) <> coalesce(l.amount, 0)""",
    ),
    Check(
        "ledger",
        "entries_are_of_branches",
        "The branch of an entry is one of the house.",
        """select 'entry ' || e.id || ' is of an unknown branch' from journal_entry e
           where e.branch_id is not null and not exists (select from branch b where b.id = e.branch_id)""",
    ),
    Check(
        "ledger",
        "posted_holds_have_entries",
        "A posted hold names the entry that spent it, which debits or credits its account.",
        """select 'hold ' || h.id || ' is posted without a line' from ledger_hold h
           where h.state = 'POSTED' and not exists (
               select from journal_line l where l.entry_id = h.entry_id and l.account_id = h.account_id)""",
    ),
)
