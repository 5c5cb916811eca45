"""Valkey from the wheel: killed and started again on its port it has everything it had."""

import os
import signal
import stat
import threading
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from api.embedded import AlreadyRunning, EmbeddedServer, start_valkey


@pytest.fixture
def data(home: Path) -> Path:
    return home / "valkey"


def connect(server: EmbeddedServer) -> "redis.Redis":
    return redis.Redis.from_url(server.url, decode_responses=True)


def connect_as_stranger(server: EmbeddedServer) -> "redis.Redis":
    return redis.Redis(port=urlsplit(server.url).port or 0, retry=Retry(NoBackoff(), 0))


def test_killed_and_started_again_on_its_port_it_keeps_its_data(data: Path) -> None:
    first = start_valkey(data)
    port = urlsplit(first.url).port
    for round_number in range(3):
        with connect(first) as client:
            client.set(f"round {round_number}", "kept")
        os.kill(first.pid, signal.SIGKILL)
        second = start_valkey(data, port=port)
        assert second.url == first.url
        with connect(second) as client:
            assert client.dbsize() == round_number + 1
        first = second
    first.stop()
    third = start_valkey(data)
    with connect(third) as client:
        assert client.get("round 0") == "kept"
    third.stop()


def test_it_appends_listens_on_loopback_and_asks_for_a_password(data: Path) -> None:
    server = start_valkey(data)
    with connect(server) as client:
        assert client.config_get("appendonly") == {"appendonly": "yes"}
        assert client.config_get("bind") == {"bind": "127.0.0.1"}
    with connect_as_stranger(server) as stranger, pytest.raises(redis.AuthenticationError):
        stranger.ping()
    for secret in ("password", "url", "server.log", "valkey.conf"):
        assert stat.S_IMODE((data / secret).stat().st_mode) == 0o600
    server.stop()


def test_a_second_start_is_refused(data: Path) -> None:
    server = start_valkey(data)
    with pytest.raises(AlreadyRunning, match="is in use"):
        start_valkey(data)
    server.stop()


def test_it_outlives_the_thread_that_started_it(data: Path) -> None:
    started: list[EmbeddedServer] = []
    thread = threading.Thread(target=lambda: started.append(start_valkey(data)))
    thread.start()
    thread.join()
    (server,) = started
    with connect(server) as client:
        assert client.ping()
    server.stop()


def test_ctrl_c_in_the_terminal_does_not_reach_it(data: Path) -> None:
    server = start_valkey(data)
    assert os.getpgid(server.pid) != os.getpgid(0)
    assert os.getsid(server.pid) != os.getsid(0)
    server.stop()


@pytest.mark.parametrize("name", ["with space", 'a "quoted" \\ one', "daftari-دفتر"])
def test_any_directory_name_will_do(home: Path, name: str) -> None:
    server = start_valkey(home / name / "valkey")
    with connect(server) as client:
        assert client.set("kept", "1")
    server.stop()
    assert list((home / name / "valkey" / "files").rglob("*.aof"))
