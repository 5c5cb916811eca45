"""A person has payments reconciled: at once, many together, or when their turn comes; nobody waits for the provider."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from domain.identity.actor import Actor
from domain.identity.permissions import Role
from domain.kit import clock
from domain.kit.errors import DomainError, Forbidden, InvalidInput
from domain.kit.ids import new_id
from domain.kit.paging import PageRequest
from domain.kit.unit_of_work import unit_of_work
from domain.payments.errors import SessionNotFound
from domain.payments.intake.waiting import settle_waiting
from domain.payments.models import Payment, Reconciliation
from domain.payments.queries.reconciling import ReconciliationFilter, reconciliation_results, results_by_id
from domain.payments.rules.evidence import Evidence
from domain.payments.service import reconciling
from domain.payments.service.reconciling import bulk_reconcile, queue_reconciliation, reconcile_payment
from domain.payments.settling import settle_payments
from domain.payments.states import BY_HAND, PaymentStatus, ReconStatus, ReconTrigger, Severity
from tests.domain.payments.rules.factory import LATER, OTHER, RECEIPT, SOON, callback, kes
from tests.domain.payments.settling.factory import Made, a_payment, payments, rows, write_claims
from tests.support.happenings import assert_integrity, events_so_far, nothing_happens
from tests.support.people import somebody
from tests.support.races import at_once

pytestmark = pytest.mark.usefixtures("database")

ADMIN = somebody(Role.ADMIN, name="Grace Njeri")
EVERYTHING = PageRequest(first=100)


async def heard(made: Made, *claims: Evidence) -> None:
    """Somebody said something of a payment, and nobody has looked at it yet."""
    async with unit_of_work() as work:
        await write_claims(work, [(made, claim) for claim in claims])


async def a_paid(receipt: str = RECEIPT, **said: Any) -> Made:
    made = await a_payment()
    await heard(made, callback(receipt=receipt, **said))
    return made


async def test_what_was_said_decides_at_once() -> None:
    made = await a_paid()
    with clock.clock_set_to(LATER):
        result = await reconcile_payment(ADMIN, session_id=made.id, trigger=ReconTrigger.MANUAL_DASHBOARD)
    details, metadata = result.session_details, result.reconciliation_metadata
    assert (result.session_id, result.status, result.issues) == (made.id, ReconStatus.MATCHED, [])
    assert (details.client, details.payee, details.psychologist) == ("Asha Patel", "Dr Wanjiru", "Dr Wanjiru")
    assert (details.amount, details.transaction_id) == (kes(2_500), RECEIPT)
    assert (metadata.trigger, metadata.processing_time, metadata.timestamp) == (ReconTrigger.MANUAL_DASHBOARD, 0, LATER)
    assert (result.attempts, result.requested_by, result.next_attempt_at) == (1, ADMIN.id, None)
    assert (await Payment.get(id=made.id)).status is PaymentStatus.PAID
    assert await results_by_id(ADMIN, [result.id]) == {result.id: result}
    [told] = [each.fact for each in await events_so_far() if each.name == "payments.reconciliation_finished"]
    assert (told.session_id, told.trigger, told.requested_by) == (made.id, ReconTrigger.MANUAL_DASHBOARD, ADMIN.id)
    await assert_integrity()


async def test_what_does_not_agree_is_said() -> None:
    made = await a_paid(amount=kes(2_499))
    with clock.clock_set_to(SOON):
        result = await reconcile_payment(ADMIN, session_id=made.id)
    [issue] = result.issues
    assert (result.status, result.severity) == (ReconStatus.DISCREPANCY, Severity.HIGH)
    assert (issue.type, issue.expected, issue.received) == ("AMOUNT_MISMATCH", "KES 2,500.00", "KES 2,499.00")
    await assert_integrity()


async def test_of_what_nobody_can_decide_yet_the_provider_is_asked() -> None:
    made = await a_payment()
    with clock.clock_set_to(SOON):
        result = await reconcile_payment(ADMIN, session_id=made.id)
    assert (result.status, result.attempts, result.finished_at) == (ReconStatus.UNVERIFIED, 1, None)
    assert result.next_attempt_at is not None and result.next_attempt_at > SOON
    [(payload, at)] = await rows("select payload, run_after from job_task where name = 'payments.ask'")
    assert (payload, at) == ({"reconciliation_id": str(result.id)}, result.next_attempt_at)


async def test_reconciling_again_changes_nothing_about_the_money() -> None:
    made = await a_paid()
    await reconcile_payment(ADMIN, session_id=made.id)
    books = await rows("select kind, reference_id from journal_entry")
    await reconcile_payment(ADMIN, session_id=made.id, trigger=ReconTrigger.WEBSOCKET)
    assert await rows("select kind, reference_id from journal_entry") == books
    assert await Reconciliation.filter(payment_id=made.id, status=ReconStatus.MATCHED).count() == 2
    await assert_integrity()


@pytest.mark.parametrize("act", [reconcile_payment, queue_reconciliation])
async def test_who_may_not_and_what_is_not_there(act: Callable[..., Any]) -> None:
    made = await a_payment()
    refusals: list[tuple[Actor, dict[str, Any], type[DomainError]]] = [
        (somebody(Role.ACCOUNTANT), {"session_id": made.id}, Forbidden),
        (ADMIN, {"session_id": new_id()}, SessionNotFound),
        *((ADMIN, {"session_id": made.id, "trigger": each}, InvalidInput) for each in set(ReconTrigger) - BY_HAND),
    ]
    for actor, asked, refusal in refusals:
        async with nothing_happens():
            with pytest.raises(refusal):
                await act(actor, **asked)


async def test_many_at_once_each_for_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reconciling, "BATCH", 2)
    fine, short, open_one = await a_paid(), await a_paid(OTHER, amount=kes(2_000)), await a_payment()
    unknown = new_id()
    with clock.clock_set_to(SOON):
        bulk = await bulk_reconcile(ADMIN, session_ids=[short.id, unknown, fine.id, None, open_one.id, fine.id])
    shown = [item.result.status if item.result else item.refusal.code if item.refusal else None for item in bulk.items]
    assert shown == ["DISCREPANCY", "SESSION_NOT_FOUND", "MATCHED", "SESSION_NOT_FOUND", "UNVERIFIED", "MATCHED"]
    assert [item.session_id for item in bulk.items][:3] == [short.id, unknown, fine.id]
    assert bulk.items[2] == bulk.items[5], "what is named twice is reconciled once"
    assert await Reconciliation.all().count() == 3
    counts = [bulk.came_out(each) for each in (ReconStatus.MATCHED, ReconStatus.DISCREPANCY, ReconStatus.UNVERIFIED)]
    assert (counts, bulk.failed) == ([1, 1, 1], 2)
    assert {row.trigger for row in await Reconciliation.all()} == {ReconTrigger.BULK_MANUAL}
    await assert_integrity()


async def test_one_that_cannot_be_settled_keeps_no_other_from_it(monkeypatch: pytest.MonkeyPatch) -> None:
    first, bad, last = await a_paid(), await a_paid(OTHER), await a_payment()

    async def refusing(work: Any, wanted: Any) -> Any:
        if any(each.payment_id == bad.id for each in wanted):
            raise DomainError("the books of that day are closed")
        return await settle_payments(work, wanted)

    with clock.clock_set_to(SOON), monkeypatch.context() as patch:
        patch.setattr(reconciling, "settle_payments", refusing)
        bulk = await bulk_reconcile(ADMIN, session_ids=[first.id, bad.id, last.id])
    assert [item.refusal and item.refusal.code for item in bulk.items] == [None, "REFUSED", None]
    assert (bulk.came_out(ReconStatus.MATCHED), bulk.came_out(ReconStatus.UNVERIFIED), bulk.failed) == (1, 1, 1)
    assert (await Payment.get(id=bad.id)).status is PaymentStatus.STK_SENT
    assert (await bulk_reconcile(ADMIN, session_ids=[bad.id])).came_out(ReconStatus.MATCHED) == 1
    await assert_integrity()


async def test_who_reconciles_the_same_at_once_waits_for_each_other_and_credits_it_once() -> None:
    made = await payments(6)
    for place, each in enumerate(made):
        await heard(each, callback(receipt=f"TC51ABCD{place:02}"))
    ids = [each.id for each in made]
    with clock.clock_set_to(SOON):
        one, other, single = await at_once(
            [
                bulk_reconcile(ADMIN, session_ids=ids),
                bulk_reconcile(ADMIN, session_ids=ids[::-1]),
                bulk_reconcile(ADMIN, session_ids=ids[3:4]),
            ]
        )
    assert [each.came_out(ReconStatus.MATCHED) for each in (one, other, single)] == [6, 6, 1]
    assert await rows("select count(*)::int, sum(amount_minor)::bigint from payment_credit") == [(6, 1_500_000)]
    await assert_integrity()


async def test_how_many_may_be_named() -> None:
    for ids in ([], [new_id()] * 501):
        async with nothing_happens():
            with pytest.raises(InvalidInput, match="1 to 500"):
                await bulk_reconcile(ADMIN, session_ids=ids)
    async with nothing_happens():
        with pytest.raises(Forbidden):
            await bulk_reconcile(somebody(Role.BRANCH_MANAGER), session_ids=[new_id()])
        with pytest.raises(InvalidInput):
            await bulk_reconcile(ADMIN, session_ids=[new_id()], trigger=ReconTrigger.PERIODIC)
    bulk = await bulk_reconcile(ADMIN, session_ids=[new_id()] * 500)
    assert bulk.failed == 1 and len(bulk.items) == 500


async def test_the_queue_gives_each_its_place_and_its_turn() -> None:
    first, second = await a_paid(), await a_paid(OTHER)
    with clock.clock_set_to(SOON):
        ahead = await queue_reconciliation(ADMIN, session_id=first.id)
        with clock.clock_set_to(SOON + timedelta(seconds=1)):
            behind = await queue_reconciliation(ADMIN, session_id=second.id)
            again = await queue_reconciliation(ADMIN, session_id=first.id, trigger=ReconTrigger.MANUAL)
    assert [(each.result.status, each.place) for each in (ahead, behind)] == [
        (ReconStatus.QUEUED, 1),
        (ReconStatus.QUEUED, 2),
    ]
    assert again == ahead, "it waits already"
    assert ahead.result.reconciliation_metadata.trigger is ReconTrigger.MANUAL_QUEUE
    with clock.clock_set_to(LATER):
        assert await settle_waiting() == 2
    results = await results_by_id(ADMIN, [ahead.result.id, behind.result.id])
    assert {each.status for each in results.values()} == {ReconStatus.MATCHED}
    assert (await Payment.get(id=first.id)).status is PaymentStatus.PAID
    with clock.clock_set_to(LATER):
        assert (await queue_reconciliation(ADMIN, session_id=first.id)).result.id != ahead.result.id
    await assert_integrity()


async def test_of_two_who_queue_at_once_both_get_the_same() -> None:
    made = await a_paid()
    with clock.clock_set_to(SOON):
        queued = await at_once(queue_reconciliation(ADMIN, session_id=made.id) for _ in range(4))
    assert len({each.result.id for each in queued}) == 1
    assert await Reconciliation.all().count() == 1
    with clock.clock_set_to(LATER):
        assert sum(await at_once(settle_waiting() for _ in range(3))) == 1
    paid = await Payment.get(id=made.id)
    assert (paid.status, paid.purpose_amount) == (PaymentStatus.PAID, kes(2_500))
    await assert_integrity()


async def test_results_are_found_again() -> None:
    fine, short, open_one = await a_paid(), await a_paid(OTHER, amount=kes(2_000)), await a_payment()
    with clock.clock_set_to(SOON):
        await reconcile_payment(ADMIN, session_id=fine.id, trigger=ReconTrigger.MANUAL_DASHBOARD)
    with clock.clock_set_to(LATER):
        await bulk_reconcile(ADMIN, session_ids=[short.id, open_one.id])
    filters: list[tuple[dict[str, Any], set[Any]]] = [
        ({}, {fine.id, short.id, open_one.id}),
        ({"statuses": [ReconStatus.MATCHED]}, {fine.id}),
        ({"statuses": [ReconStatus.UNVERIFIED, ReconStatus.DISCREPANCY]}, {short.id, open_one.id}),
        ({"triggers": [ReconTrigger.BULK_MANUAL]}, {short.id, open_one.id}),
        ({"severities": [Severity.HIGH]}, {short.id}),
        ({"payment_id": short.id}, {short.id}),
        ({"since": LATER}, {short.id, open_one.id}),
        ({"until": LATER}, {fine.id}),
        ({"since": LATER + timedelta(seconds=1)}, set()),
    ]
    for wanted, found in filters:
        page = await reconciliation_results(ADMIN, EVERYTHING, ReconciliationFilter(**wanted))
        assert {row.session_id for row in page.rows} == found, wanted
    with pytest.raises(InvalidInput, match="ends before"):
        await reconciliation_results(ADMIN, EVERYTHING, ReconciliationFilter(since=LATER, until=LATER))
    with pytest.raises(Forbidden):
        await reconciliation_results(somebody(Role.ACCOUNTANT), EVERYTHING)
    assert await results_by_id(somebody(Role.ACCOUNTANT), [page.rows[0].id] if page.rows else []) == {}


async def test_pages_go_from_the_newest_to_the_oldest() -> None:
    made = await payments(5)
    with clock.clock_set_to(SOON):
        await bulk_reconcile(ADMIN, session_ids=[each.id for each in made])
    first = await reconciliation_results(ADMIN, PageRequest(first=3))
    rest = await reconciliation_results(ADMIN, PageRequest(first=3, after=first.cursors[-1]))
    seen = [row.id for row in (*first.rows, *rest.rows)]
    assert len(seen) == 5 and seen == sorted(seen, reverse=True)
    assert (first.has_next, rest.has_next) == (True, False)
