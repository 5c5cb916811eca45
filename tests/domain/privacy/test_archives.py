"""Archives of the log: those that an erasure reaches, and those that are gone through afterwards."""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path

import pytest

from domain.events.replay import replay_figures
from domain.events.retention import ARCHIVING_LOCK, archive_old_partitions, read_history
from domain.kit.database import connection
from domain.privacy import settings
from domain.privacy.archives import redact_archives
from domain.privacy.models import ErasureState, PersonalDataErasure
from domain.privacy.settings import PrivacySettings
from tests.domain.events.test_retention import make_them_old
from tests.domain.privacy.people import NAME, WORDS, agreed_erasure, found_in, heard_by_all, somebody_with_traces, worked
from tests.domain.privacy.test_erasing import nothing_is_kept_by_law  # noqa: F401

pytestmark = pytest.mark.usefixtures("database")


def text_of(folder: Path) -> str:
    return "".join(gzip.decompress(path.read_bytes()).decode() for path in folder.glob("*.gz"))


async def test_archives_are_erased_with_the_log_and_copies_of_them_by_the_ids(tmp_path: Path) -> None:
    archive, copy = tmp_path / "archive", tmp_path / "copy"
    settings.configure(PrivacySettings(retention_years=0, archive=archive))
    traces = await somebody_with_traces()
    await make_them_old(60)
    [written] = await archive_old_partitions(archive)
    shutil.copytree(archive, copy)
    before = [logged async for logged in read_history(archive)]
    assert NAME in text_of(archive) and len(before) >= written.events > 0

    await agreed_erasure(traces)
    await heard_by_all()
    shown_otherwise = [each.figure for each in (await replay_figures(archive)).differences]
    await worked()
    [erasure] = await PersonalDataErasure.all()
    assert erasure.rows_changed["archived_events"] > 0
    after = [logged async for logged in read_history(archive)]
    assert [logged.position for logged in after][: len(before)] == [logged.position for logged in before]
    assert all(logged.fact for logged in after)
    assert not [word for word in WORDS if word in text_of(archive)]
    assert await found_in(*WORDS) == {}
    replayed = await replay_figures(archive)
    assert [each.figure for each in replayed.differences] == shown_otherwise, "figures are rebuilt as before"
    assert len(replayed.figures) > 100

    assert NAME in text_of(copy)
    assert await redact_archives(copy) > 0
    names = [logged.fact for logged in [each async for each in read_history(copy)] if "user_name" in logged.payload]
    assert names and not [fact for fact in names if fact.user_id == traces.user.id and fact.user_name != erasure.pseudonym]
    assert await redact_archives(copy) == 0, "a second time finds nothing"


async def test_an_erasure_waits_while_the_log_is_being_archived() -> None:
    """An export that began before would name somebody who is erased when it is done."""
    traces = await somebody_with_traces()
    await agreed_erasure(traces)
    await heard_by_all()
    async with connection() as c:
        await c.execute("select pg_advisory_lock($1)", ARCHIVING_LOCK)
        await worked()
        assert (await PersonalDataErasure.get()).state is ErasureState.ERASING
        assert await found_in(NAME) != {}
        await c.execute("select pg_advisory_unlock($1)", ARCHIVING_LOCK)
    await worked(after_s=60)
    assert (await PersonalDataErasure.get()).state is ErasureState.ERASED
    assert await found_in(NAME) == {}
