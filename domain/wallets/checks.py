"""The wallets' invariants."""

from __future__ import annotations

from domain.kit.checks import Check, register

register(
    Check(
        "wallets",
        "wallets_match_accounts",
        "Every wallet stands on a guarded wallet account of its owner and currency, and every such account has one.",
        """select 'account ' || a.id || ' and its wallet disagree'
           from ledger_account a full join wallet w on w.account_id = a.id
           where (w.id is not null or (a.code = '2310' and a.guarded))
             and (a.id is null or w.id is null or not a.guarded or a.owner_id <> w.user_id or a.currency <> w.currency)""",
    ),
    Check(
        "wallets",
        "opening_credit_given_once",
        "No wallet received more than one opening credit.",
        """select 'account ' || l.account_id || ' has ' || count(*) || ' opening credits'
           from journal_line l join journal_entry e on e.id = l.entry_id
           where e.kind = 'wallets.opening_credit' and l.balance_after_minor is not null
           group by l.account_id having count(*) > 1""",
    ),
    Check(
        "wallets",
        "never_negative",
        "No wallet holds less than nothing, or less than what is set aside in it.",
        """select 'wallet ' || w.id || ' has ' || a.balance_minor || ' and holds ' || a.held_minor
           from wallet w join ledger_account a on a.id = w.account_id
           where a.balance_minor < 0 or a.held_minor < 0 or a.balance_minor < a.held_minor""",
    ),
)
