"""All who follow the same feed in the same shape: told together, by one execution, in the order of the log.

A member is either *live*, and told every event as it comes, or *behind*, and told from the log at its own speed until it
stands where the hub stands. The step from behind to live is taken in one breath with that comparison, so there is no
hole between history and the present, and every member's position sees to it that there is no repeat.
"""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Hashable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import structlog

from domain.events.event import LoggedEvent
from domain.events.log import Place
from domain.identity.permissions import Permission
from domain.kit import clock
from domain.kit.errors import DomainError
from subscriptions.errors import DeliveryFailed
from subscriptions.feed import CaughtUp, Feed, Greeting, Notice, Ready, ResyncReason, ResyncRequired, Subscription, Visit
from subscriptions.history import HistoryMissing
from subscriptions.member import Member
from subscriptions.parcels import Shares, parts_of
from subscriptions.retelling import Missed
from subscriptions.shapes import Rendered, SharedShape
from subscriptions.stepping import start_task

if TYPE_CHECKING:
    from subscriptions.hub import Hub

logger = structlog.get_logger(__name__)


class Group(ABC):
    """Members with the same feed, shape and topics."""

    def __init__(
        self, hub: Hub, key: Hashable, subscription: Subscription, shape: SharedShape, topics: tuple[str, ...]
    ) -> None:
        self.hub = hub
        self.key = key
        self.feed: Feed = subscription.feed
        self.arguments: Mapping[str, Any] = subscription.arguments
        self.requires: frozenset[Permission] = subscription.requires | {subscription.feed.requires}
        self.shape = shape
        self.topics = topics
        self.members: set[Member] = set()
        self.live: set[Member] = set()

    @abstractmethod
    async def offer(self, run: Sequence[LoggedEvent]) -> None:
        """These have happened, one after the other, and each touches one of the topics."""

    @abstractmethod
    async def bring_up(self, member: Member) -> None:
        """Tell a member all it has missed, and then let it be live. Does nothing for one who is live."""

    @abstractmethod
    def told_up_to(self) -> int:
        """The position up to which all live members have been told everything."""

    @abstractmethod
    def stop(self) -> None:
        """The last member has left."""

    def fall_behind(self, member: Member, position: int) -> None:
        """What came after ``position`` was dropped; it will be read again when the connection moves on."""
        self.live.discard(member)
        member.rewind(position)

    def bring_up_again(self, member: Member) -> None:
        if not member.reading:
            self.hub.statistics.refills += 1
            start_task(self._bring_up_or_fail(member), name="refill")

    async def welcome(self, member: Member, ready: Ready) -> None:
        """The feed is open: what it says of its own to one who comes, and then that notice."""
        if self.feed.greets is not None:
            said = self.feed.greets(Visit(id=member.id, at=clock.now()))
            self._reply(member, await self.shape.of_greeting(Greeting(said, ready.cursor)))
        await self.notify(member, ready)

    async def notify(self, member: Member, notice: Notice) -> None:
        self._reply(member, await self.shape.of_notice(notice))

    def _reply(self, member: Member, rendered: Rendered) -> None:
        if not member.ended:
            member.connection.reply(member.connection.next_message(member, rendered), len(rendered.body))

    def fail_everybody(self, error: DomainError) -> None:
        for member in list(self.live):
            self.hub.fail(member, error)

    async def _bring_up_or_fail(self, member: Member) -> None:
        try:
            await self.bring_up(member)
        except DomainError as error:
            self.hub.fail(member, error)
        except Exception as error:
            logger.exception("refill_failed", feed=self.feed.name, exc_info=error)
            self.hub.fail(member, DeliveryFailed("this feed could not be continued; subscribe again"))


class EventGroup(Group):
    """A group of an event feed."""

    def __init__(
        self, hub: Hub, key: Hashable, subscription: Subscription, shape: SharedShape, topics: tuple[str, ...]
    ) -> None:
        super().__init__(hub, key, subscription, shape, topics)
        self._backlog: deque[LoggedEvent] = deque()
        self._writing: LoggedEvent | None = None

    async def offer(self, run: Sequence[LoggedEvent]) -> None:
        if not self.live:
            return
        if self._writing is not None:
            self._postpone(run)
            return
        written: list[tuple[LoggedEvent, Rendered]] = []
        for count, logged in enumerate(run, start=1):
            try:
                rendered = self.shape.of_event(self.feed, logged)
            except DomainError as error:
                await self._fan_out(written)
                self.fail_everybody(error)
                return
            if isinstance(rendered, Rendered):
                written.append((logged, rendered))
            elif rendered is not None:
                # Writing it takes a while. Other groups do not wait; what comes meanwhile for this one does.
                self._writing = logged
                self._postpone(run[count:])
                break
        try:
            await self._fan_out(written)
        finally:
            if self._writing is not None:
                start_task(self._work_off(self._writing), name="write-and-fan-out")

    def told_up_to(self) -> int:
        return self.hub.told if self._writing is None else min(self.hub.told, self._writing.position - 1)

    def stop(self) -> None:
        self._backlog.clear()

    async def bring_up(self, member: Member) -> None:
        member.reading = True
        try:
            while member.behind and not member.ended:
                if member.connection.is_slow:
                    # What waits may be dropped yet, and would be told again behind whatever was said before it had gone.
                    await member.connection.room()
                elif member.position < self.hub.place.position:
                    await self._tell_page(member)
                elif member.catching_up:
                    member.catching_up = False
                    await self.notify(member, CaughtUp(self.hub.cursor_at(member.position)))
                else:
                    member.behind = False
                    self.live.add(member)
        finally:
            member.reading = False

    async def _tell_page(self, member: Member) -> None:
        hub, connection = self.hub, member.connection
        place, at = hub.place, member.position
        try:
            missed = hub.retelling.find(self, at, place) or await self._missed_since(at, place)
        except HistoryMissing as missing:
            await self._skip_to_present(member, missing.reason)
            return
        for number, part in enumerate(missed.parts):
            if number not in missed.shares:
                missed.shares[number] = await self._shares_of(part)
            await connection.room()
            if member.ended or member.position != at or hub.place.epoch != place.epoch:
                return
            # What may be seen is asked when it is told: rights may have changed while it was written.
            shares = missed.shares[number]
            parcel = None if shares is None else shares.of(connection.viewer, at)
            if parcel is not None:
                at = member.position = parcel.items[-1].position
                connection.deliver(member, parcel)
                hub.statistics.replayed += len(parcel.items)
        if member.position == at:
            member.position = missed.up_to

    async def _missed_since(self, after: int, present: Place) -> Missed:
        page = await self.hub.history.read(Place(present.epoch, after), present.position, self.topics)
        mine = [each for each in page.events if self.feed.cares_about(each.name)]
        return self.hub.retelling.keep(self, after, present, Missed(list(parts_of(mine, self.hub.limits)), page.up_to))

    async def _shares_of(self, part: Sequence[LoggedEvent]) -> Shares | None:
        written = [(logged, rendered) for logged in part if (rendered := await self._written(logged)) is not None]
        return Shares(written) if written else None

    async def _skip_to_present(self, member: Member, reason: ResyncReason) -> None:
        """What is missing cannot be told any more, so the member is told just that; if it was in the midst of a replay, then
        also that this is over."""
        member.position = self.hub.place.position
        self.hub.statistics.resyncs += 1
        await self.notify(member, ResyncRequired(reason, self.hub.cursor_at(member.position)))

    async def _written(self, logged: LoggedEvent) -> Rendered | None:
        rendered = self.shape.of_event(self.feed, logged)
        # Others may wait for the same bytes, so one who stops waiting must not stop the writing.
        return await asyncio.shield(rendered) if isinstance(rendered, asyncio.Future) else rendered

    async def _work_off(self, logged: LoggedEvent) -> None:
        while True:
            self._writing = logged
            try:
                rendered = await self._written(logged)
                if rendered is not None:
                    await self._fan_out([(logged, rendered)])
            except Exception as error:
                self.fail_everybody(error if isinstance(error, DomainError) else DeliveryFailed("subscribe again"))
            if not self._backlog:
                self._writing = None
                return
            logged = self._backlog.popleft()

    def _postpone(self, run: Sequence[LoggedEvent]) -> None:
        if len(self._backlog) + len(run) <= self.hub.limits.group_backlog_events:
            self._backlog.extend(run)
            return
        # Too much: from here on everybody reads at their own speed, each from where they stand.
        self._backlog.clear()
        for member in list(self.live):
            self.fall_behind(member, member.position)
            self.bring_up_again(member)

    async def _fan_out(self, written: Sequence[tuple[LoggedEvent, Rendered]]) -> None:
        """Tell all who are live, each in one piece."""
        hub, limits = self.hub, self.hub.limits
        if not written or written[-1][0].epoch != hub.place.epoch:
            return
        shares = Shares(written)
        sent = 0
        for count, member in enumerate(tuple(self.live), start=1):
            # Somebody who has just come may stand past this already, or have left meanwhile.
            if member.position < shares.last and not member.behind and not member.ended:
                parcel = shares.of(member.connection.viewer, member.position)
                member.position = shares.last
                if parcel is not None:
                    member.connection.deliver(member, parcel)
                    hub.statistics.deliveries += len(parcel.items)
                    sent += parcel.size
            if count % limits.fan_out_slice == 0 or sent > limits.fan_out_bytes:
                sent = 0
                await asyncio.sleep(0)
