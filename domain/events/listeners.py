"""Listeners: what a room does when another announces something.

A listener reads the log in order behind a checkpoint of its own. Its effects in the database and the checkpoint commit
together, so they happen exactly once although events are delivered at least once. An event that keeps failing is parked
after :data:`MAX_ATTEMPTS`, so that one poisoned fact does not stop everything behind it. While the database turns
everybody away no event is to blame: then the listener waits.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

import structlog
from prometheus_client import Counter

from domain.events import log
from domain.events.event import Event, LoggedEvent
from domain.events.models import Checkpoint, ParkedEvent
from domain.kit import clock, tracing
from domain.kit.context import CallContext, call_context
from domain.kit.outages import turns_everybody_away
from domain.kit.unit_of_work import Work, retried, unit_of_work

E = TypeVar("E", bound=Event)
Reaction = Callable[[Any, LoggedEvent], Awaitable[None]]
ReactionToSeveral = Callable[[Sequence[LoggedEvent]], Awaitable[None]]

MOST_TOGETHER: Final = 100
"""Events of one kind that a reaction to several gets at once: if one of them fails, all are done again one by one."""
MAX_ATTEMPTS: Final = 5
FIRST_PAUSE_S: Final = 0.2

_PASSED: Final = Counter("daftari_listener_events_total", "Events of the log that a listener has come past.", ["listener"])
_FAILED: Final = Counter("daftari_listener_failures_total", "Attempts of a listener at an event that failed.", ["listener"])

logger = structlog.get_logger(__name__)


@dataclass(slots=True)
class Listener:
    """A named reader of the log. ``reactions`` are by event name; those ``to_several`` are called with events of one kind
    that follow each other, and ``everything`` with all events instead. These get as many at once as there are, and again
    each by itself when one fails."""

    name: str
    reactions: dict[str, Reaction] = field(default_factory=dict)
    to_several: dict[str, ReactionToSeveral] = field(default_factory=dict)
    everything: ReactionToSeveral | None = None

    def on(self, kind: type[E]) -> Callable[[Callable[[E, LoggedEvent], Awaitable[None]]], Any]:
        """Declare the reaction to one kind of event; it runs inside the listener's unit of work."""

        def declare(reaction: Callable[[E, LoggedEvent], Awaitable[None]]) -> Any:
            self._require_first(kind)
            self.reactions[kind.name] = reaction
            return reaction

        return declare

    def on_several(self, kind: type[E]) -> Callable[[ReactionToSeveral], ReactionToSeveral]:
        """Declare the reaction to any number of one kind at once, in their order. It runs in the listener's call: what is
        done about one of them belongs into :func:`call_of` it."""

        def declare(reaction: ReactionToSeveral) -> ReactionToSeveral:
            self._require_first(kind)
            self.to_several[kind.name] = reaction
            return reaction

        return declare

    def _require_first(self, kind: type[Event]) -> None:
        assert kind.name not in {*self.reactions, *self.to_several}, f"{self.name} already reacts to {kind.name}"

    async def react(self, logged: LoggedEvent) -> None:
        if self.everything is not None:
            await self.everything([logged])
        elif logged.name in self.to_several:
            await self.to_several[logged.name]([logged])
        elif logged.name in self.reactions:
            await self.reactions[logged.name](logged.fact, logged)

    def cares_about(self, logged: LoggedEvent) -> bool:
        return self.everything is not None or logged.name in self.reactions or logged.name in self.to_several


_listeners: dict[str, Listener] = {}


def listener(name: str) -> Listener:
    """Declare a listener; one a module, at import."""
    return _listeners.setdefault(name, Listener(name))


def every_listener() -> list[Listener]:
    return sorted(_listeners.values(), key=lambda each: each.name)


async def catch_up(each: Listener) -> int:
    """Let a listener react to all it has not heard yet; returns how many events it went past.

    Raises GapInLog rather than pass over what was archived before it was heard (see retention.py).
    """
    passed = 0
    while batch := await _digest_batch(each):
        passed += batch
        _PASSED.labels(each.name).inc(batch)
    return passed


@retried
async def _digest_batch(each: Listener) -> int:
    """One batch in one unit of work, or its first portion where there is a reaction to several. The checkpoint's row lock
    keeps a second worker out until this one is done."""
    stuck_on: LoggedEvent | None = None
    error: Exception | None = None
    async with unit_of_work() as work:
        checkpoint = await _locked_checkpoint(each.name)
        batch = await log.read_after(checkpoint.position, reader=work)
        done = 0
        for some in _portions(each, batch):
            taken = await _took_all_at_once(work, each, some)
            for logged in some:
                if not taken and each.cares_about(logged):
                    try:
                        await react_to(work, each, logged)
                    except Exception as problem:
                        stuck_on, error = logged, problem
                        break
                done += 1
                checkpoint.position = logged.position
            if stuck_on is not None or (each.to_several and any(map(each.cares_about, some))):
                # A reaction to several locks in one order what it needs for all of them; with what was locked for events
                # before, there would be none. So each portion is a unit of its own.
                break
        if done:
            await _move(checkpoint)
    if stuck_on is not None and error is not None:
        if turns_everybody_away(error):
            raise error
        await _insist(each, stuck_on, error)
        done += 1
    return done


def _portions(each: Listener, batch: Sequence[LoggedEvent]) -> Iterator[Sequence[LoggedEvent]]:
    """The batch in its order, cut where one call is not enough for what comes next. What the listener does not care about is
    passed with what comes before."""
    if each.everything is not None:
        yield batch
        return
    portion: list[LoggedEvent] = []
    heard: list[str] = []
    for logged in batch:
        if each.cares_about(logged):
            if heard and (heard[-1] != logged.name or logged.name in each.reactions or len(heard) == MOST_TOGETHER):
                yield portion
                portion, heard = [], []
            heard.append(logged.name)
        portion.append(logged)
    yield portion


async def _took_all_at_once(work: Work, each: Listener, some: Sequence[LoggedEvent]) -> bool:
    """Whether one call was enough for all of them. Where it was not, event by event shows which one is at fault."""
    heard = [logged for logged in some if each.cares_about(logged)]
    reaction = each.everything
    if reaction is None and len(heard) > 1:
        reaction = each.to_several.get(heard[0].name)
    if reaction is None or not heard:
        return False
    try:
        with tracing.about(f"listener {each.name}", heard):
            async with work.savepoint():
                await reaction(heard)
    except Exception:
        return False
    return True


async def react_to(work: Work, each: Listener, logged: LoggedEvent) -> None:
    """React inside a savepoint, so that a failure leaves nothing half done; events recorded meanwhile go with it."""
    # The call comes first, so that the savepoint says on whose behalf rows change.
    with call_context(call_of(logged)), tracing.later(f"listener {each.name}", logged.correlation_id):
        async with work.savepoint():
            await each.react(logged)


def call_of(logged: LoggedEvent) -> CallContext:
    """The call that an event came of, which is what is done about it belongs to."""
    return CallContext(correlation_id=logged.correlation_id, actor_id=logged.actor_id)


async def _insist(each: Listener, logged: LoggedEvent, error: Exception) -> None:
    """Try a failed event again, slower each time; park it in the end."""
    for attempt in range(2, MAX_ATTEMPTS + 1):
        _FAILED.labels(each.name).inc()
        logger.warning("listener_failed", listener=each.name, position=logged.position, error=str(error))
        await asyncio.sleep(FIRST_PAUSE_S * 2 ** (attempt - 2))
        try:
            async with unit_of_work() as work:
                checkpoint = await _locked_checkpoint(each.name)
                if checkpoint.position >= logged.position:
                    return
                await react_to(work, each, logged)
                checkpoint.position = logged.position
                await _move(checkpoint)
            return
        except Exception as problem:
            if turns_everybody_away(problem):
                raise
            error = problem
    await _park(each, logged, error)


async def _park(each: Listener, logged: LoggedEvent, error: Exception) -> None:
    logger.error("event_parked", listener=each.name, position=logged.position, event_name=logged.name, exc_info=error)
    async with unit_of_work():
        checkpoint = await _locked_checkpoint(each.name)
        if checkpoint.position >= logged.position:
            return
        await ParkedEvent.create(
            listener=each.name,
            position=logged.position,
            event_name=logged.name,
            error=f"{type(error).__name__}: {error}",
            attempts=MAX_ATTEMPTS,
            parked_at=clock.now(),
        )
        checkpoint.position = logged.position
        await _move(checkpoint)


async def _locked_checkpoint(name: str) -> Checkpoint:
    """A listener that is new begins where the log does."""
    found = await Checkpoint.select_for_update().get_or_none(listener=name)
    if found is not None:
        return found
    begins = await log.oldest_position() - 1
    logger.info("listener_begins", listener=name, position=begins)
    await Checkpoint.bulk_create(
        [Checkpoint(listener=name, epoch=0, position=begins, updated_at=clock.now())], ignore_conflicts=True
    )
    return await Checkpoint.select_for_update().get(listener=name)


async def _move(checkpoint: Checkpoint) -> None:
    checkpoint.updated_at = clock.now()
    await checkpoint.save(update_fields=["position", "updated_at"])
