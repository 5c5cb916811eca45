"""Whatever is said in whatever order and batches, at once, and with workers killed: it ends as if all were known at once."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.kit import clock
from domain.kit.database import Record
from domain.kit.unit_of_work import retried, unit_of_work
from domain.payments.rules.evidence import Evidence
from domain.payments.rules.matching import Decision, settle
from domain.payments.settling import settle_orphans, settle_payments
from domain.payments.settling.deciding import claim_of, intent_of
from domain.payments.settling.reading import open_dossiers
from domain.payments.states import TAKEN, Destination, Outcome, PaymentStatus, ReconTrigger
from tests.domain.payments.rules.factory import ASKED, LATER, answer, callback, confirmation, kes, row, taken_back
from tests.domain.payments.settling.factory import Made, all_is_well, books, payments, rows, want, write_claims
from tests.support.cleaning import empty_all_tables
from tests.support.happenings import events_so_far

pytestmark = pytest.mark.usefixtures("database")

HOW_MANY = 3
Said = tuple[int | None, Evidence]
"""Of which payment it is said, or of none."""

receipts = st.sampled_from([f"TH{number:08d}" for number in range(5)])
amounts = st.sampled_from([ASKED, ASKED, ASKED, kes(2_499), kes(5_000)])
moments = st.integers(1, 3_000)
failures = st.sampled_from([Outcome.FAILED, Outcome.CANCELLED, Outcome.EXPIRED])
backs = st.sampled_from([f"TJ{number:08d}" for number in range(3)])

of_a_payment = st.one_of(
    st.builds(callback, after_s=moments, receipt=receipts, amount=amounts),
    st.builds(callback, failures, after_s=moments),
    st.builds(answer, failures | st.sampled_from([Outcome.PENDING, Outcome.PAID]), after_s=moments),
    st.builds(confirmation, after_s=moments, receipt=receipts, amount=amounts),
)
of_a_receipt = st.one_of(
    st.builds(row, after_s=moments, receipt=receipts, amount=amounts),
    st.builds(confirmation, after_s=moments, receipt=receipts, amount=amounts),
    st.builds(lambda receipt, back: replace(taken_back(receipt=receipt), receipt=back), receipts, backs),
    st.builds(lambda receipt, back: replace(taken_back(kes(1_000), receipt), receipt=back), receipts, backs),
)
said: st.SearchStrategy[Said] = st.one_of(
    st.tuples(st.integers(0, HOW_MANY - 1), of_a_payment), st.tuples(st.none(), of_a_receipt)
)


@retried
async def worked(made: Sequence[Made], batch: Sequence[Said]) -> None:
    """As a worker does: whose a receipt is, is looked up; the rest is settling's."""
    async with unit_of_work() as work:
        named = [claim.reverses or claim.receipt for of, claim in batch if of is None]
        found = await work.fetch("select receipt, payment_id from mpesa_receipt where receipt = any($1::text[])", named)
        owners = {each["receipt"]: next(one for one in made if one.id == each["payment_id"]) for each in found if each[1]}
        told = [
            (owners.get(claim.reverses or claim.receipt or "") if of is None else made[of], claim) for of, claim in batch
        ]
        await write_claims(work, told)
        nobodys = {claim.reverses or claim.receipt or "" for of, claim in told if of is None}
        await settle_payments(work, [want(of) for of, _ in told if of is not None], orphans=nobodys)
        await settle_orphans(work, nobodys)


async def looked_at(made: Sequence[Made]) -> None:
    async with unit_of_work() as work:
        await settle_payments(work, [want(each, trigger=ReconTrigger.PERIODIC) for each in made])


async def killed_perhaps(made: Sequence[Made], batch: Sequence[Said], chance: random.Random) -> None:
    """A worker may be killed at any moment; then another does it all once more, whether or not it had come to its end."""
    worker = asyncio.ensure_future(worked(made, batch))
    if chance.random() < 0.3:
        await asyncio.sleep(chance.random() * 0.03)
        worker.cancel()
    try:
        await worker
    except asyncio.CancelledError:
        await worked(made, batch)


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(said, min_size=1, max_size=14), st.integers(0, 2**30))
async def test_it_ends_as_if_all_had_been_known_at_once(told: list[Said], seed: int) -> None:
    await empty_all_tables()
    chance = random.Random(seed)
    made = await payments(HOW_MANY)
    told += chance.sample(told, chance.randint(0, len(told)))
    chance.shuffle(told)
    batches = [told[at : at + 4] for at in range(0, len(told), 4)]
    with clock.clock_set_to(LATER):
        await asyncio.gather(*(killed_perhaps(made, batch, chance) for batch in batches))
        await looked_at(made)
        await assert_all_is_as_it_should_be(made)
        before = await _all_of_it()
        await looked_at(made)
        assert await _all_of_it() == before, "who looks again finds nothing new"


async def assert_all_is_as_it_should_be(made: Sequence[Made]) -> None:
    """What is in the tables is what the rules say of all that was said, whose receipts being as registered."""
    held: Counter[str] = Counter()
    async with unit_of_work() as work:
        for dossier in await open_dossiers(work, [each.id for each in made]):
            owned = {each["receipt"] for each in await work.fetch(OWNED, dossier.id)}
            dossier.elsewhere = {each["receipt"] for each in dossier.evidence if each["receipt"]} - owned
            at_last = replace(intent_of(dossier, LATER), status=PaymentStatus.STK_SENT, booked=())
            decision = settle(at_last, [claim_of(each) for each in dossier.evidence], LATER)
            payment = dossier.payment
            money = [decision.at(each, "KES").amount_minor for each in Destination]
            assert [payment["purpose_minor"], payment["suspense_minor"]] == money
            # How it ended without money is how that was heard first; of money nothing is first.
            assert (payment["status"] if decision.status in TAKEN else payment["status"] in TAKEN) == (
                decision.status if decision.status in TAKEN else False
            )
            # Of two receipts that pay equally well it is the one that was there first.
            assert _credits(dossier.credits) == _credits_of(decision)
            assert {each["receipt"] for each in dossier.credits} == {each.receipt for each in decision.credits}
            open_ones = Counter(each["type"] for each in dossier.discrepancies if each["status"] == "OPEN")
            assert open_ones == Counter(issue.type.value for issue in decision.issues)
            held["2910"] += money[0]
            held["2920"] += money[1]
    orphans = await rows("select coalesce(sum(net_minor), 0)::bigint from payment_credit where payment_id is null")
    held["2920"] += orphans[0][0]
    held["1210"] = held["2910"] + held["2920"]
    assert await books() == {code: amount for code, amount in held.items() if amount}
    await all_is_well()
    credited = [each.fact.payment for each in await events_so_far() if each.name == "payments.payment_credited"]
    last = {payment.id: (payment.purpose_amount.amount_minor, payment.suspense_amount.amount_minor) for payment in credited}
    now = await rows("select id, purpose_minor, suspense_minor from payment where purpose_minor + suspense_minor > 0")
    assert {payment_id: money for payment_id, *money in now} == {
        payment_id: list(money) for payment_id, money in last.items() if any(money)
    }


OWNED = "select receipt from mpesa_receipt where payment_id = $1"


def _credits(found: Sequence[Record]) -> Counter[tuple[object, ...]]:
    return Counter((each["amount_minor"], each["reversed_minor"], each["destination"]) for each in found)


def _credits_of(decision: Decision) -> Counter[tuple[object, ...]]:
    return Counter(
        (each.amount.amount_minor, each.reversed.amount_minor, each.destination.value) for each in decision.credits
    )


async def _all_of_it() -> list[list[tuple[object, ...]]]:
    return [
        await rows("select id, status, purpose_minor, suspense_minor, transaction_id, version from payment order by id"),
        await rows("select receipt, payment_id, net_minor, destination from payment_credit order by receipt"),
        await rows("select count(*) from journal_entry"),
    ]
