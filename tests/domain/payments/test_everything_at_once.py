"""Everybody at once: payers, M-Pesa that stutters, administrators, statements, and workers that are killed.

In the end the books are what the statement says, to the cent, whoever looks again finds nothing new, and no whole telephone
number is anywhere but where it is kept. ``SEEDS=1,2,3`` in the environment tries others, and ``ACTS=40`` lets everybody do
more: with as many as are usual, six people have done everything that there is to do, the rarest of it twice or thrice.
"""

from __future__ import annotations

import asyncio
import os
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any, Final

import pytest

from domain.identity.actor import SYSTEM, Actor
from domain.identity.permissions import Role
from domain.jobs.runner import Runner
from domain.jobs.settings import JobSettings
from domain.kit import clock, database
from domain.kit.clock import clock_set_to
from domain.kit.errors import DomainError
from domain.kit.unit_of_work import unit_of_work
from domain.payments import intake, provider
from domain.payments.intake.jobs import work_through
from domain.payments.models import Discrepancy, Payment, PaymentPrompt
from domain.payments.rules.resolving import possible
from domain.payments.service.asking import check_stuck_payments, query_mpesa_status
from domain.payments.service.commanding import check_mpesa_receipt, reverse_payment
from domain.payments.service.daily import daily_reconciliation, reconcile_ended_days
from domain.payments.service.discrepancies import assign_discrepancy, resolve_discrepancy
from domain.payments.service.folding import fold_tallies
from domain.payments.service.initiating import cancel_payment, initiate_mpesa_payment, resend_mpesa_prompt
from domain.payments.service.purging import purge_reconciliation_results
from domain.payments.service.reconciling import bulk_reconcile, queue_reconciliation, reconcile_payment
from domain.payments.service.statements import import_statement
from domain.payments.settling import Wanted, settle_orphans, settle_payments
from domain.payments.states import (
    DiscrepancyStatus,
    MessageKind,
    PromptState,
    Purpose,
    ReconTrigger,
    Resolution,
)
from domain.wallets.models import Wallet
from domain.wallets.service import transfer_funds, wallet_of
from tests.support.collected import kes
from tests.support.happenings import assert_integrity
from tests.support.mpesa_statements import a_statement
from tests.support.paying import brought, paying_settings
from tests.support.people import an_actor
from tests.support.stuttering import House
from tests.support.whole_numbers import Numbers

pytestmark = pytest.mark.usefixtures("database")

SEEDS: Final = [int(each) for each in os.environ.get("SEEDS", "1").split(",")]
ACTS_OF_EACH: Final = int(os.environ.get("ACTS", "26"))
FASTER: Final = 40
LEASE_S: Final = 1.5


@dataclass
class World:
    rng: random.Random
    house: House
    admins: list[Actor]
    payers: list[tuple[Actor, Wallet]]
    phones: set[str] = field(default_factory=set)
    broken: list[BaseException] = field(default_factory=list)
    done: dict[str, int] = field(default_factory=dict)

    async def some(self, model: Any, **where: Any) -> Any:
        rows = await model.filter(**where).limit(60)
        return self.rng.choice(rows) if rows else None

    async def try_it(self, name: str, act: Awaitable[Any]) -> None:
        try:
            await act
            self.done[name] = self.done.get(name, 0) + 1
        except DomainError as refusal:
            key = f"{name}:{refusal.code}"
            self.done[key] = self.done.get(key, 0) + 1
        except asyncio.CancelledError:
            raise
        except BaseException as error:
            self.broken.append(error)


async def _initiate(w: World) -> None:
    payer, wallet = w.rng.choice(w.payers)
    phone = f"07{w.rng.randint(10_000_000, 99_999_999)}"
    w.phones.add(f"254{phone[1:]}")
    await initiate_mpesa_payment(
        payer, purpose=Purpose.WALLET_TOP_UP, target_id=wallet.id, phone=phone, amount=kes(w.rng.choice([10, 100, 2500]))
    )


async def _resend(w: World) -> None:
    if payment := await w.some(Payment):
        await resend_mpesa_prompt(w.rng.choice(w.admins), payment_id=payment.id)


async def _cancel(w: World) -> None:
    if payment := await w.some(Payment):
        await cancel_payment(w.rng.choice(w.admins), payment_id=payment.id)


async def _query(w: World) -> None:
    if prompt := await w.some(PaymentPrompt, state=PromptState.ACCEPTED):
        await query_mpesa_status(w.rng.choice(w.admins), checkout_request_id=prompt.checkout_request_id)


async def _deliver(w: World) -> None:
    for _ in range(w.rng.randint(1, 6)):
        if w.house.mail:
            kind, body = w.house.mail.pop(w.rng.randrange(len(w.house.mail)))
            await intake.store_message(kind=kind, body=body, source_address="196.201.214.200")


async def _forge(w: World) -> None:
    body = w.rng.choice([b"{}", b"[", b'{"Body":{"stkCallback":{"CheckoutRequestID":"ws_CO_1","ResultCode":0}}}'])
    await intake.store_message(kind=w.rng.choice(list(MessageKind)), body=body, source_address="1.2.3.4")


async def _own(w: World) -> None:
    payment = await w.some(Payment)
    references = [w.rng.choice(w.payers)[1].number, "FEE 42", "0712345678", "0712 345 678", "FEE712345678"]
    if payment is not None:
        references += [payment.reference, payment.reference.lower(), payment.reference[:-1]]
    w.house.pays(w.rng.choice([1_000, 250_000, 99_950]), w.rng.choice(references), "254712345678")


async def _import(w: World) -> None:
    admin = w.rng.choice(w.admins)
    await import_statement(admin, file_id=(await a_statement(admin, w.house.statement(0.5))).id)


async def _whose(w: World, receipt: str | None) -> Payment | None:
    """What came for a prompt people match with the payment that was prompted for, other money with any."""
    prompted = (each for each in w.house.prompts.values() if each.came is not None and each.came.receipt == receipt)
    known = next(prompted, None)
    return await w.some(Payment) if known is None else await Payment.get(reference=known.push.reference)


async def _resolve(w: World) -> None:
    row = await w.some(Discrepancy, status__not=DiscrepancyStatus.RESOLVED)
    if row is None:
        return
    resolution = w.rng.choice([*possible(row.type) * 2, w.rng.choice(list(Resolution))])
    target = await _whose(w, row.receipt) if resolution is Resolution.MATCHED_BY_HAND else None
    both = w.admins if w.rng.random() < 0.5 else w.admins[:1]
    await asyncio.gather(
        *(
            w.try_it(
                f"resolve {row.type.value} {resolution.value}",
                resolve_discrepancy(
                    admin,
                    discrepancy_id=row.id,
                    resolution=resolution,
                    note="because 0712345678 said so",
                    payment_id=None if target is None else target.id,
                ),
            )
            for admin in both
        )
    )


async def _assign(w: World) -> None:
    if row := await w.some(Discrepancy):
        await assign_discrepancy(w.admins[1], discrepancy_id=row.id)


async def _reverse(w: World) -> None:
    if payment := await w.some(Payment, transaction_id__isnull=False):
        amount = w.rng.choice([None, kes(1), kes(5)])
        await reverse_payment(w.rng.choice(w.admins), payment_id=payment.id, remarks="wrong", amount=amount)


async def _check_receipt(w: World) -> None:
    if w.house.came:
        await check_mpesa_receipt(w.admins[0], receipt=w.rng.choice(list(w.house.came)))


async def _reconcile(w: World) -> None:
    ids = [each["id"] for each in await database.fetch("select id from payment order by random() limit 12")]
    if not ids:
        return
    match w.rng.randrange(3):
        case 0:
            await reconcile_payment(w.admins[0], session_id=ids[0])
        case 1:
            await bulk_reconcile(w.admins[1], session_ids=ids)
        case _:
            await queue_reconciliation(w.admins[0], session_id=ids[0])


async def _spend(w: World) -> None:
    (one, wallet), (_, to) = w.rng.sample(w.payers, 2)
    balance = await database.fetchval("select balance_minor from ledger_account where id = $1", wallet.account_id)
    if balance and balance > 100:
        await transfer_funds(one, from_wallet_id=wallet.id, to_wallet_id=to.id, amount=kes(1))


async def _chores(w: World) -> None:
    match w.rng.randrange(5):
        case 0:
            await check_stuck_payments()
        case 1:
            await purge_reconciliation_results(SYSTEM, older_than=clock.now() - timedelta(days=2))
        case 2:
            await daily_reconciliation(w.admins[0], on_date=(clock.now() - timedelta(days=1)).date())
        case 3:
            await reconcile_ended_days()
        case _:
            await fold_tallies()


ACTS: Final[tuple[tuple[int, Callable[[World], Awaitable[None]]], ...]] = (
    (10, _initiate), (4, _resend), (2, _cancel), (3, _query), (16, _deliver), (2, _forge), (4, _own), (1, _import),
    (8, _resolve), (1, _assign), (3, _reverse), (1, _check_receipt), (6, _reconcile), (3, _spend), (2, _chores),
)  # fmt: skip


async def _worker(w: World, kills: bool) -> None:
    rng = random.Random(w.rng.random())
    while True:
        work = asyncio.ensure_future(rng.choice([_run_jobs, work_through, brought])())
        if kills and rng.random() < 0.5:
            await asyncio.sleep(rng.random() * 0.15)
            work.cancel()
        try:
            await work
        except asyncio.CancelledError:
            current = asyncio.current_task()
            if current is not None and current.cancelling():
                raise
        except BaseException as error:
            w.broken.append(error)
        await asyncio.sleep(0)


async def _run_jobs() -> int:
    return await Runner(JobSettings(lease_s=LEASE_S, poll_s=0.02, places=8, grace_s=0.05)).run_what_is_there()


async def _person(w: World, acts: int) -> None:
    for _ in range(acts):
        weights, choices = zip(*ACTS, strict=True)
        act = w.rng.choices(choices, weights)[0]
        await w.try_it(act.__name__, act(w))
        await asyncio.sleep(w.rng.random() * 0.03)


@pytest.mark.parametrize("seed", SEEDS)
async def test_everything_at_once(seed: int) -> None:
    rng = random.Random(seed)
    began, base = monotonic(), datetime.now(UTC)
    deadlocks = await _deadlocks()
    ahead = [0.0]
    with clock_set_to(lambda: base + timedelta(seconds=(monotonic() - began) * FASTER + ahead[0])):
        house = House(rng)
        with provider.installed(house), paying_settings(prompts_of_phone=1000, prompts_by_person=1000):
            w = World(rng, house, [await an_actor(Role.ADMIN) for _ in range(2)], [])
            for _ in range(4):
                payer = await an_actor(Role.BORROWER)
                w.payers.append((payer, await wallet_of(payer.id, "KES")))
            workers = [asyncio.ensure_future(_worker(w, kills)) for kills in (True, True, False)]
            await asyncio.gather(*(_person(w, ACTS_OF_EACH) for _ in range(6)))
            for worker in workers:
                worker.cancel()
            await asyncio.gather(*workers, return_exceptions=True)
            for worker in workers:
                if not worker.cancelled() and worker.exception():
                    w.broken.append(worker.exception())  # type: ignore[arg-type]
            await _come_to_rest(w, ahead)
            assert w.broken == []
            await _all_is_right(w)
    assert await _deadlocks() == deadlocks


async def _come_to_rest(w: World, ahead: list[float]) -> None:
    admin = w.admins[0]
    # What the killed had in hand is free again.
    await asyncio.sleep(LEASE_S + 0.2)
    while w.house.mail:
        await _deliver(w)
    for turn in range(14):
        ahead[0] += 400
        await _run_jobs()
        await work_through()
        await brought()
        while w.house.mail:
            await _deliver(w)
        if turn == 8:
            await import_statement(admin, file_id=(await a_statement(admin, w.house.statement())).id)


async def _all_is_right(w: World) -> None:
    before = await _state()
    ids = [each["id"] for each in await database.fetch("select id from payment order by id")]
    orphans = [
        each["receipt"] for each in await database.fetch("select receipt from mpesa_receipt where payment_id is null")
    ]
    async with unit_of_work() as work:
        await settle_payments(
            work,
            [Wanted(payment_id=each, trigger=ReconTrigger.MANUAL, started_at=clock.now()) for each in ids],
            orphans=orphans,
        )
        await settle_orphans(work, orphans)
    after = await _state()
    for was, now in zip(before, after, strict=True):
        assert [each for each in now if each not in was] == [], "whoever looks again finds nothing new"
    assert after == before
    credits = {each["receipt"]: each for each in await database.fetch("select * from payment_credit")}
    wrong = {
        receipt: (came.amount, came.backs, credits[receipt]["amount_minor"], credits[receipt]["reversed_minor"])
        for receipt, came in w.house.came.items()
        if receipt not in credits or credits[receipt]["net_minor"] != came.left
    }
    assert wrong == {}
    assert credits.keys() - w.house.came.keys() == set()
    assert await database.fetchval("select count(*) from job_task where state = 'DEAD'") == 0
    await assert_integrity()
    async with database.connection() as c:
        assert await Numbers({"254712345678", *w.phones}).in_tables(c) == {}


async def _state() -> list[list[tuple[Any, ...]]]:
    asked = (
        "select id, status, purpose_minor, suspense_minor, transaction_id from payment order by id",
        "select receipt, payment_id, amount_minor, reversed_minor, destination from payment_credit order by receipt",
        "select type, payment_id, receipt, status, expected, received from discrepancy order by serial",
        "select count(*) from journal_entry",
    )
    return [[tuple(each) for each in await database.fetch(one)] for one in asked]


async def _deadlocks() -> int:
    await database.fetch("select pg_stat_force_next_flush()")
    found: int = await database.fetchval("select deadlocks from pg_stat_database where datname = current_database()")
    return found
