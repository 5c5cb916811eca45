"""A socket's sense of time: the wait for ``connection_init``, heartbeats, and the life of the token it came with."""

from __future__ import annotations

import asyncio
import random
from datetime import datetime
from enum import IntEnum
from typing import Final

from api.sockets.caller import Caller
from api.sockets.closing import Closing
from domain.kit import clock
from subscriptions.limits import SocketLimits

WARNED_PART: Final = 0.5
"""A client is warned when this part of the life that it knows of is left, at the earliest."""

LOOK_AGAIN_S: Final = 0.05


class Stage(IntEnum):
    """How much of the token's life is left, as far as the client has been told."""

    FRESH = 0
    EXPIRES_SOON = 1
    EXPIRED = 2


class Pulse:
    """One timer for each socket, set to whatever is due next."""

    __slots__ = ("_asked_at", "_caller", "_expires_at", "_limits", "_next_ping", "_rang", "_stage", "_timer", "_warning_s")

    def __init__(self, caller: Caller, limits: SocketLimits) -> None:
        self._caller = caller
        self._limits = limits
        self._asked_at: float | None = None
        self._rang = False
        self._expires_at: datetime | None = None
        self._stage = Stage.FRESH
        self._next_ping = 0.0
        self._warning_s = limits.expiry_warning_s
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(limits.initialisation_s, caller.close, Closing.INITIALISATION_TIMEOUT)

    def begin(self, expires_at: datetime | None) -> None:
        """The connection is initialised."""
        # Those who came together, after a restart say, shall not be asked together for ever.
        first = self._limits.heartbeat_s * random.uniform(0.5, 1.0)
        self._next_ping = asyncio.get_running_loop().time() + first
        self.renewed(expires_at)

    def renewed(self, expires_at: datetime | None) -> None:
        self._expires_at = expires_at
        self._stage = Stage.FRESH
        if expires_at is not None:
            # A token that lives shorter than the warning would be renewed as soon as it is there, again and again.
            self._warning_s = min(self._limits.expiry_warning_s, self._left_s(expires_at) * WARNED_PART)
        self._set()

    def heard(self) -> None:
        """The client has said something, so it lives."""
        self._asked_at = None

    def stop(self) -> None:
        self._timer.cancel()

    def expiry(self) -> dict[str, int]:
        """What a client whose token ends soon is told with each ping."""
        if self._stage is Stage.FRESH or self._expires_at is None:
            return {}
        return {"expiresInSeconds": max(0, round(self._left_s(self._expires_at)))}

    def _beat(self) -> None:
        now = asyncio.get_running_loop().time()
        if self._caller.is_slow:
            # The question may wait behind other messages. Such a connection is watched by what waits for it.
            self._asked_at = None
        if self._asked_at is not None and now >= self._asked_at + self._limits.answer_s:
            if self._rang:
                self._caller.close(Closing.NO_ANSWER)
            else:
                # A process that could not run for a while has timers that ring before it has read what came meanwhile.
                self._rang = True
                self._timer = asyncio.get_running_loop().call_later(LOOK_AGAIN_S, self._beat)
        elif self._expires_at is not None and self._left_s(self._expires_at) <= -self._limits.expiry_grace_s:
            self._caller.close(Closing.EXPIRED)
        else:
            if self._has_aged() or now >= self._next_ping:
                self._ping(now)
            self._set()

    def _ping(self, now: float) -> None:
        self._next_ping = now + self._limits.heartbeat_s
        if self._asked_at is None:
            self._asked_at, self._rang = now, False
        self._caller.ping()

    def _has_aged(self) -> bool:
        """Whether the token has come into another stage of its life, of which the client is told at once."""
        if self._expires_at is None:
            return False
        left = self._left_s(self._expires_at)
        stage = Stage.EXPIRED if left <= 0 else Stage.EXPIRES_SOON if left <= self._warning_s else Stage.FRESH
        aged, self._stage = stage > self._stage, stage
        return aged

    def _set(self) -> None:
        self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(self._due_in_s(), self._beat)

    def _due_in_s(self) -> float:
        now = asyncio.get_running_loop().time()
        waits = [self._next_ping - now]
        if self._asked_at is not None:
            waits.append(self._asked_at + self._limits.answer_s - now)
        if self._expires_at is not None:
            until = {
                Stage.FRESH: -self._warning_s,
                Stage.EXPIRES_SOON: 0.0,
                Stage.EXPIRED: self._limits.expiry_grace_s,
            }
            waits.append(self._left_s(self._expires_at) + until[self._stage])
        return max(0.0, min(waits))

    def _left_s(self, expires_at: datetime) -> float:
        return (expires_at - clock.now()).total_seconds()
