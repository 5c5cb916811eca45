"""Wallets: money that somebody else sent."""

from __future__ import annotations

from typing import Any, Final

from domain.notifications.recipients import the_user
from domain.notifications.rule import MEDIUM, MONTH, Rule, a_wallet
from domain.wallets.accounts import TRANSFER
from domain.wallets.events import BalanceChanged

RULES: Final[tuple[Rule[Any], ...]] = (
    Rule(
        on=BalanceChanged,
        when=lambda fact: fact.kind == TRANSFER and fact.change.amount_minor > 0,
        to=the_user,
        priority=MEDIUM,
        title="You received money",
        body=lambda fact: f"{fact.change} arrived in your wallet: {fact.description}",
        kept_for=MONTH,
        about=a_wallet,
    ),
)
