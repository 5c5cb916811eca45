"""The policy as a table: every rule can be followed for any event of its kind, and means whom it says."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.approvals.kinds import every_kind
from domain.events.event import every_event
from domain.identity.actor import Actor
from domain.identity.permissions import Permission, Role
from domain.kit.money import Money
from domain.kit.unit_of_work import unit_of_work
from domain.notifications.models import ALWAYS, Category, Channel, Priority
from domain.notifications.policy import POLICY
from domain.notifications.recipients import Recipients, in_role, of_branch, who_may
from domain.notifications.rule import Rule
from domain.notifications.service import telling
from domain.notifications.writing import MAX_SUBJECT_LENGTH, every_template
from tests.support.notices import logged_at
from tests.support.people import a_branch, a_user, configure_identity

NOON = datetime(2030, 3, 4, 12, tzinfo=UTC)

st.register_type_strategy(Decimal, st.decimals(0, 10**6, places=2))
st.register_type_strategy(Money, st.builds(Money.of, st.integers(0, 10**12), st.sampled_from(["KES", "INR"])))
st.register_type_strategy(datetime, st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001


def named(rule: Rule[Any]) -> str:
    return f"{rule.on.name} to {getattr(rule.to, '__name__', 'some')}"


def facts_of(rule: Rule[Any]) -> st.SearchStrategy[Any]:
    if rule.category is Category.APPROVALS:
        return st.builds(rule.on, kind=st.sampled_from([kind.name for kind in every_kind()]))
    return st.from_type(rule.on)


@pytest.mark.usefixtures("open_pool")
@pytest.mark.parametrize("rule", POLICY, ids=named)
@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_every_rule_can_be_followed(rule: Rule[Any], data: st.DataObject) -> None:
    fact = data.draw(facts_of(rule))
    if not rule.when(fact):
        return
    body, subject = rule.body(fact), rule.about(fact)
    assert body.strip()
    assert isinstance(rule.to(fact, logged_at(fact, 1, NOON)), Recipients)
    if subject is not None:
        assert isinstance(subject.id, UUID)
        assert re.fullmatch(r"[a-z_]+", subject.kind)
        assert all(isinstance(value, str) for value in subject.data.values())


def test_the_table_is_sound() -> None:
    for rule in POLICY:
        assert rule.on in every_event()
        assert 1 <= len(rule.title) <= telling.MAX_TITLE_LENGTH < MAX_SUBJECT_LENGTH
        assert rule.title[-1] not in ".!?,"
        assert re.fullmatch(r"[A-Z][A-Z_]{1,59}", rule.type)
        assert timedelta(days=1) <= rule.kept_for <= timedelta(days=90)
        assert timedelta(hours=1) <= rule.sent_within <= rule.kept_for
        assert rule.channels[: len(ALWAYS)] == ALWAYS and len(set(rule.channels)) == len(rule.channels)
        assert rule.template in every_template()
        if rule.priority is Priority.CRITICAL:
            assert set(rule.channels) == set(Channel), "what wants action now goes every way"


def test_the_rules_of_lending_that_the_clients_know_by_name_are_there() -> None:
    types = {rule.type for rule in POLICY}
    assert {"LOAN_APPROVAL", "LOAN_APPROVED", "LOAN_REJECTED", "LOAN_DISBURSED", "LOAN_KYC_VERIFIED"} <= types


@pytest.mark.usefixtures("database")
async def test_who_may_are_those_who_may() -> None:
    configure_identity()
    here, there = await a_branch(), await a_branch()
    people = [
        await a_user(*roles, branch_id=branch.id if branch else None)
        for branch in (here, there, None)
        for roles in (
            [Role.BRANCH_MANAGER],
            [Role.LOAN_OFFICER],
            [Role.ACCOUNTANT],
            [Role.BRANCH_MANAGER, Role.ACCOUNTANT],
            [Role.BORROWER],
            [Role.BORROWER, Role.LOAN_OFFICER],
            [Role.ADMIN],
        )
    ]
    actors = [
        Actor(id=person.id, name=person.name, roles=frozenset(person.roles), branch_id=person.branch_id) for person in people
    ]
    async with unit_of_work() as work:
        for permission in (Permission.LOAN_APPROVE, Permission.LOAN_REVIEW, Permission.ACCOUNTING_APPROVE):
            for branch_id in (here.id, there.id, None):
                meant = await telling._people(work, who_may(permission, branch_id))
                assert set(meant) == {actor.id for actor in actors if actor.may_at(permission, branch_id)}
        managers = await telling._people(work, of_branch(Role.BRANCH_MANAGER, here.id))
        assert set(managers) == {person.id for person in people[:7] if Role.BRANCH_MANAGER in person.roles}
        assert await telling._people(work, of_branch(Role.BRANCH_MANAGER, None)) == set()
        but = people[0].id
        everybody = await telling._people(work, in_role(Role.BRANCH_MANAGER, but=[but]))
        assert set(everybody) == {each.id for each in people if Role.BRANCH_MANAGER in each.roles} - {but}
