"""Figures follow from history alone: from the log, from archived partitions, and from what waits for its position."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.events import log
from domain.events.replay import Difference, HistoryIncomplete, replay_figures
from domain.events.retention import archive_old_partitions
from domain.kit import database
from domain.kit.money import Money
from domain.kit.projections import Facts, figures_in
from domain.kit.shadow import shadow_of
from domain.wallets.queries import balances_of
from domain.wallets.service import hold_funds, transfer_funds, wallet_of
from tests.domain.events.test_retention import make_them_old
from tests.support.happenings import events_so_far, nothing_happens
from tests.support.invoices import an_investor, inr

pytestmark = pytest.mark.usefixtures("database")


async def test_balances_are_rebuilt_whether_events_are_archived_numbered_or_waiting(tmp_path: Path) -> None:
    giver, taker = an_investor(), an_investor()
    own, other = await wallet_of(giver.id, "INR"), await wallet_of(taker.id, "INR")
    await events_so_far()
    await make_them_old(60)
    await transfer_funds(giver, from_wallet_id=own.id, to_wallet_id=other.id, amount=inr(250))
    numbered = len(await events_so_far())
    [archived] = await archive_old_partitions(tmp_path)
    await hold_funds(wallet=own, amount=inr(40), description="set aside")
    replayed = await replay_figures(tmp_path)
    assert (replayed.position, replayed.waiting, replayed.differences) == (numbered, 1, [])
    assert 0 < archived.events < numbered
    shown = (await balances_of([own.id, other.id]))[own.id]
    assert replayed.figures[f"wallets.{own.id}.balance"] == str(shown.balance)
    assert replayed.figures[f"wallets.{own.id}.held"] == str(inr(40))
    with pytest.raises(HistoryIncomplete, match=f"after position 0 comes {archived.events + 1}"):
        await replay_figures(tmp_path / "elsewhere")


async def test_a_figure_that_was_changed_behind_the_back_of_history_is_named(tmp_path: Path) -> None:
    wallet = await wallet_of(an_investor().id, "INR")
    before = (await balances_of([wallet.id]))[wallet.id].balance
    await database.execute("update ledger_account set balance_minor = balance_minor + 1 where id = $1", wallet.account_id)
    stray = await wallet_of(an_investor().id, "INR")
    await database.execute("delete from outbox where payload like '%' || $1 || '%'", str(stray.id))
    async with nothing_happens():
        replayed = await replay_figures(tmp_path)
    [wrong] = [each for each in replayed.differences if each.figure == f"wallets.{wallet.id}.balance"]
    assert (wrong.shown, wrong.replayed) == (str(before + Money(1, "INR")), str(before))
    unheard = Difference(f"wallets.{stray.id}.held", str(inr(0)), None)
    assert unheard in replayed.differences, "what history knows nothing of is no figure of it"


async def test_an_empty_house_has_no_history_and_no_figure_that_differs(tmp_path: Path) -> None:
    replayed = await replay_figures(tmp_path)
    assert (replayed.position, replayed.waiting, replayed.differences) == ((await log.head()).position, 0, [])


async def test_a_shadow_answers_nothing_that_history_does_not_tell() -> None:
    wallet = await wallet_of(an_investor().id, "INR")
    async with shadow_of(Facts()):
        assert await balances_of([wallet.id]) == {}
        with pytest.raises(Exception, match='relation "ledger_hold" does not exist'):
            await database.fetch("select * from ledger_hold")
    assert wallet.id in await balances_of([wallet.id]), "outside of the shadow the tables are the real ones"


def test_what_is_no_figure_is_not_taken_for_one() -> None:
    with pytest.raises(TypeError, match="set is no figure"):
        dict(figures_in({"a": {1, 2}}))
