"""Rules for matching, what a dry run tells, and what matching in earnest does with the money."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.identity.permissions import Role
from domain.kit.errors import Forbidden, InvalidInput
from domain.kit.ids import new_id
from domain.payments.errors import (
    InvalidMatchRule,
    MatchRuleChanged,
    MatchRuleNotFound,
    MatchRuleTaken,
    StatementImportNotFound,
    TooManyMatchRules,
)
from domain.payments.models import Discrepancy, MatchRule, StatementRow
from domain.payments.queries.statements import match_rules
from domain.payments.rules.rule_matching import Criterion, MatchField, Operator, Strategy
from domain.payments.service import match_rules as rule_service
from domain.payments.service.match_rules import RuleChange, create_match_rule, delete_match_rule, update_match_rule
from domain.payments.service.matching import match_statement
from domain.payments.states import MatchOutcome, PaymentStatus, Resolution, RowState
from tests.support.happenings import assert_integrity, nothing_happens
from tests.support.mpesa_statements import (
    NOON,
    a_payment,
    an_administrator,
    confirmed,
    imported,
    reversal,
    row,
    shillings,
    statement,
)
from tests.support.people import somebody
from tests.support.races import at_once

pytestmark = pytest.mark.usefixtures("database")

HOUR = Criterion(MatchField.DATE, drift=Decimal(3_600))
TITLE = Criterion(MatchField.DESCRIPTION, Operator.CONTAINS)
ALMOST = Criterion(MatchField.AMOUNT, drift=Decimal("0.01"))


async def a_rule(*criteria: Criterion, strategy: Strategy = Strategy.ONE_TO_ONE, title: str = "rule") -> MatchRule:
    return await create_match_rule(an_administrator(), title=title, strategy=strategy, criteria=criteria or (HOUR,))


async def test_a_row_and_a_payment_that_go_together() -> None:
    admin = an_administrator()
    payment, other = await a_payment("2500"), await a_payment("300")
    made = await imported(admin, statement(row("TC51AAAA1A"), row("TC51BBBB1B", "77")))
    await a_rule(title="of the hour")
    async with nothing_happens():
        told = await match_statement(admin, import_id=made.id, dry_run=True)
    [match] = told.matches
    assert (match.rule, match.outcome) == ("of the hour", MatchOutcome.POSSIBLE)
    assert ([each.receipt for each in match.rows], [each.id for each in match.payments]) == (["TC51AAAA1A"], [payment.id])
    assert (told.dry_run, told.unmatched_rows, told.ambiguous_rows, told.rows_left) == (True, 1, [], False)

    done = await match_statement(admin, import_id=made.id, dry_run=False)
    assert [each.outcome for each in done.matches] == [MatchOutcome.ASSIGNED]
    assert done.matches[0].rows[0].state is RowState.MATCHED
    assert done.matches[0].payments[0].status is PaymentStatus.PAID
    await payment.refresh_from_db()
    assert (payment.purpose_amount, payment.transaction_id) == (shillings(2_500), "TC51AAAA1A")
    orphan = await Discrepancy.get(receipt="TC51AAAA1A", type="ORPHAN_TRANSACTION")
    assert (orphan.resolution, orphan.resolved_by) == (Resolution.MATCHED_BY_HAND, admin.id)
    await other.refresh_from_db()
    assert other.status is PaymentStatus.CREATED
    again = await match_statement(admin, import_id=made.id, dry_run=False)
    assert (again.matches, again.unmatched_rows) == ([], 1)
    await assert_integrity("payments", "ledger")


async def test_what_goes_with_two_is_said_and_left() -> None:
    admin = an_administrator()
    payments = [await a_payment("2500") for _ in range(2)]
    made = await imported(admin, statement(row("TC51AAAA1A")))
    await a_rule()
    async with nothing_happens():
        told = await match_statement(admin, import_id=made.id, dry_run=False)
    assert (told.matches, [each.receipt for each in told.ambiguous_rows], told.unmatched_rows) == ([], ["TC51AAAA1A"], 0)
    assert {(await each.__class__.get(id=each.id)).status for each in payments} == {PaymentStatus.CREATED}


async def test_by_a_rule_that_lets_the_amount_differ_the_money_is_taken_as_it_came() -> None:
    admin, payment = an_administrator(), await a_payment("2500")
    made = await imported(admin, statement(row("TC51AAAA1A", "2499")))
    await a_rule(HOUR, ALMOST)
    await match_statement(admin, import_id=made.id, dry_run=False)
    await payment.refresh_from_db()
    assert (payment.status, payment.purpose_amount, payment.accepted) == (
        PaymentStatus.PAID,
        shillings(2_499),
        ["TC51AAAA1A"],
    )
    assert not await Discrepancy.filter(payment_id=payment.id, type="AMOUNT_MISMATCH").exists()
    await assert_integrity("payments", "ledger")


async def test_several_rows_pay_one_payment() -> None:
    admin, payment = an_administrator(), await a_payment("2500")
    made = await imported(admin, statement(row("TC51AAAA1A", "1000"), row("TC51AAAA2A", "1500"), row("TC51AAAA3A", "9")))
    await a_rule(strategy=Strategy.MANY_TO_ONE)
    told = await match_statement(admin, import_id=made.id, dry_run=False)
    assert [(len(each.rows), each.outcome) for each in told.matches] == [(2, MatchOutcome.ASSIGNED)]
    await payment.refresh_from_db()
    assert (payment.purpose_amount, payment.suspense_minor) == (shillings(2_500), 0)
    assert told.unmatched_rows == 1
    await assert_integrity("payments", "ledger")


async def test_a_row_for_several_payments_is_left_to_a_person() -> None:
    admin = an_administrator()
    for amount in ("1000", "1500"):
        await a_payment(amount)
    made = await imported(admin, statement(row("TC51AAAA1A")))
    await a_rule(strategy=Strategy.ONE_TO_MANY)
    async with nothing_happens():
        for dry_run in (True, False):
            [match] = (await match_statement(admin, import_id=made.id, dry_run=dry_run)).matches
            assert (len(match.payments), match.outcome) == (2, MatchOutcome.FOR_A_PERSON)


async def test_rules_are_tried_in_their_order_and_only_those_that_are_active() -> None:
    admin, payment = an_administrator(), await a_payment("2500")
    made = await imported(admin, statement(row("TC51AAAA1A", details="Loan LN-000001")))
    loose, strict = await a_rule(title="loose"), await a_rule(TITLE, title="strict")
    assert [rule.position for rule in await match_rules(admin)] == [0, 10]
    await update_match_rule(admin, rule_id=loose.id, change=RuleChange(position=20))
    assert [rule.title for rule in await match_rules(admin)] == ["strict", "loose"]
    assert (await match_statement(admin, import_id=made.id, dry_run=True)).matches[0].rule == "strict"
    await update_match_rule(admin, rule_id=strict.id, change=RuleChange(is_active=False))
    assert (await match_statement(admin, import_id=made.id, dry_run=True)).matches[0].rule == "loose"
    await delete_match_rule(admin, rule_id=loose.id)
    told = await match_statement(admin, import_id=made.id, dry_run=False)
    assert (told.matches, told.unmatched_rows, payment.status) == ([], 1, PaymentStatus.CREATED)


async def test_only_open_payments_of_about_the_time_are_looked_at() -> None:
    admin = an_administrator()
    await a_payment("2500", opened_at=NOON - timedelta(days=40))
    paid = await a_payment("2500")
    await confirmed(paid.id, "TC51ZZZZ1Z")
    made = await imported(admin, statement(row("TC51AAAA1A", details="Loan LN-000001"), row("TC51ZZZZ1Z")))
    await a_rule(TITLE)
    assert (await match_statement(admin, import_id=made.id, dry_run=True)).matches == []


async def test_what_was_taken_back_or_placed_since_is_not_placed_again() -> None:
    admin, payment = an_administrator(), await a_payment("2500")
    made = await imported(admin, statement(row("TC51AAAA1A")))
    await a_rule()
    runs = await at_once([match_statement(an_administrator(), import_id=made.id, dry_run=False) for _ in range(4)])
    outcomes = [match.outcome for run in runs for match in run.matches]
    assert outcomes.count(MatchOutcome.ASSIGNED) == 1
    assert set(outcomes) <= {MatchOutcome.ASSIGNED, MatchOutcome.CHANGED_MEANWHILE}
    await payment.refresh_from_db()
    assert payment.purpose_amount == shillings(2_500)
    back = await imported(admin, statement(row("TC51BBBB1B"), reversal("TC51BBBB2B", "TC51BBBB1B")))
    other = await a_payment("2500")
    await match_statement(admin, import_id=back.id, dry_run=False)
    await other.refresh_from_db()
    assert other.status is PaymentStatus.CREATED
    await assert_integrity("payments", "ledger")


async def test_more_rows_than_in_one_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("domain.payments.service.matching.MAX_ROWS", 2)
    admin = an_administrator()
    made = await imported(admin, statement(*(row(f"TC51AAAA{n}A", 100 + n) for n in range(3))))
    for n in range(3):
        await a_payment(100 + n)
    await a_rule()
    first, second = [await match_statement(admin, import_id=made.id, dry_run=False) for _ in range(2)]
    assert (len(first.matches), first.rows_left, len(second.matches), second.rows_left) == (2, True, 1, False)
    assert not await StatementRow.filter(state=RowState.ORPHAN).exists()


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"title": " "}, InvalidInput),
        ({"title": "x" * 121}, InvalidInput),
        ({"title": "a\x00b"}, InvalidInput),
        ({"title": "  RULE "}, MatchRuleTaken),
        ({"criteria": ()}, InvalidMatchRule),
        ({"criteria": (ALMOST,)}, InvalidMatchRule),
        ({"criteria": (HOUR, HOUR)}, InvalidMatchRule),
        ({"position": -1}, InvalidInput),
        ({"position": 10**18}, InvalidInput),
    ],
)
async def test_a_rule_that_means_nothing_is_refused(changes: dict[str, Any], refusal: type[Exception]) -> None:
    admin = an_administrator()
    await a_rule()
    other = await a_rule(title="other")
    told: dict[str, Any] = {"title": "new", "strategy": Strategy.ONE_TO_ONE, "criteria": (HOUR,)}
    async with nothing_happens():
        with pytest.raises(refusal):
            await create_match_rule(admin, **(told | changes))
        with pytest.raises(refusal):
            await update_match_rule(admin, rule_id=other.id, change=RuleChange(**changes))


async def test_rules_are_changed_by_who_read_them_and_only_by_reconcilers(monkeypatch: pytest.MonkeyPatch) -> None:
    admin, clerk, rule = an_administrator(), somebody(Role.ACCOUNTANT), await a_rule()
    changed = await update_match_rule(admin, rule_id=rule.id, change=RuleChange(title=" new  title "), expected_version=1)
    assert (changed.title, changed.version) == ("new title", 2)
    monkeypatch.setattr(rule_service, "MAX_RULES", 1)
    async with nothing_happens():
        same = await update_match_rule(admin, rule_id=rule.id, change=RuleChange(title="new title"))
        assert same.version == 2
        with pytest.raises(MatchRuleChanged):
            await update_match_rule(admin, rule_id=rule.id, change=RuleChange(position=3), expected_version=1)
        with pytest.raises(MatchRuleNotFound):
            await update_match_rule(admin, rule_id=new_id(), change=RuleChange())
        with pytest.raises(MatchRuleNotFound):
            await delete_match_rule(admin, rule_id=new_id())
        with pytest.raises(TooManyMatchRules):
            await a_rule(title="one more")
        with pytest.raises(StatementImportNotFound):
            await match_statement(admin, import_id=new_id(), dry_run=False)
        for act in (
            update_match_rule(clerk, rule_id=rule.id, change=RuleChange()),
            delete_match_rule(clerk, rule_id=rule.id),
            create_match_rule(clerk, title="t", strategy=Strategy.ONE_TO_ONE, criteria=(HOUR,)),
            match_statement(clerk, import_id=new_id(), dry_run=True),
        ):
            with pytest.raises(Forbidden):
                await act


async def test_two_who_match_at_once_give_the_money_once() -> None:
    admin, payment = an_administrator(), await a_payment("2500")
    made = await imported(admin, statement(row("TC51AAAA1A")))
    await a_rule(title="of the hour")
    runs = await at_once(match_statement(admin, import_id=made.id, dry_run=False) for _ in range(4))
    outcomes = [match.outcome for run in runs for match in run.matches]
    assert outcomes.count(MatchOutcome.ASSIGNED) == 1
    assert set(outcomes) <= {MatchOutcome.ASSIGNED, MatchOutcome.CHANGED_MEANWHILE}
    await payment.refresh_from_db()
    assert (payment.status, payment.purpose_amount) == (PaymentStatus.PAID, shillings(2_500))
    assert await Discrepancy.filter(type="ORPHAN_TRANSACTION").count() == 1
    await assert_integrity("payments", "ledger")
