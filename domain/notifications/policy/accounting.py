"""Accounting: what happens to one's vouchers behind one's back, and when the books are closed.

Whoever has to approve a voucher, and whoever asked for it, are told by the approvals centre
(:mod:`~domain.notifications.policy.approvals`).
"""

from __future__ import annotations

from typing import Any, Final

from domain.accounting.events import FiscalPeriodChanged, FiscalYearChanged, VoucherChanged
from domain.events.event import LoggedEvent
from domain.kit.wording import day
from domain.notifications.recipients import Recipients, accountants, persons
from domain.notifications.rule import BY_MAIL, HIGH, MEDIUM, MONTH, QUARTER, Rule, Subject

DRAFTS: Final = {"journal_entry": "journal_draft"}
"""A draft by hand is not the entry in the books that it wants to be."""


def who_wrote_it(fact: VoucherChanged, logged: LoggedEvent) -> Recipients:
    return persons(fact.voucher.created_by, but=(logged.actor_id,))


def a_voucher(fact: VoucherChanged) -> Subject:
    kind = fact.voucher.kind.value.lower()
    return Subject(DRAFTS.get(kind, kind), fact.voucher.id, {"number": str(fact.voucher.number)})


RULES: Final[tuple[Rule[Any], ...]] = (
    Rule(
        on=VoucherChanged,
        when=lambda fact: fact.change.value == "REVERSED",
        to=who_wrote_it,
        type="VOUCHER_REVERSED",
        priority=HIGH,
        title="What you posted was taken back",
        body=lambda fact: f"{_voucher(fact)} is out of the books again: {fact.comment[:300]}",
        kept_for=QUARTER,
        about=a_voucher,
    ),
    Rule(
        on=VoucherChanged,
        when=lambda fact: fact.change.value == "VOIDED",
        to=who_wrote_it,
        type="VOUCHER_VOIDED",
        priority=MEDIUM,
        title="Your draft was thrown away",
        body=lambda fact: f"{_voucher(fact)} will not be posted. {fact.comment[:300]}".rstrip(),
        kept_for=MONTH,
        about=a_voucher,
    ),
    Rule(
        on=FiscalPeriodChanged,
        when=lambda fact: fact.state.value == "CLOSED",
        to=accountants,
        type="FISCAL_PERIOD_CLOSED",
        priority=MEDIUM,
        channels=BY_MAIL,
        title="A fiscal period is closed",
        body=lambda fact: (
            f"Nothing can be dated from {day(fact.starts_on)} to {day(fact.ends_on)} ({fact.period_name}) any more."
        ),
        kept_for=MONTH,
    ),
    Rule(
        on=FiscalPeriodChanged,
        when=lambda fact: fact.state.value == "OPEN",
        to=accountants,
        type="FISCAL_PERIOD_REOPENED",
        priority=HIGH,
        title="A fiscal period is open again",
        body=lambda fact: (
            f"What is dated from {day(fact.starts_on)} to {day(fact.ends_on)} ({fact.period_name}) can change again."
        ),
        kept_for=MONTH,
    ),
    Rule(
        on=FiscalYearChanged,
        when=lambda fact: fact.state.value == "CLOSED",
        to=accountants,
        type="FISCAL_YEAR_CLOSED",
        priority=MEDIUM,
        channels=BY_MAIL,
        title="A fiscal year is closed",
        body=lambda fact: f"The result of {fact.year_name} is carried forward, and nothing can be dated into it any more.",
        kept_for=QUARTER,
    ),
)


def _voucher(fact: VoucherChanged) -> str:
    amount = f", {fact.voucher.amount}" if fact.voucher.amount else ""
    kind = fact.voucher.kind.value.replace("_", " ").capitalize()
    return f"{kind} {fact.voucher.number} ({fact.voucher.description[:200]}{amount})"
