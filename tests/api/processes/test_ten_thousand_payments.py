"""Thousands of people pay, things go wrong in every way, processes die: in the end all that is wrong is known, and no more.

`PAYMENTS=10000 pytest tests/api/processes/test_ten_thousand_payments.py -s` tells the whole story, for which a machine needs
minutes of its own; without it fewer people pay, and the same holds of them.

What has to be found is worked out from what the simulated M-Pesa says really happened (tests/support/payment_truth.py).
Nobody waits for real minutes: when all callbacks that are in time have come, the times at which they were due are moved to
that moment; what comes after that is late, and what does not come is missing.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import asyncpg
import orjson
import pytest

from api.demo import people
from api.demo.people import DemoPerson
from domain.kit import clock
from domain.ledger.chart import id_of_house_account
from domain.payments.accounts import IN_TRANSIT, MPESA_CLEARING, MPESA_SUSPENSE
from schema.kit.ids import encode_id, read_id
from tests.api.processes.cast import Somebody, everybody_at_work
from tests.api.processes.installation import ask, signed_in
from tests.api.processes.till import WEBHOOKS, Till, a_till
from tests.support.crowds import Payer, Purse, numbers_by_chance, payers_by_chance, prompt_them, purses_of, put_in
from tests.support.operations import operation
from tests.support.payment_truth import UNPAID, Circumstances, Demand, Found, Money, demanded
from tests.support.whole_numbers import Numbers

PAYMENTS: Final = int(os.environ.get("PAYMENTS", "300"))
WHOLE_WAY: Final = min(300, PAYMENTS // 5)
"""So many are asked for one by one, through the API and the worker."""

THEMSELVES: Final = (people.BORROWER, people.SECOND_BORROWER, people.THIRD_BORROWER)
BY_THEMSELVES: Final = min(45, WHOLE_WAY // 2)
"""So many of those by three payers: nobody is prompted as often as they like."""

PAY: Final = operation("payments/InitiateMpesaPayment")

TO_THE_SERVER_THAT_DIES: Final = 10
"""One in so many callbacks goes there."""

ON_THEIR_OWN: Final = 40
"""So many pay by Paybill in each of the ways in which people do that."""

NOT_IN_STATEMENT: Final = 25
SEED: Final = "ten thousand"
IN_THE_END_S: Final = 60 + PAYMENTS * 0.06
CHOSEN: Final = {
    "CALLBACK_WITHIN_S": "3600",
    "PROMPT_EXPIRES_AFTER_S": "86400",
    "RECON_INTERVAL_S": "60",
    "RECON_BATCH": "1000",
    "DAFTARI_JOB_LEASE_S": "2",
    "MPESA_TIMEOUT_S": "60",
    "DAFTARI_LOG_LEVEL": "INFO",
}
# As if so much time had passed that no callback is in time any more, and that who is undecided is stuck.
LET_TIME_PASS: Final = (
    "update payment_prompt set callback_due_at = now() where state = 'ACCEPTED'",
    "update payment set status_at = status_at - interval '2 hours' where status in ('CREATED', 'STK_SENT', 'PROCESSING')",
    "update job_task set run_after = now() where name = 'payments.ask' and state = 'QUEUED'",
    "update reconciliation set due_at = now() where status = 'QUEUED' and asks",
)
UNDECIDED: Final = "select count(*) from payment where status in ('CREATED', 'STK_SENT', 'PROCESSING')"
TO_BE_PROMPTED: Final = "select count(*) from payment_prompt where state in ('WAITING', 'ASKED')"
NOT_PROMPTED: Final = """
select state, error_code, error_text from payment_prompt where state <> 'ACCEPTED' and created_at > $1
"""

# Whatever waits anywhere for anybody to work on it.
WAITING: Final = """
select (select count(*) from mpesa_message where state in ('RECEIVED', 'PARKED')) as messages,
       (select count(*) from reconciliation where status in ('QUEUED', 'ACTIVE', 'UNVERIFIED')) as reconciliations,
       (select count(*) from job_task where state in ('QUEUED', 'RUNNING', 'RETRYING')
            and (name like 'payments.%' or run_after < now()) and name not in (select name from job_schedule)) as tasks,
       (select count(*) from job_task where state = 'DEAD') as dead,
       (select count(*) from statement_import where status in ('QUEUED', 'RUNNING')) as statements,
       (select count(*) from outbox) as events,
       (select coalesce(max(head.position - heard.position), 0) from event_checkpoint heard, event_log_head head) as unheard
"""


@dataclass
class Story:
    """What is known to whoever tells it."""

    till: Till
    database: asyncpg.Connection
    purses: Sequence[Purse]
    rng: random.Random
    payers: list[Payer] = field(default_factory=list)
    phones: set[str] = field(default_factory=set)
    answers: bytearray = field(default_factory=bytearray)
    took: dict[str, float] = field(default_factory=dict)
    began_at: datetime = field(default_factory=clock.now)
    """What the demo story tells of payments was before."""

    @asynccontextmanager
    async def part(self, name: str) -> AsyncIterator[None]:
        began = time.perf_counter()
        yield
        self.took[name] = time.perf_counter() - began
        print(f"{name}: {self.took[name]:.1f} s", flush=True)

    async def until(self, none: Callable[[], Awaitable[Any]], what: str) -> None:
        """Until nothing is left of something."""
        left: Any = None
        try:
            async with asyncio.timeout(IN_THE_END_S):
                while left := await none():  # noqa: ASYNC110
                    await asyncio.sleep(0.1)
        except TimeoutError:
            pytest.fail(f"{what}: {left} are left")

    def purse_of(self, person: DemoPerson) -> Purse:
        return next(purse for purse in self.purses if purse.email == person.email)

    async def count(self, sql: str) -> int:
        number: int = await self.database.fetchval(sql)
        return number


@pytest.mark.timeout(600 + PAYMENTS // 4)
async def test_all_that_is_wrong_is_found_and_nothing_else(told_home: Path) -> None:
    simulated = ("--seed", SEED, "--delay", "6", "--late", "86400", "--reversal", "86400")
    async with a_till(told_home, *simulated, **CHOSEN) as till:
        database = await asyncpg.connect(till.place.servers.database_url)
        story = Story(till, database, [], random.Random(SEED))
        async with story.part("start"):
            await asyncio.gather(
                *(till.place.start_server(name) for name in ("one", "two")),
                *(till.place.start_worker(name) for name in ("first", "second")),
            )
            story.purses = await purses_of(database)
        before = await _books(story)
        async with everybody_at_work(
            till.place.address_of("one"), "payments", {people.ADMIN: ["ReconciliationFeed"]}
        ) as cast:
            admin = cast[people.ADMIN]
            async with story.part("asked for one by one"):
                await _ask_one_by_one(story)
            async with story.part("put in at once"):
                await _put_in_at_once(story)
            async with story.part("callbacks in time, and deaths"):
                await _callbacks_come_and_processes_die(story)
            async with story.part("customers pay on their own"):
                await _pay_on_their_own(story)
            async with story.part("late callbacks, and questions"):
                await _be_late(story, admin)
            async with story.part("statement"):
                lacking = await _import_statement(story, admin)
            async with story.part("until it is quiet"):
                await story.until(lambda: _waiting(story), "waiting")
            demand = await _demanded(story, lacking)
            async with story.part("comparing"):
                await _all_is_found(story, admin, demand)
                await _money_is_equal(story, demand, before)
                await _figures_add_up(story, admin)
                await _all_is_well(story, admin)
                await _nobodys_number_is_written(story, admin)
            heard = Counter(item["__typename"] for item in admin.feeds["ReconciliationFeed"].items)
            assert heard["DiscrepancyAlert"] and heard["ReconciliationFinished"]
            print(heard, admin.feeds["ReconciliationFeed"].cuts)
        await database.close()
        print({name: round(seconds, 1) for name, seconds in story.took.items()}, round(sum(story.took.values()), 1))


async def _ask_one_by_one(story: Story) -> None:
    """People have themselves asked to pay into their wallets, or others by who collects; the worker has the telephones
    prompted."""
    phones = numbers_by_chance(story.rng, PAYMENTS)
    story.phones |= set(phones)
    own = [story.purse_of(person) for person in THEMSELVES]
    mine = [(own[place % len(own)], phone) for place, phone in enumerate(phones[:BY_THEMSELVES])]
    others = [(story.rng.choice(story.purses), phone) for phone in phones[BY_THEMSELVES:WHOLE_WAY]]
    shares = [(person, mine[place :: len(own)]) for place, person in enumerate(THEMSELVES)]
    shares += [(people.ADMIN, others[place::2]) for place in range(2)]
    await asyncio.gather(*(_ask_for(story, person, share) for person, share in shares))
    await story.until(lambda: story.count(TO_BE_PROMPTED), "prompts")
    assert await story.database.fetch(NOT_PROMPTED, story.began_at) == []
    story.payers += payers_by_chance(story.rng, story.purses, phones[WHOLE_WAY:])


async def _ask_for(story: Story, person: DemoPerson, share: Sequence[tuple[Purse, str]]) -> None:
    http, _ = await signed_in(story.till.place.address_of("one"), person)
    async with aclosing(http):
        for purse, phone in share:
            shillings = story.rng.randint(10, 5_000)
            money = {"amount": str(shillings), "currency": "KES"}
            given = {"purpose": "WALLET_TOP_UP", "targetId": encode_id("Wallet", purse.id), "amount": money}
            answer = await ask(http, PAY, input=given | {"phone": f"0{phone[3:]}"})
            story.answers += orjson.dumps(answer)
            made = answer["initiateMpesaPayment"]
            assert made["errors"] == [], made
            payment = made["payment"]
            payment_id = read_id("Payment", payment["id"])
            story.payers.append(Payer(payment_id, payment["reference"], purse, phone, shillings))


async def _put_in_at_once(story: Story) -> None:
    payers = story.payers[WHOLE_WAY:]
    await put_in(story.database, payers)
    few = len(payers) // TO_THE_SERVER_THAT_DIES
    for some, server in ((payers[:few], "two"), (payers[few:], "one")):
        await prompt_them(story.database, story.till.mpesa, some, f"{story.till.place.address_of(server)}{WEBHOOKS}/stk")


async def _callbacks_come_and_processes_die(story: Story) -> None:
    till = story.till
    await _until_kept(story, PAYMENTS // 5)
    await till.place.kill("first")
    await _until_kept(story, PAYMENTS * 2 // 5)
    await till.place.kill("two")
    await asyncio.gather(till.place.lose_redis_for(0.5), till.place.start_worker("first"))
    await till.place.start_server("two")
    async with story.part("- callbacks sent"):
        await story.until(lambda: _on_their_way(story), "callbacks in time")
    await story.until(lambda: story.count("select count(*) from mpesa_message where state = 'RECEIVED'"), "messages")
    async with story.database.transaction():
        for statement in LET_TIME_PASS:
            await story.database.execute(statement)


async def _until_kept(story: Story, messages: int) -> None:
    async def missing() -> int:
        return max(0, messages - await story.count("select count(*) from mpesa_message"))

    await story.until(missing, "messages")


async def _on_their_way(story: Story) -> int:
    """What is still to happen, without what happens late or never by itself."""
    counts = await story.till.mpesa.counts()
    wrong, states = counts["misbehaviours"], counts["states"]
    return int(counts["outstanding"]) - wrong["LATE"] - wrong["REVERSED"] + int(states.get("PROCESSING", 0) and 1)


async def _pay_on_their_own(story: Story) -> None:
    """Some pay again, some after they had declined and from another telephone, some into wallets, some for what nobody
    knows."""
    truth = [each for each in await story.till.mpesa.truth() if _is_simple(each)]
    by_reference = {payer.reference: payer for payer in story.payers}
    again = [by_reference[each["reference"]] for each in truth if each["state"] == "PAID"][:ON_THEIR_OWN]
    after_all = [by_reference[each["reference"]] for each in truth if each["state"] == "FAILED"][:ON_THEIR_OWN]
    others = numbers_by_chance(random.Random("others"), 3 * ON_THEIR_OWN)
    story.phones |= set(others)
    paid = [(payer.reference.lower(), payer.shillings, payer.phone) for payer in again]
    paid += [(payer.reference, payer.shillings, phone) for payer, phone in zip(after_all, others, strict=False)]
    for place, phone in enumerate(others[ON_THEIR_OWN:]):
        unknown = f"0{phone[3:]}" if place % 3 == 0 else f"SHAMBA {place}"
        number = story.rng.choice(story.purses).number if place < ON_THEIR_OWN else unknown
        paid.append((number, 100 + place, phone))
    for start in range(0, len(paid), 20):
        some = (story.till.mpesa.customer_pays(to, str(sum_), phone) for to, sum_, phone in paid[start : start + 20])
        for answer in await asyncio.gather(*some):
            answer.raise_for_status()


def _is_simple(payment: dict[str, Any]) -> bool:
    """Nothing went wrong with its messages."""
    told = [each["status"] for each in payment["deliveries"] if each["kind"] == "CALLBACK"]
    return payment["misbehaviour"] == "NONE" and told == [200]


async def _be_late(story: Story, admin: Somebody) -> None:
    """The provider is asked about who is stuck, while what is late comes."""
    run = await admin.sees("jobs/RunJobNow", input={"name": "payments.periodic_check"})
    assert run["errors"] == []
    async with story.part("- late ones delivered"):
        await story.till.mpesa.delivered()
    await story.until(lambda: story.count(UNDECIDED), "undecided payments")


async def _import_statement(story: Story, admin: Somebody) -> set[str]:
    """Import the provider's statement through the API, but for some rows; the worker dies over it. The receipts of those."""
    statement = (await story.till.mpesa.http.get("/simulator/statement.csv")).text.splitlines(keepends=True)
    truth = [each for each in await story.till.mpesa.truth() if _is_simple(each) and each["state"] == "PAID"]
    known = {each["receipt"] for each in truth if each["channel"] == "PROMPT"}
    middle = [row.split(",", 1)[0] for row in statement[len(statement) // 3 : len(statement) // 2]]
    lacking = set([receipt for receipt in middle if receipt in known][:NOT_IN_STATEMENT])
    rest = "".join(row for row in statement if row.split(",", 1)[0] not in lacking)
    headers = {"x-file-name": "statement.csv", "x-file-purpose": "mpesa_statement", "content-type": "text/csv"}
    handed_in = await admin.http.post("/files", content=rest.encode(), headers=headers)
    assert handed_in.status_code == 201, handed_in.text
    made = await admin.does("ImportMpesaStatement", fileId=handed_in.json()["fileId"])
    assert made["errors"] == []

    async def rows_left() -> int:
        row = await story.database.fetchrow("select rows_total - rows_done as left, status from statement_import")
        return 0 if row["status"] == "DONE" else row["left"] or 1

    async def until_half() -> bool:
        return bool(await rows_left() > len(statement) // 2)

    await story.until(until_half, "half of the statement")
    await story.till.place.kill("second")
    await story.till.place.kill("first")
    await asyncio.gather(story.till.place.start_worker("first"), story.till.place.start_worker("second"))
    await story.until(rows_left, "rows of the statement")
    return lacking


async def _waiting(story: Story) -> dict[str, int]:
    row = await story.database.fetchrow(WAITING)
    return {name: number for name, number in row.items() if number}


async def _demanded(story: Story, lacking: set[str]) -> Demand:
    kept: Counter[tuple[str, int]] = Counter()
    for row in await story.database.fetch(
        "select body from mpesa_message where kind = 'STK_CALLBACK' and received_at > $1", story.began_at
    ):
        callback = json.loads(row["body"])["Body"]["stkCallback"]
        kept[callback["CheckoutRequestID"], int(callback["ResultCode"])] += 1
    references = {payer.reference for payer in story.payers}
    wallets = {purse.number for purse in story.purses}
    truth = await story.till.mpesa.truth()
    print(Counter(each["misbehaviour"] for each in truth), Counter(each["state"] for each in truth))
    return demanded(truth, Circumstances(references, wallets, kept, lacking))


async def _all_is_found(story: Story, admin: Somebody, demand: Demand) -> None:
    """By type: nothing is found that is not so, and nothing that is so is not found."""
    keys = await _keys(story)
    found: set[Found] = set()
    async for node in _pages(story, admin, "Discrepancies", filter={"statuses": ["OPEN", "ASSIGNED"]}):
        if datetime.fromisoformat(node["foundAt"]) < story.began_at:
            continue
        key = None if node["sessionId"] is None else keys[str(read_id("Payment", node["sessionId"]))]
        found.add((key, node["type"], node["receipt"]))
    for kind in sorted({each[1] for each in found | demand.discrepancies}):
        said = {each for each in found if each[1] == kind}
        true = {each for each in demand.discrepancies if each[1] == kind}
        print(f"{kind}: {len(true)} true, precision {_share(said & true, said)}, recall {_share(said & true, true)}")
    for each in found ^ demand.discrepancies:
        print("untrue" if each in found else "not found", each)
    assert found - demand.discrepancies == set(), "nothing that is not so"
    assert demand.discrepancies - found == set(), "all that is so"


def _share(part: set[Found], whole: set[Found]) -> float:
    return len(part) / len(whole) if whole else 1.0


async def _keys(story: Story) -> dict[str, str]:
    """Payments by what the truth knows them by."""
    references = {payer.reference for payer in story.payers}
    rows = await story.database.fetch(
        "select payment.id, reference, receipt from payment left join mpesa_receipt on payment_id = payment.id"
    )
    return {str(row["id"]): row["reference"] if row["reference"] in references else row["receipt"] for row in rows}


async def _pages(story: Story, admin: Somebody, name: str, **variables: Any) -> AsyncIterator[dict[str, Any]]:
    """All rows of a list."""
    after = None
    while True:
        page = await admin.sees(name, first=100, after=after, **variables)
        story.answers += orjson.dumps(page)
        for node in page["nodes"] if "nodes" in page else [edge["node"] for edge in page["edges"]]:
            yield node
        if not page["pageInfo"]["hasNextPage"]:
            return
        after = page["pageInfo"]["endCursor"]


async def _money_is_equal(story: Story, demand: Demand, before: dict[Any, int]) -> None:
    """To the cent: of each receipt, of each payment, in the ledger, and in the wallets."""
    rows = await story.database.fetch(
        "select receipt, amount_minor, reversed_minor from payment_credit where created_at > $1", story.began_at
    )
    assert {row["receipt"]: (row["amount_minor"], row["reversed_minor"]) for row in rows} == demand.receipts
    keys = await _keys(story)
    payments = {}
    for row in await story.database.fetch(
        "select id, status, purpose_minor, suspense_minor from payment where created_at > $1", story.began_at
    ):
        status = UNPAID if row["status"] in ("FAILED", "CANCELLED", "EXPIRED") else row["status"]
        payments[keys[str(row["id"])]] = status, Money(row["purpose_minor"], row["suspense_minor"])
    assert payments == demand.payments
    after = await _books(story)
    moved = {account: after[account] - before[account] for account in after}
    in_all = sum(paid - taken_back for paid, taken_back in demand.receipts.values())
    waits = sum(money.suspense for _, money in demand.payments.values()) + sum(demand.orphans.values())
    house = {account: id_of_house_account(account, "KES") for account in (MPESA_CLEARING, IN_TRANSIT, MPESA_SUSPENSE)}
    assert moved[house[MPESA_CLEARING]] == in_all
    assert moved[house[IN_TRANSIT]] == 0
    assert -moved[house[MPESA_SUSPENSE]] == waits
    expected: dict[Any, int] = defaultdict(int)
    by_name = {purse.number: purse for purse in story.purses} | {payer.reference: payer.purse for payer in story.payers}
    for name, minor in demand.topped_up.items():
        expected[by_name[name].account_id] += minor
    assert {purse.account_id: -moved[purse.account_id] for purse in story.purses} == {
        purse.account_id: expected[purse.account_id] for purse in story.purses
    }


async def _books(story: Story) -> dict[Any, int]:
    """What accounts of payments and of wallets hold; what is owed to somebody is below nothing."""
    accounts = [id_of_house_account(account, "KES") for account in (MPESA_CLEARING, IN_TRANSIT, MPESA_SUSPENSE)]
    accounts += [purse.account_id for purse in story.purses]
    rows = await story.database.fetch(
        "select account_id, sum(amount_minor)::bigint as held from journal_line where account_id = any($1) group by 1",
        accounts,
    )
    return dict.fromkeys(accounts, 0) | {row["account_id"]: row["held"] for row in rows}


async def _figures_add_up(story: Story, admin: Somebody) -> None:
    stats = await admin.sees("ReconciliationStats")
    ended = {
        row["status"]: row["count"]
        for row in await story.database.fetch("select status, count(*) from reconciliation group by status")
    }
    print(stats)
    assert stats["queueLength"] == stats["activeReconciliations"] == 0
    assert stats["totalProcessed"] == sum(
        stats[name] for name in ("successfulReconciliations", "failedReconciliations", "discrepanciesDetected")
    )
    assert (stats["successfulReconciliations"], stats["failedReconciliations"], stats["discrepanciesDetected"]) == (
        ended.get("MATCHED", 0),
        ended.get("FAILED", 0),
        ended.get("DISCREPANCY", 0),
    )


async def _all_is_well(story: Story, admin: Somebody) -> None:
    assert (await admin.sees("jobs/JobStatus", troubledOnly=True))["parked"] == 0
    assert await story.count("select count(*) from parked_event") == 0
    report = await admin.sees("core/IntegrityReport")
    assert report["broken"] == [] and report["holds"], report["broken"]


async def _nobodys_number_is_written(story: Story, admin: Somebody) -> None:
    numbers = Numbers(story.phones)
    assert await numbers.in_tables(story.database) == {}
    for name in ("Payments", "MpesaMessages", "ReconciliationResults", "OrphanTransactions", "MyPayments"):
        count = 0
        async for _ in _pages(story, admin, name):
            count += 1
            if count == 300:
                break
    for item in admin.feeds["ReconciliationFeed"].items:
        story.answers += orjson.dumps(item)
    assert numbers.in_text(bytes(story.answers)) == []
    assert numbers.in_text(story.till.place.all_said()) == []
