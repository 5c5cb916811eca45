"""What an operator does by hand, as commands of their own processes."""

from __future__ import annotations

import asyncio
import os
import re
from pathlib import Path

import pytest

from api.cli import lines_of
from api.demo.people import PASSWORD
from domain.events import log
from domain.events.replay import Replayed
from domain.identity.models import Branch, User
from domain.identity.permissions import Role
from domain.wallets.models import Wallet
from tests.api.processes import nursery
from tests.domain.events.test_log import Counted, announce
from tests.domain.events.test_retention import make_them_old
from tests.support.happenings import events_so_far, nothing_happens


async def daftari(database_url: str, home: Path, *arguments: str, cold: bool = False) -> tuple[int, str]:
    """Run a command to its end; its exit code and what it said."""
    environment = {"PATH": os.environ.get("PATH", ""), "DATABASE_URL": database_url, "DAFTARI_HOME": str(home)}
    process = await asyncio.to_thread(nursery.start, "api.cli", arguments, environment, home / "said", cold=cold)
    return await nursery.end_of(process), " ".join((home / "said").read_text().split())


def test_figures_are_printed_and_those_that_differ_are_named() -> None:
    agreed = Replayed(position=7, waiting=0, figures={"mill.sales": "3"}, shown={"mill.sales": "3"})
    assert list(lines_of(agreed)) == [
        "mill.sales = 3",
        "1 figures as of position 7; 0 differ from what is shown",
    ]
    differing = Replayed(position=7, waiting=2, figures={"a": "1", "b": "2"}, shown={"a": "0", "c": "3"})
    assert list(lines_of(differing)) == [
        "a = 1",
        "b = 2",
        "DIFFERS  a: shown 0, by history 1",
        "DIFFERS  c: shown 3, by history None",
        "DIFFERS  b: shown None, by history 2",
        "2 figures as of position 7 and 2 events that wait for theirs; 3 differ from what is shown",
    ]


@pytest.mark.usefixtures("database")
@pytest.mark.timeout(120)
async def test_a_branch_is_opened_and_gets_its_manager(database_url: str, tmp_path: Path) -> None:
    manager = (
        "create-user",
        "saida@daftari.example",
        "--name",
        "Saida Ali",
        "--role",
        "BRANCH_MANAGER",
        "--password",
        PASSWORD,
    )
    async with nothing_happens():
        code, said = await daftari(database_url, tmp_path, *manager, "--branch", "MSA-P", cold=True)
    assert (code, "there is no branch MSA-P" in said) == (1, True), said
    assert await daftari(database_url, tmp_path, "open-branch", "msa-p", "Mombasa Port") == (
        0,
        "Opened Mombasa Port as MSA-P.",
    )
    assert await daftari(database_url, tmp_path, *manager, "--branch", "msa-p") == (0, "Made saida@daftari.example.")
    user = await User.get(email="saida@daftari.example")
    assert (user.roles, user.branch_id) == ([Role.BRANCH_MANAGER], (await Branch.get(code="MSA-P")).id)
    assert await Wallet.filter(user_id=user.id).count() == 1


@pytest.mark.usefixtures("database")
async def test_old_events_are_archived_and_history_is_printed_whole(database_url: str, tmp_path: Path) -> None:
    async def positions(*arguments: str) -> list[int]:
        code, said = await daftari(database_url, tmp_path, "replay", *arguments)
        assert code == 0, said
        return [int(each) for each in re.findall(r'"position":(\d+)', said)]

    await announce(*(Counted(counter=0, value=value) for value in range(6)))
    await events_so_far()
    await make_them_old(60)
    await announce(Counted(counter=0, value=6))
    await events_so_far()
    code, said = await daftari(database_url, tmp_path, "archive-events")
    assert (code, ": 6 events to " in said) == (0, True), said
    assert len(list((tmp_path / "archive").iterdir())) >= 1
    assert await log.oldest_position() == 7
    assert await positions() == list(range(1, 8))
    assert await positions("--after", "4") == [5, 6, 7]
    assert await daftari(database_url, tmp_path, "archive-events") == (0, ""), "what is archived is gone"
    assert await daftari(database_url, tmp_path, "redact-archives") == (0, "0 events were changed.")
    empty = tmp_path / "empty"
    empty.mkdir()
    code, said = await daftari(database_url, tmp_path, "replay", "--archive", str(empty))
    assert code == 1 and '"position"' not in said, "what is not whole is no history"
    code, said = await daftari(database_url, tmp_path, "replay", "--figures", "--after", "3")
    assert (code, "figures follow from all of history" in said) == (2, True), said
