"""Each settling is a reconciliation: it comes to an end once, is tried again while nobody knows, and is counted."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from uuid import UUID

import pytest

from domain.kit import clock, database
from domain.kit.ids import new_id
from domain.kit.unit_of_work import Work, unit_of_work
from domain.payments.rules.evidence import Evidence
from domain.payments.rules.results import meaning_of
from domain.payments.settling import MAX_ATTEMPTS, settle_payments
from domain.payments.states import Outcome, PaymentStatus, ReconTrigger
from tests.domain.payments.rules.factory import DUE_AT, EXPIRES_AT, LATER, SENT_AT, SOON, answer, callback, confirmation
from tests.domain.payments.settling.factory import (
    Made,
    a_payment,
    all_is_well,
    books,
    disagreements,
    payments,
    rows,
    told,
    want,
    write_claims,
)
from tests.support.happenings import events_so_far, names_of_events

pytestmark = pytest.mark.usefixtures("database")


async def test_who_is_asked_for_by_two_is_settled_once_and_both_get_an_answer() -> None:
    one, other = await a_payment(), await a_payment()
    with clock.clock_set_to(SOON):
        async with unit_of_work() as work:
            await write_claims(work, [(one, callback())])
            wanted = [want(one), want(other), want(one, trigger=ReconTrigger.MANUAL, requested_by=new_id())]
            settled = await settle_payments(work, wanted)
    assert [each.payment.id for each in settled] == [one.id, other.id, one.id]
    assert [each.reconciliation.trigger for each in settled] == ["PAYMENT_CALLBACK", "PAYMENT_CALLBACK", "MANUAL"]
    assert [each.reconciliation.status for each in settled] == ["MATCHED", "UNVERIFIED", "MATCHED"]
    names = await names_of_events()
    assert (names.count("payments.payment_changed"), names.count("payments.reconciliation_finished")) == (1, 3)
    assert await rows("select matched, failed, discrepancies, unverified from reconciliation_tally") == [(2, 0, 0, 1)]
    await all_is_well()


async def test_nothing_wanted_is_nothing_done() -> None:
    async with unit_of_work() as work:
        assert await settle_payments(work, []) == []


async def test_one_that_was_queued_is_brought_to_its_end_and_stays_there() -> None:
    made = await a_payment()
    result_id = await _queued(made)
    settled = await told(made, callback(), reconciliation_id=result_id, at=SOON, started_at=SOON - timedelta(seconds=2))
    result = settled.reconciliation
    assert (result.id, result.status, result.trigger, result.attempts) == (result_id, "MATCHED", "MANUAL_QUEUE", 1)
    assert (result.processing_ms, result.finished_at) == (2_000, SOON)
    await told(made, confirmation(amount=None), reconciliation_id=result_id, at=LATER)
    assert await rows("select finished_at, attempts from reconciliation") == [(SOON, 1)]
    assert await rows("select sum(matched)::int from reconciliation_tally") == [(1,)]


async def test_while_nobody_knows_it_is_asked_for_later_and_later_and_then_given_up() -> None:
    made = await a_payment()
    result_id = await _queued(made)
    pauses = []
    for number in range(1, MAX_ATTEMPTS):
        result = (await told(made, reconciliation_id=result_id, at=SOON)).reconciliation
        assert (result.status, result.attempts, result.asks, result.finished_at) == ("UNVERIFIED", number, True, None)
        assert result.next_attempt_at is not None
        pauses.append((result.next_attempt_at - SOON).total_seconds() / 2 ** (number - 1))
    assert all(0.5 <= pause <= 1 for pause in pauses)
    tasks = await rows("select payload ->> 'reconciliation_id', run_after from job_task where name = 'payments.ask'")
    assert ({UUID(each) for each, _ in tasks}, len(tasks)) == ({result_id}, MAX_ATTEMPTS - 1)
    result = (await told(made, reconciliation_id=result_id, at=SOON)).reconciliation
    assert (result.status, result.error) == ("FAILED", "nobody could say how the payment ended")
    assert await rows("select failed, unverified, processing_ms from reconciliation_tally") == [(1, MAX_ATTEMPTS - 1, 0)]
    await all_is_well()


async def test_who_is_at_it_has_counted_the_attempt() -> None:
    made = await a_payment()
    result_id = await _queued(made)
    await database.execute("update reconciliation set status = 'ACTIVE', attempts = 1, started_at = now()")
    assert (await told(made, reconciliation_id=result_id, at=SOON)).reconciliation.attempts == 1


@pytest.mark.parametrize(
    ("claim", "status", "reason"),
    [
        (callback(Outcome.FAILED), "FAILED", "M-Pesa says that it failed"),
        (callback(Outcome.FAILED, result_code=424242), "FAILED", "M-Pesa says that it failed"),
        (callback(Outcome.FAILED, result_code=1), "FAILED", meaning_of(1)),
        (answer(Outcome.FAILED, result_code=2001), "FAILED", "the PIN was wrong"),
        (callback(Outcome.EXPIRED, result_code=1037), "EXPIRED", meaning_of(1037)),
        (callback(Outcome.CANCELLED), "CANCELLED", "the payer cancelled"),
        (callback(Outcome.CANCELLED, result_code=1032), "CANCELLED", "the payer cancelled"),
        (None, "EXPIRED", "it was not paid in time"),
    ],
)
async def test_an_end_without_money_is_an_end(claim: Evidence | None, status: str, reason: str) -> None:
    made = await a_payment()
    settled = await told(made, *([claim] if claim else []), at=EXPIRES_AT)
    payment = settled.payment
    assert (payment.status, payment.status_reason, payment.status_at) == (status, reason, EXPIRES_AT)
    assert (payment.paid_at, payment.transaction_id) == (None, None)
    assert settled.reconciliation.status == ("MATCHED" if claim else "DISCREPANCY")
    assert await books() == {}


async def test_a_reason_that_was_given_before_is_kept() -> None:
    made = await a_payment()
    await database.execute("update payment set status_reason = 'the PIN was wrong'")
    assert (await told(made, callback(Outcome.FAILED), at=SOON)).payment.status_reason == "the PIN was wrong"
    assert (await told(made, confirmation(after_s=60), at=SOON)).payment.status_reason is None


async def test_paid_after_it_had_failed_is_told_of_and_no_failure_undoes_it() -> None:
    made = await a_payment()
    await told(made, callback(Outcome.CANCELLED), at=SOON)
    paid = await told(made, confirmation(after_s=60), at=DUE_AT)
    assert (paid.payment.status, paid.payment.paid_at) == ("PAID", SENT_AT + timedelta(seconds=10))
    [alert] = [each.fact for each in await events_so_far() if each.name == "payments.paid_after_failure"]
    assert (alert.before, alert.payment.status) == ("CANCELLED", "PAID")
    for at, claim in enumerate([answer(Outcome.FAILED, after_s=200), callback(Outcome.EXPIRED, after_s=201)]):
        assert (await told(made, claim, at=LATER + timedelta(seconds=at))).payment.status == "PAID"
    assert await disagreements(made) == {"STATUS_MISMATCH": "OPEN"}
    assert await books() == {"1210": 250_000, "2910": 250_000}
    await all_is_well()


async def test_a_payment_that_has_not_changed_is_not_written_again() -> None:
    made = await a_payment()
    first = await told(made, callback(), at=SOON)
    again = await told(made, callback(), confirmation(), at=LATER)
    assert (again.payment.version, again.payment.updated_at) == (first.payment.version, SOON)
    assert (await names_of_events()).count("payments.payment_changed") == 1
    assert await rows("select count(*) from journal_entry") == [(1,)]


async def test_a_batch_takes_as_many_statements_as_one_payment(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    for name in ("fetch", "execute"):
        asked = getattr(Work, name)

        async def counted(self: Work, sql: str, *args: object, asked: object = asked) -> object:
            said.append(sql)
            return await asked(self, sql, *args)  # type: ignore[operator]

        monkeypatch.setattr(Work, name, counted)
    counts, numbers = [], count()
    for size in (1, 1, 60):
        made = await payments(size, status=PaymentStatus.PROCESSING)
        with clock.clock_set_to(SOON):
            async with unit_of_work() as work:
                await write_claims(work, [(each, callback(receipt=f"TG{next(numbers):08d}")) for each in made])
                said.clear()
                await settle_payments(work, [want(each) for each in made])
                counts.append(len(said))
    assert counts[1] == counts[2] <= 16
    await all_is_well()


async def _queued(made: Made) -> UUID:
    result_id = new_id()
    await database.execute(
        """insert into reconciliation (id, payment_id, trigger, status, due_at, queued_at, correlation_id)
           values ($1, $2, 'MANUAL_QUEUE', 'QUEUED', $3, $3, $1)""",
        result_id,
        made.id,
        SENT_AT,
    )
    return result_id
