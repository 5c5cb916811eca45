"""What one can do with the ledger: open accounts, post, hold, reverse."""

from domain.ledger.service.accounts import lock_accounts, open_account
from domain.ledger.service.holds import end_holds, expired_holds, place_hold, spend_hold, spend_holds
from domain.ledger.service.manual import post_journal_entry, reverse_journal_entry
from domain.ledger.service.posting import (
    AccountBalance,
    Line,
    NewEntry,
    Posted,
    Reference,
    credit,
    debit,
    post_entries,
    post_entry,
    require_balanced,
    reverse_entry,
)

__all__ = [
    "AccountBalance",
    "Line",
    "NewEntry",
    "Posted",
    "Reference",
    "credit",
    "debit",
    "end_holds",
    "expired_holds",
    "lock_accounts",
    "open_account",
    "place_hold",
    "post_entries",
    "post_entry",
    "post_journal_entry",
    "require_balanced",
    "reverse_entry",
    "reverse_journal_entry",
    "spend_hold",
    "spend_holds",
]
