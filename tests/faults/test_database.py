"""PostgreSQL dies, the network to it fails in every way that networks do, its disk is full or slow."""

from __future__ import annotations

import asyncio
import random
import shutil
import subprocess
from pathlib import Path

import asyncpg
import pytest

from tests.api.processes.installation import ask
from tests.faults.house import KEYS, House, Load, until, until_answered
from tests.support.carriers import PostCatcher, listening
from tests.support.operations import operation
from tests.support.wires import Line
from tests.trust.recording import Figures

pytestmark = pytest.mark.timeout(300)

COMMIT = b"COMMIT;"


@pytest.mark.fault("PostgreSQL is killed under load and starts again")
async def test_postgres_is_killed_under_load(house: House, figures: Figures) -> None:
    async with house.at_work() as load:
        await house.kill_postgres()
        await until(lambda: load.told["UNAVAILABLE"])
        await house.start_postgres()
    figures.add("acts", load.done)
    assert set(load.told) <= {"UNAVAILABLE", "IN_PROGRESS"}


@pytest.mark.fault("the network to PostgreSQL is cut in the midst of a commit: nobody knows what came of it")
@pytest.mark.parametrize("arrives", [True, False], ids=["committed", "not committed"])
async def test_a_commit_is_cut_in_two(house: House, figures: Figures, arrives: bool) -> None:
    """The COMMIT arrives and its answer does not, or it is lost itself. Either way the same key makes a repeat safe."""
    giver, client = house.clients[0]
    number = next(KEYS)
    doomed: set[Line] = set()
    cuts = 0

    async def cut_at_commit(line: Line, said: bytes) -> None:
        nonlocal cuts
        if f"fault {number}".encode() in said and not cuts:
            doomed.add(line)
        if line not in doomed or COMMIT not in said:
            return
        cuts += 1
        doomed.clear()
        if arrives:
            # What it says to us afterwards is lost.
            line.swallows = True
            line.to_server.write(said)
            await line.to_server.drain()
            await asyncio.sleep(0.1)
        line.cut()

    async with house.at_work(busy=False) as load:
        house.database.overheard = cut_at_commit
        try:
            replayed = await load.send(giver, client, number, shillings=5)
        finally:
            house.database.overheard = None
        assert (cuts, replayed) == (1, arrives)
        assert load.told["UNAVAILABLE"] == 1
    figures.add("acts", load.done)


@pytest.mark.fault("the network to PostgreSQL is cut again and again")
async def test_all_connections_to_postgres_are_cut(house: House, figures: Figures) -> None:
    async with house.at_work() as load:
        for _ in range(4):
            house.database.cut()
            await asyncio.sleep(0.1)
            house.database.mend()
            await load.goes_on(5)
    figures.add("acts", load.done)


@pytest.mark.fault("nothing gets through to PostgreSQL for a while, and nobody is told")
async def test_the_network_to_postgres_stands_still(house: House, figures: Figures) -> None:
    async with house.at_work() as load:
        house.database.stall()
        before = load.done
        await asyncio.sleep(1.0)
        assert load.done <= before + len(house.clients), "what had been committed was answered, and nothing after it"
        house.database.mend()
    figures.add("acts", load.done)


@pytest.mark.fault("PostgreSQL answers slowly")
async def test_the_network_to_postgres_is_slow(house: House, figures: Figures) -> None:
    async with house.at_work() as load:
        house.database.delay_s = 0.03
        try:
            await load.goes_on(8)
        finally:
            house.database.delay_s = 0.0
    figures.add("acts", load.done)
    assert not load.told["UNAVAILABLE"]


@pytest.mark.fault("the disk is slow: commits take long, and end in another order than they began")
async def test_commits_take_their_time(house: House, figures: Figures) -> None:
    rng = random.Random(1)

    async def dawdle(line: Line, said: bytes) -> None:
        if COMMIT in said:
            await asyncio.sleep(rng.random() * 0.2)

    async with house.at_work() as load:
        house.database.overheard = dawdle
        try:
            await load.goes_on(16)
        finally:
            house.database.overheard = None
    figures.add("acts", load.done)


@pytest.mark.fault("the disk of PostgreSQL is full: the kernel refuses to let a table grow")
async def test_the_disk_is_full(house: House, figures: Figures) -> None:
    """The file of the outbox becomes one that has no room, whoever writes to it; reading goes on meanwhile."""
    async with house.at_work() as load, house.direct() as database:
        await _move_outbox(database, house.files_of_postgres, full=True)
        await until(lambda: load.told["UNAVAILABLE"] > 2 * len(house.clients))
        stuck_at = load.done
        balances = await house.balances()
        await until(lambda: load.told["UNAVAILABLE"] > 3 * len(house.clients))
        assert (load.done, await house.balances()) == (stuck_at, balances), "nothing is half done"
        await _move_outbox(database, house.files_of_postgres, full=False)
    figures.add("acts", load.done)
    assert set(load.told) <= {"UNAVAILABLE", "IN_PROGRESS"}


async def _move_outbox(database: asyncpg.Connection, files: Path, *, full: bool) -> None:
    """Give the outbox a new file when it is empty; a full one is the kernel's device that never has room."""
    async with database.transaction():
        while True:
            await database.execute("lock table outbox in access exclusive mode")
            if not await database.fetchval("select exists (select from outbox)"):
                break
            await database.execute("rollback and chain")
        await database.execute("truncate outbox")
        file = files / await database.fetchval("select pg_relation_filepath('outbox')")
        if full:
            file.unlink()
            file.symlink_to("/dev/full")


@pytest.mark.fault("the database is restored from a backup: a new epoch, and everybody is told to read anew")
async def test_a_backup_is_restored(house: House, figures: Figures) -> None:
    """Clients, whose cursors are of a history that is gone, and receivers of webhooks alike."""
    postgres, load = house.place.servers.postgres, Load(house.clients, house.wallets)
    async with listening(PostCatcher()) as receiver, house.followed() as ears:
        endpoint = {"name": "Elsewhere", "url": receiver.url, "types": ["identity.branch_opened"]}
        made = await ask(house.admin, operation("webhooks/CreateWebhookEndpoint"), input=endpoint)
        assert made["createWebhookEndpoint"]["errors"] == []
        async with load.going_on(house.clients):
            pass
        await house.is_whole(ears)
        await asyncio.to_thread(postgres.stop)
        await _copy(house.files_of_postgres, house.backup)
        await house.start_postgres()
        balances = await until_answered(house.balances)
        async with load.going_on(house.clients):
            pass
        await house.is_whole(ears)
        await house.kill_postgres()
        await asyncio.to_thread(shutil.rmtree, house.files_of_postgres)
        await _copy(house.backup, house.files_of_postgres)
        await house.start_postgres()
        async with house.direct() as database:
            kept = await database.fetchval(
                "select epoch from event_log where position = (select max(position) from event_log)"
            )
            async with asyncio.timeout(30):
                while await database.fetchval("select epoch from event_log_head") == kept:  # noqa: ASYNC110
                    await asyncio.sleep(0.01)
        # The worker has seen to it by itself. Who restored the database says so all the same, which does no harm.
        code, said = await house.place.daftari("new-epoch")
        assert code == 0, said
        await until(lambda: all(ear.resyncs for ear in ears))
        assert await until_answered(house.balances) == balances
        async with load.going_on(house.clients):
            pass
        await house.is_whole(ears)
        # Once for the log that is shorter than it was, if somebody looked before the new epoch, and once for each of these.
        assert {reason for ear in ears for reason in ear.resyncs} == {"EPOCH_CHANGED"}
        await until(lambda: receiver.posts)
        for post in receiver.posts:
            assert (post.body["type"], post.body["data"]) == ("webhooks.resync_required", {"reason": "HISTORY_CHANGED"})
    figures.add("acts", load.done)


async def _copy(source: Path, target: Path) -> None:
    # cp keeps the owners, who are not us when we are root.
    await asyncio.to_thread(lambda: subprocess.run(["cp", "-Rp", source, target], check=True))
