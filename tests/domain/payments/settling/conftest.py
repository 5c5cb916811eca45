"""Somebody has to take the questions to the provider that settling leaves, whoever else is there."""

from __future__ import annotations

import pytest

from domain.jobs import queue
from domain.jobs.queue import Queue
from domain.payments.settling import ASK


async def _wait(payload: object, attempt: object) -> None:
    """Nobody asks in these tests."""


@pytest.fixture(autouse=True)
def _questions_can_be_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(queue._queues, ASK, Queue(ASK, _wait, "asks nobody"))
