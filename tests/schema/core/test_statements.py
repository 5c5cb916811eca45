"""Lists with relations ask the database once for each relation, whatever their length."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.events.audit import trail
from domain.events.listeners import catch_up
from domain.identity.actor import Actor
from domain.identity.permissions import Role
from domain.kit.context import CallContext, call_context
from domain.kit.money import Money
from domain.ledger.chart import BANK, CAPITAL, house_account
from domain.ledger.service import credit, debit, post_journal_entry
from tests.support.graphql import ask
from tests.support.happenings import events_so_far
from tests.support.people import an_actor
from tests.support.statements import statements

pytestmark = pytest.mark.usefixtures("database")

AUDIT_LOG = "{ auditLog { nodes { id eventName actor { name email roles } } totalCount } }"
MOST = {"JournalEntries": 5, "AuditLog": 3}


async def post_entries(actor: Actor, count: int) -> None:
    bank, capital = await house_account(BANK, "INR"), await house_account(CAPITAL, "INR")
    for _ in range(count):
        with call_context(CallContext(actor_id=actor.id)):
            lines = [debit(bank, Money.of(1, "INR")), credit(capital, Money.of(1, "INR"))]
            await post_journal_entry(actor, lines=lines, description="One rupee")


async def test_the_journal_with_lines_accounts_and_people(repository: Path) -> None:
    document = (repository / "frontend-contract/operations/core/JournalEntries.graphql").read_text()
    reader = await an_actor(Role.ACCOUNTANT)
    for entries in (1, 9):
        await post_entries(await an_actor(Role.ACCOUNTANT), entries)
        with statements() as seen:
            listed = (await ask(reader, document))["nodes"]
        assert listed[0]["lines"][1]["account"]["code"] == "3100"
        assert len(seen) == MOST["JournalEntries"], seen
    assert len(listed) == 10


async def test_the_audit_trail_with_people() -> None:
    reader = await an_actor(Role.ADMIN)
    for entries in (1, 9):
        await post_entries(await an_actor(Role.ACCOUNTANT), entries)
        await events_so_far()
        await catch_up(trail)
        with statements() as seen:
            listed = (await ask(reader, AUDIT_LOG))["nodes"]
        assert any(record["actor"] for record in listed)
        assert len(seen) == MOST["AuditLog"], seen
