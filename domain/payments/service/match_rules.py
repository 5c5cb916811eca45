"""The house's rules for matching rows of statements with payments: written, put in order, changed, deleted; all audited."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from tortoise.exceptions import IntegrityError

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit import clock
from domain.kit.errors import InvalidInput
from domain.kit.ids import new_id
from domain.kit.unit_of_work import Work, retried, unit_of_work
from domain.payments.errors import (
    InvalidMatchRule,
    MatchRuleChanged,
    MatchRuleNotFound,
    MatchRuleTaken,
    TooManyMatchRules,
)
from domain.payments.models import MatchRule
from domain.payments.rules import rule_matching
from domain.payments.rules.rule_book import OrderedRule, criteria_of, kept
from domain.payments.rules.rule_matching import BadRule, Criterion, Strategy

MAX_TITLE: Final = 120
MAX_RULES: Final = 50
MAX_POSITION: Final = 10_000
STEP: Final = 10
"""Between a rule and one that is put behind it: room for others."""


@dataclass(frozen=True, kw_only=True)
class RuleChange:
    """What is to be said anew of a rule; None leaves it as it is."""

    title: str | None = None
    strategy: Strategy | None = None
    criteria: Sequence[Criterion] | None = None
    position: int | None = None
    is_active: bool | None = None


@retried
async def create_match_rule(
    actor: Actor, *, title: str, strategy: Strategy, criteria: Sequence[Criterion], position: int | None = None
) -> MatchRule:
    """A new rule, behind all others unless a position is said. Refuses with INVALID_INPUT, INVALID_MATCH_RULE,
    MATCH_RULE_TAKEN and TOO_MANY_MATCH_RULES."""
    actor.require(Permission.PAYMENTS_RECONCILE)
    title = _title(title)
    _require_sense(title, criteria)
    async with unit_of_work() as work, _title_is_free():
        made = MatchRule(
            id=new_id(),
            title=title,
            position=await _place(work, position),
            strategy=strategy,
            criteria=kept(criteria),
            is_active=True,
            created_by=actor.id,
            created_at=clock.now(),
            updated_at=clock.now(),
        )
        await made.save(force_create=True)
    return made


@retried
async def update_match_rule(
    actor: Actor, *, rule_id: UUID, change: RuleChange, expected_version: int | None = None
) -> MatchRule:
    """Say a rule anew, in part or whole.

    Refuses with MATCH_RULE_NOT_FOUND, MATCH_RULE_TAKEN, INVALID_INPUT, INVALID_MATCH_RULE, and MATCH_RULE_CHANGED when
    somebody was faster.
    """
    actor.require(Permission.PAYMENTS_RECONCILE)
    async with unit_of_work(), _title_is_free():
        found = await _locked(rule_id)
        if expected_version is not None and expected_version != found.version:
            raise MatchRuleChanged(f"this is at version {found.version} by now")
        title = found.title if change.title is None else _title(change.title)
        criteria = criteria_of(found.criteria) if change.criteria is None else change.criteria
        _require_sense(title, criteria)
        wanted = {
            "title": title,
            "strategy": found.strategy if change.strategy is None else change.strategy,
            "criteria": kept(criteria),
            "position": found.position if change.position is None else _position(change.position),
            "is_active": found.is_active if change.is_active is None else change.is_active,
        }
        if all(getattr(found, name) == value for name, value in wanted.items()):
            return found
        found.update_from_dict({**wanted, "updated_at": clock.now(), "version": found.version + 1})
        await found.save()
    return found


@retried
async def delete_match_rule(actor: Actor, *, rule_id: UUID) -> UUID:
    """Forget a rule; what was matched by it stays. Refuses with MATCH_RULE_NOT_FOUND."""
    actor.require(Permission.PAYMENTS_RECONCILE)
    async with unit_of_work():
        await (await _locked(rule_id)).delete()
    return rule_id


def ordered(rule: MatchRule) -> OrderedRule:
    """A rule as matching takes it."""
    return OrderedRule(rule_matching.MatchRule(rule.title, criteria_of(rule.criteria)), rule.strategy)


async def _locked(rule_id: UUID) -> MatchRule:
    found = await MatchRule.select_for_update().get_or_none(id=rule_id)
    if found is None:
        raise MatchRuleNotFound
    return found


def _title(text: str) -> str:
    title = " ".join(text.split())
    if not 1 <= len(title) <= MAX_TITLE or not title.isprintable():
        raise InvalidInput(f"a title has 1 to {MAX_TITLE} printable characters", field=("input", "title"))
    return title


def _position(position: int) -> int:
    if not 0 <= position <= MAX_POSITION:
        raise InvalidInput(f"a position is from 0 to {MAX_POSITION}", field=("input", "position"))
    return position


def _require_sense(title: str, criteria: Sequence[Criterion]) -> None:
    try:
        rule_matching.MatchRule(title, tuple(criteria))
    except BadRule as bad:
        raise InvalidMatchRule(str(bad)) from None


async def _place(work: Work, position: int | None) -> int:
    """Where a new rule stands. One is added after the other, so that there are never too many."""
    await work.execute("select pg_advisory_xact_lock(hashtextextended('match rules', 0))")
    row = await work.fetchrow("select count(*) as rules, max(position) as last from match_rule")
    assert row is not None
    if row["rules"] >= MAX_RULES:
        raise TooManyMatchRules(f"there are {row['rules']} rules, which is as many as there can be")
    if position is not None:
        return _position(position)
    return 0 if row["last"] is None else min(row["last"] + STEP, MAX_POSITION)


@asynccontextmanager
async def _title_is_free() -> AsyncIterator[None]:
    try:
        yield
    except IntegrityError as broken:
        if "match_rule_title_is_unique" not in str(broken):
            raise
        raise MatchRuleTaken("another rule has this title") from None
