"""What one can do in accounting."""

from domain.accounting.service.expenses import (
    create_expense,
    post_expense,
    reverse_expense,
    update_expense,
    validate_expense,
    void_expense,
)
from domain.accounting.service.forms import ExpenseTerms, JournalTerms, RevenueTerms, TransferTerms
from domain.accounting.service.journal import (
    ByHand,
    create_journal_entry,
    post_by_hand,
    post_journal_draft,
    reverse_by_hand,
    update_journal_entry,
    validate_journal_entry,
    void_journal_draft,
)
from domain.accounting.service.papers import add_papers
from domain.accounting.service.periods import (
    close_fiscal_period,
    close_fiscal_year,
    create_fiscal_year,
    reopen_fiscal_period,
    reopen_fiscal_year,
)
from domain.accounting.service.revenues import (
    create_revenue,
    post_revenue,
    reverse_revenue,
    update_revenue,
    validate_revenue,
    void_revenue,
)
from domain.accounting.service.transfers import (
    create_transfer,
    process_transfer,
    reverse_transfer,
    update_transfer,
    validate_transfer,
    void_transfer,
)

__all__ = [
    "ByHand",
    "ExpenseTerms",
    "JournalTerms",
    "RevenueTerms",
    "TransferTerms",
    "add_papers",
    "close_fiscal_period",
    "close_fiscal_year",
    "create_expense",
    "create_fiscal_year",
    "create_journal_entry",
    "create_revenue",
    "create_transfer",
    "post_by_hand",
    "post_expense",
    "post_journal_draft",
    "post_revenue",
    "process_transfer",
    "reopen_fiscal_period",
    "reopen_fiscal_year",
    "reverse_by_hand",
    "reverse_expense",
    "reverse_revenue",
    "reverse_transfer",
    "update_expense",
    "update_journal_entry",
    "update_revenue",
    "update_transfer",
    "validate_expense",
    "validate_journal_entry",
    "validate_revenue",
    "validate_transfer",
    "void_expense",
    "void_journal_draft",
    "void_revenue",
    "void_transfer",
]
