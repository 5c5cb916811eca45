"""What Prometheus is told by a server and a worker: every figure that rules and panels ask for, and the right ones."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Callable
from datetime import timedelta

import asyncpg
import httpx
import pytest
from prometheus_client import REGISTRY

from api.observability.house import House, house
from api.observability.requests import OTHER, Requests
from domain.events import log
from domain.identity.actor import SYSTEM
from domain.identity.service import open_branch
from domain.jobs.queue import enqueue
from domain.kit import clock
from domain.kit.attribution import AttributedConnection
from domain.kit.checks import every_check
from domain.kit.database import connection, execute
from domain.kit.gauges import Gauge, every_gauge
from domain.kit.pool import NoConnectionInTime, Pool
from domain.kit.unit_of_work import unit_of_work
from domain.ledger.jobs import verify_promises
from domain.ledger.verification import verify_everything
from tests.api.observability.installation import an_installation, samples, scraped
from tests.deploy.watching import PAGE, everything_asked, metrics_in, page_of, samples_in, told_in

PATIENCE_S = 20

OF_OTHERS = {"up", "probe_ssl_earliest_cert_expiry"}
"""What Prometheus itself adds, and what its blackbox exporter tells of the proxy."""


async def until(is_so: Callable[[dict[str, float]], bool], address: str) -> dict[str, float]:
    async with asyncio.timeout(PATIENCE_S):
        while not is_so(found := samples(await scraped(address))):  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    return found


async def test_all_that_is_asked_for_is_told(
    database: None, database_url: str, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(house, "_fresh_for_s", 0.0)
    async with an_installation(database_url, redis_url) as installed, httpx.AsyncClient(base_url=installed.server) as client:
        answer = await client.post("/graphql", json={"query": "query Mine { realtimeStatus { connected } }"})
        assert answer.status_code == 200, answer.text
        await client.post("/graphql", json={"query": "{ nothingOfTheKind }"})
        await client.get("/somewhere/0712345678")
        await open_branch(SYSTEM, code="B1", name="Watched")
        head = (await log.head()).position
        await until(lambda each: each.get("daftari_relay_leads") == 1, installed.worker)
        told = await until(
            lambda each: each["daftari_hub_position"] > head and each["daftari_outbox_events"] == 0, installed.worker
        )
        known = samples_in(await scraped(installed.worker))
        page = page_of(told_in(await scraped(installed.worker)))
        if os.environ.get("WRITE_PAGES"):
            PAGE.write_text(page, encoding="utf-8")
        assert PAGE.read_text(encoding="utf-8") == page, "run it with WRITE_PAGES=1"
        for by, expression in everything_asked():
            assert metrics_in(expression) - OF_OTHERS <= known, by
        assert head < told["daftari_hub_position"] <= (await log.head()).position
        assert told['daftari_field_operations_total{field="realtimeStatus",kind="query",outcome="ok"}'] >= 1
        assert told['daftari_operations_total{kind="unread",outcome="graphql_validation_failed"}'] >= 1
        assert told['daftari_http_requests_total{method="GET",route="other",status="404"}'] >= 1
        assert told["daftari_hub_events_total"] >= 1 and told["daftari_delivery_seconds_count"] >= 1
        assert told["daftari_relay_events_total"] >= 1 and told["daftari_outbox_age_seconds"] == 0
        assert told['daftari_pool_connections{pool="work",state="idle"}'] >= 1
        assert told['daftari_pool_connections_max{pool="history"}'] == 3
        assert told["daftari_database_connections_max"] > 0 and told["daftari_database_bytes"] > 1e6
        assert told["daftari_gauge_failures_total"] == 0


async def test_only_a_process_that_works_tells_how_the_house_stands(database: None) -> None:
    silent = House()
    await silent.refresh()
    assert list(silent.collect()) == []


async def test_no_label_is_what_somebody_wrote(database: None, database_url: str, redis_url: str) -> None:
    async with an_installation(database_url, redis_url) as installed, httpx.AsyncClient(base_url=installed.server) as client:
        before = len(samples(await scraped(installed.server)))
        for number in range(20):
            await client.post(f"/unheard-of/{number}", content=b"")
            await client.request(f"VERB{number}", "/graphql")
            named = {"query": f"query Asked{number} {{ a{number}: realtimeStatus {{ connected }} }}"}
            await client.post("/graphql", json=named)
        after = samples(await scraped(installed.server))
        assert len(after) - before < 60, "what strangers make up are no series"
        assert not [name for name in after if re.search(r'unheard-of|VERB\d|Asked\d|"a\d+"', name)]


def test_requests_are_told_as_a_counter_and_a_histogram() -> None:
    counted = Requests()
    for method, path, status, seconds in (
        ("POST", "/graphql", 200, 0.001),
        ("POST", "/graphql", 200, 0.2),
        ("GET", "/files/01", 404, 60.0),
        ("BREW", "/coffee", 0, 0.0),
    ):
        counted.ended(method, path, status, seconds)
    ended, took = counted.collect()
    assert {(*each.labels.values(), each.value) for each in ended.samples} == {
        ("POST", "/graphql", "200", 2),
        ("GET", "/files/", "404", 1),
        (OTHER, OTHER, "0", 1),
    }
    by_bound = {
        (each.labels["route"], each.labels.get("le"), each.name.rpartition("_")[2]): each.value for each in took.samples
    }
    assert by_bound["/graphql", "0.001", "bucket"] == 1 and by_bound["/graphql", "0.25", "bucket"] == 2
    assert by_bound["/files/", "15.0", "bucket"] == 0 and by_bound["/files/", "+Inf", "bucket"] == 1
    assert by_bound["/graphql", None, "sum"] == pytest.approx(0.201)


async def test_a_gauge_that_cannot_be_read_is_left_out(database: None) -> None:
    broken = Gauge("daftari_tests_broken", "Never there.", "select 1 / 0")
    sound = Gauge("daftari_tests_sound", "Always there.", "values ('a', 2), ('b', null)", ("which",))
    looked = House(gauges=[broken, sound])
    with looked.watched():
        await looked.refresh()
        told = {metric.name: metric for metric in looked.collect()}
    assert told.keys() == {"daftari_tests_sound", "daftari_gauge_failures"}
    assert [(each.labels, each.value) for each in told["daftari_tests_sound"].samples] == [({"which": "a"}, 2.0)]
    assert told["daftari_gauge_failures"].samples[0].value == 1


async def test_a_figure_is_not_read_again_at_once(database: None) -> None:
    looked = House(gauges=[Gauge("daftari_tests_branches", "Branches.", "select count(*) from branch")])

    async def read() -> float:
        await looked.refresh()
        return next(iter(looked.collect())).samples[0].value

    with looked.watched():
        first = await read()
        await open_branch(SYSTEM, code="B2", name="Later")
        assert await read() == first
        looked._fresh_for_s = 0.0
        assert await read() == first + 1


async def test_every_gauge_reads_its_labels_and_a_number(database: None) -> None:
    """An empty house has rows for few of them, so the columns are what is looked at."""
    assert len(every_gauge()) > 25
    async with connection() as asked:
        for gauge in every_gauge():
            columns = (await asked.prepare(gauge.sql)).get_attributes()
            assert len(columns) == len(gauge.labels) + 1, gauge.name
            assert columns[-1].type.name in ("int2", "int4", "int8", "float8"), gauge.name
            assert re.fullmatch(r"daftari_[a-z_]+", gauge.name) and gauge.purpose.endswith("."), gauge.name


async def read_now() -> dict[str, float]:
    """The gauges of the house, by name and the values of their labels."""
    looked = House()
    with looked.watched():
        await looked.refresh()
        return {
            "|".join([metric.name, *each.labels.values()]): each.value
            for metric in looked.collect()
            for each in metric.samples
        }


async def test_what_waits_is_told_and_since_when(database: None) -> None:
    await open_branch(SYSTEM, code="B3", name="Nobody numbers this")
    await execute("update outbox set occurred_at = occurred_at - interval '90 seconds'")
    async with unit_of_work() as work:
        await enqueue(work, "webhooks.send_test", {}, run_after=-timedelta(seconds=50))
    await execute(
        """insert into job_task (id, name, payload, priority, state, run_after, attempts, max_attempts, correlation_id,
               created_at, finished_at, last_error)
           values (gen_random_uuid(), 'webhooks.send_test', '{}', 0, 'DEAD', now(), 1, 1, gen_random_uuid(),
               now(), now(), 'no')"""
    )
    await execute(
        """insert into parked_event (listener, position, event_name, error, attempts, parked_at)
           values ('tests', 1, 'tests.noted', 'no', 5, now())"""
    )
    told = await read_now()
    assert told["daftari_outbox_events"] >= 1 and 90 <= told["daftari_outbox_age_seconds"] < 90 + PATIENCE_S
    assert told["daftari_job_tasks|webhooks.send_test|queued"] == told["daftari_job_tasks|webhooks.send_test|dead"] == 1
    assert 50 <= told["daftari_job_oldest_due_seconds|webhooks.send_test"] < 50 + PATIENCE_S
    assert told["daftari_parked_events"] == 1
    await execute("truncate outbox, job_task, parked_event cascade")
    told = await read_now()
    assert told["daftari_outbox_events"] == told["daftari_outbox_age_seconds"] == told["daftari_parked_events"] == 0
    assert "daftari_job_tasks|webhooks.send_test|dead" not in told


async def test_what_the_nights_verification_found_is_told(database: None) -> None:
    assert "daftari_integrity_verified_timestamp_seconds" not in await read_now(), "nobody has looked yet"
    assert await verify_promises.run() == {"promises": len(every_check()), "violated": 0}
    told = await read_now()
    assert told["daftari_integrity_violations|ledger"] == told["daftari_integrity_violations|milling"] == 0
    assert abs(told["daftari_integrity_verified_timestamp_seconds"] - clock.now().timestamp()) < PATIENCE_S
    await execute(
        """insert into parked_event (listener, position, event_name, error, attempts, parked_at)
           values ('tests', 1, 'tests.noted', 'no', 5, now())"""
    )
    results = await verify_everything()
    assert [result.check.name for result in results if not result.holds] == ["nothing_is_parked"]
    assert (await read_now())["daftari_integrity_violations|events"] == 1


async def test_waits_for_the_pool_are_told(database: None, database_url: str) -> None:
    async def connect() -> AttributedConnection:
        opened = await asyncpg.connect(database_url, connection_class=AttributedConnection)
        assert isinstance(opened, AttributedConnection)
        return opened

    def told(name: str) -> float:
        return REGISTRY.get_sample_value(f"daftari_pool_{name}") or 0.0

    waits, in_vain = told("wait_seconds_count"), told("timeouts_total")
    one = await Pool(connect, min_size=1, max_size=1, acquire_timeout_s=0.05).open()
    lent = await one.acquire()
    assert told("wait_seconds_count") == waits, "it was idle"
    with pytest.raises(NoConnectionInTime):
        await one.acquire()
    assert (one.get_lent_size(), one.get_waiting(), one.get_max_size()) == (1, 0, 1)
    assert (told("wait_seconds_count"), told("timeouts_total")) == (waits + 1, in_vain + 1)
    await one.release(lent)
    await one.close()
