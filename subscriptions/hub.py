"""The hub: one in each process, between the log and all connections of that process.

It hears every event once and in order, takes changes of rights into account when their turn comes, and hands each event
to the groups that follow its topics. Connections open and close feeds here.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Final

import structlog
from prometheus_client import Histogram

from domain.events.event import LoggedEvent
from domain.events.log import Place, place_of
from domain.identity import directory
from domain.identity.actor import Actor
from domain.identity.events import AccessChanged
from domain.kit import clock, tracing
from domain.kit.errors import DomainError, Forbidden
from domain.privacy.events import PersonalDataErased
from subscriptions.access import Connections, Viewer
from subscriptions.attendance import Attendance
from subscriptions.beside import EventGroupWithState
from subscriptions.connection import Connection, Farewell
from subscriptions.cursor import CursorCodec
from subscriptions.errors import DeliveryFailed, RealTimeDisabled, RightsChanged, ShuttingDown
from subscriptions.feed import Feed, Ready, ResyncReason, ResyncRequired, Subscription
from subscriptions.follower import LogFollower
from subscriptions.groups import EventGroup, Group
from subscriptions.history import History
from subscriptions.index import TopicIndex
from subscriptions.limits import HubLimits
from subscriptions.member import Member
from subscriptions.reading import PatientReader, PoolFigures
from subscriptions.retelling import Retelling
from subscriptions.ring import Ring
from subscriptions.shapes import Renderings
from subscriptions.states import StateGroup
from subscriptions.status import HubStatistics, HubStatus
from subscriptions.stepping import start_task
from subscriptions.transport import ResilientBroadcast

LONGEST_BREATH_S: Final = 0.01
"""After so long without a wait, others get their turn."""

PARTING_BATCHES: Final = 20
PARTING_S: Final = 2.0
FLUSH_POLL_S: Final = 0.02

_TOLD_AFTER: Final = Histogram(
    "daftari_delivery_seconds",
    "From when something happened until this process has told all who follow it; several events told together count once.",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60),
)

logger = structlog.get_logger(__name__)


class Hub:
    """Start it where no unit of work and no request is in progress; it opens database connections of its own."""

    def __init__(
        self,
        database_url: str,
        broadcast: ResilientBroadcast,
        cursors: CursorCodec,
        limits: HubLimits | None = None,
        *,
        real_time: bool = True,
        attendance: Attendance | None = None,
    ) -> None:
        """Without ``real_time`` no feed is opened; changes of rights reach connections all the same. ``attendance`` is told
        who comes to a feed and who leaves."""
        self.real_time = real_time
        self._attendance = attendance
        self.limits = limits or HubLimits()
        self.statistics = HubStatistics()
        self.connections = Connections()
        self.told = 0
        self.rights_news = 0
        self.draining = False
        self.retelling = Retelling()
        self._database_url = database_url
        self._broadcast = broadcast
        self._cursors = cursors
        self._ring = Ring(max_events=self.limits.ring_events, max_bytes=self.limits.ring_bytes)
        self._renderings = Renderings(self._cursor_of, max_bytes=self.limits.renderings_bytes)
        self._index = TopicIndex()
        self._groups: dict[Any, Group] = {}
        self._started_at = 0.0
        self._breathed_at = 0.0
        self._cursor: tuple[Place | None, str] = (None, "")

    async def start(self) -> None:
        """Raises if the database cannot be reached; Redis may be away."""
        self._started_at = time.monotonic()
        self._reader = await PatientReader.open(self._database_url, connections=self.limits.database_connections)
        self.history = History(self._ring, self._reader, self.limits)
        self._follower = LogFollower(
            self._reader,
            self._broadcast,
            self._ring,
            self.limits,
            dispatch=self._dispatch,
            opens_run=_changes_rights,
            start_over=self._start_over,
            doorbell_changed=lambda: start_task(self.connections.ping(), name="ping-everybody"),
        )
        await self._follower.start()
        self.told = self.place.position

    async def stop(self) -> None:
        await self._follower.stop()
        for connection in self.connections:
            connection.part(Farewell.RESTARTING)
        await self._reader.close()

    @property
    def place(self) -> Place:
        """The last event that this process has heard."""
        return self._follower.place

    @property
    def is_delayed(self) -> bool:
        """Redis is away: what happens is heard only by looking at the log now and then."""
        return self._broadcast.backend.away

    def cursor(self) -> str:
        """The present as a cursor: whoever reads data now and resumes from it misses nothing."""
        if self._cursor[0] is not self.place:
            self._cursor = (self.place, self._cursors.encode(self.place))
        return self._cursor[1]

    def cursor_at(self, position: int) -> str:
        if position == self.place.position:
            return self.cursor()
        return self._cursors.encode(Place(self.place.epoch, position, self._ring.fingerprint_at(position)))

    def cursor_for(self, connection: Connection) -> str:
        """Up to where this connection has been told everything, as far as its feeds go."""
        position = self.told
        for member in connection.members.values():
            position = min(position, member.position if member.behind else member.group.told_up_to())
        return self.cursor_at(position)

    def status(self) -> HubStatus:
        return HubStatus(
            connections=len(self.connections),
            feeds=sum(len(group.members) for group in self._groups.values()),
            groups=len(self._groups),
            shapes=len(self._renderings),
            place=self.place,
            doorbell=self._broadcast.backend.connected,
            real_time=self.real_time,
            executions=self._renderings.executions,
            queries=self._reader.queries,
            failures=self._reader.failures,
            gaps=self._follower.gaps,
            uptime_s=time.monotonic() - self._started_at,
        )

    def reader_pool(self) -> PoolFigures:
        """Of the connections that history is read on."""
        return self._reader.figures()

    def welcome(self, connection: Connection) -> None:
        """From here on changes of its user's rights reach this connection."""
        self.connections.add(connection)

    def take_for(self, connection: Connection, actor: Actor) -> None:
        """The same user is seen with other rights, or with another token, from here on."""
        before = connection.viewer.actor
        assert before.id == actor.id, "a connection stays with its user"
        connection.viewer = Viewer(actor)
        if actor.permissions != before.permissions:
            self._reconsider_feeds(connection)

    def dismiss(self, connection: Connection) -> None:
        """The connection is over, or about to be."""
        self.connections.discard(connection)
        for member in list(connection.members.values()):
            self.close(member)

    async def open(
        self, connection: Connection, operation_id: str, subscription: Subscription, prefix: bytes = b""
    ) -> Member:
        """Open a feed and tell it all that it has missed; returns when it is live.

        Refuses with INVALID_CURSOR, FORBIDDEN, SHUTTING_DOWN, REAL_TIME_DISABLED, or what the feed itself says of its
        arguments.
        """
        if not self.real_time:
            raise RealTimeDisabled("live feeds are switched off on this server; queries and mutations work as ever")
        if self.draining:
            raise ShuttingDown("this server is about to stop; connect again")
        after = None if subscription.after is None else self._cursors.decode(subscription.after)
        topics = await self._permitted_topics(connection, subscription)
        # From here on the member is attached; history is read after this, so that nothing falls between the two.
        if connection.closed:
            raise ShuttingDown("the connection has ended")
        group = self._group_for(connection.viewer.actor, subscription, topics)
        member = Member(connection, group, operation_id, self.place.position)
        member.prefix = prefix
        group.members.add(member)
        connection.members[operation_id] = member
        try:
            if self._attendance is not None:
                await self._attendance.opened(member)
            await self._greet(member, after)
        except BaseException:
            self.close(member)
            raise
        return member

    def close(self, member: Member) -> None:
        """The operation is over; safe to call twice."""
        if member.ended:
            return
        member.ended = True
        member.connection.members.pop(member.operation_id, None)
        if self._attendance is not None:
            self._attendance.closed(member)
        self._leave_group(member)

    def fail(self, member: Member, error: DomainError) -> None:
        """End an operation from our side, and tell the client why."""
        if not member.ended:
            self.close(member)
            member.connection.fail(member, error)

    async def part_from_all(self, reason: Farewell, *, within_s: float) -> None:
        """End all connections in small jittered batches, so that those who come back do not come at once."""
        connections = list(self.connections)
        random.shuffle(connections)
        batch = max(1, -(-len(connections) // PARTING_BATCHES))
        for start in range(0, len(connections), batch):
            for connection in connections[start : start + batch]:
                connection.part(reason)
            await asyncio.sleep(random.uniform(0.5, 1.0) * within_s / PARTING_BATCHES)

    async def drain(self, *, flush_s: float = 2.0, part_within_s: float = 5.0) -> None:
        """Before the process stops: no new feeds, what is on its way arrives, then everybody is sent away to come back."""
        self.draining = True
        with suppress(TimeoutError):
            async with asyncio.timeout(flush_s):
                await self._flush()
        await self.part_from_all(Farewell.RESTARTING, within_s=part_within_s)

    async def _flush(self) -> None:
        while self.told < self.place.position or any(each.is_slow for each in self.connections):  # noqa: ASYNC110
            await asyncio.sleep(FLUSH_POLL_S)

    async def _permitted_topics(self, connection: Connection, subscription: Subscription) -> tuple[str, ...]:
        """Asked again when any rights changed while the answer was being found."""
        while True:
            news, actor = self.rights_news, connection.viewer.actor
            for permission in subscription.requires | {subscription.feed.requires}:
                actor.require(permission)
            topics = await subscription.feed.topics(actor, subscription.arguments)
            if news == self.rights_news:
                return tuple(dict.fromkeys(topics))

    def _group_for(self, actor: Actor, subscription: Subscription, topics: tuple[str, ...]) -> Group:
        feed = subscription.feed
        own_state = feed.state is not None and not feed.same_for_all
        whose = (actor.id, actor.permissions) if own_state else None
        key = (feed, subscription.shape.key, topics, whose)
        group = self._groups.get(key)
        if group is None:
            kind = _kind_of_group(feed)
            group = self._groups[key] = kind(self, key, subscription, self._renderings.follow(subscription.shape), topics)
            self._index.add(group)
        return group

    def _leave_group(self, member: Member) -> None:
        group = member.group
        group.live.discard(member)
        group.members.discard(member)
        if not group.members and self._groups.get(group.key) is group:
            del self._groups[group.key]
            self._index.discard(group)
            self._renderings.leave(group.shape)
            group.stop()

    async def _greet(self, member: Member, after: Place | None) -> None:
        """Every feed answers a cursor alike. A feed of a state has nothing to replay: the state that follows says it all, so
        it is ready at the present; but a cursor that is worth nothing is worth nothing there either."""
        group = member.group
        lost = None if after is None else await self._lost_since(after)
        present = self.cursor_at(member.position)
        if lost is not None:
            await group.welcome(member, Ready(present, recovered=False))
            await group.notify(member, ResyncRequired(lost, present))
            self.statistics.resyncs += 1
        elif after is None or isinstance(group, StateGroup):
            member.position = max(member.position, 0 if after is None else after.position)
            await group.welcome(member, Ready(present, recovered=after is not None))
        else:
            member.position = after.position
            member.catching_up = True
            await group.welcome(member, Ready(self._cursors.encode(after), recovered=True))
        await group.bring_up(member)

    async def _lost_since(self, after: Place) -> ResyncReason | None:
        lost = await self.history.lost_since(after, self.place)
        # While the log was asked history may have become another one.
        return ResyncReason.EPOCH_CHANGED if lost is None and after.epoch != self.place.epoch else lost

    async def _dispatch(self, run: Sequence[LoggedEvent]) -> None:
        """What has just happened, to all who follow any of it. A change of rights comes first in its run."""
        with tracing.about("deliver", run) as telling:
            before = self.statistics.deliveries
            await self._tell(run)
            telling.note("daftari.deliveries", self.statistics.deliveries - before)
        _TOLD_AFTER.observe(max(0.0, (clock.now() - run[0].occurred_at).total_seconds()))

    async def _tell(self, run: Sequence[LoggedEvent]) -> None:
        self.statistics.events += len(run)
        if run[0].name == AccessChanged.name:
            self._take_news_of_rights(run[0].fact)
        for group, events in self._index.interested_in(run).items():
            try:
                await group.offer(events)
            except Exception as error:
                logger.exception("event_not_delivered", feed=group.feed.name, position=run[0].position, exc_info=error)
                group.fail_everybody(
                    DeliveryFailed("an event could not be delivered; subscribe again with your last cursor")
                )
            await self._breathe()
        if any(logged.name == PersonalDataErased.name for logged in run):
            self._forget_the_past()
        self.told = run[-1].position
        await self._breathe()

    def _forget_the_past(self) -> None:
        """What was said of somebody before is not said any more: whoever comes back is told what the log says now."""
        self._ring.forget()
        self._renderings.clear()

    async def _breathe(self) -> None:
        """Let others run, if this has taken a while: heartbeats, requests, the doorbell."""
        if asyncio.get_running_loop().time() - self._breathed_at > LONGEST_BREATH_S:
            await asyncio.sleep(0)
            self._breathed_at = asyncio.get_running_loop().time()

    def _take_news_of_rights(self, change: AccessChanged) -> None:
        """In the order of the log: what comes after this event is delivered by the new rights only."""
        self.rights_news += 1
        directory.apply(change)
        for connection in self.connections.of_user(change.user_id):
            before = connection.viewer.actor
            actor = change.applied_to(before)
            if actor is None:
                connection.part(Farewell.REVOKED)
            elif actor is not before:
                self.take_for(connection, actor)
                if actor.expires_at != before.expires_at:
                    connection.ends_at(actor.expires_at)

    def _reconsider_feeds(self, connection: Connection) -> None:
        permissions = connection.viewer.actor.permissions
        for member in list(connection.members.values()):
            missing = member.group.requires - permissions
            if missing:
                names = ", ".join(sorted(permission.value for permission in missing))
                self.fail(member, Forbidden(f"your rights have changed; this needs the permission {names}"))
            elif member.group.feed.state is not None:
                self.fail(member, RightsChanged("your rights have changed; subscribe again"))
            else:
                start_task(self._reconsider_topics(member), name="reconsider-topics")

    async def _reconsider_topics(self, member: Member) -> None:
        """Meanwhile the audience of each event is what decides, and it is compared with the new rights already."""
        group = member.group
        try:
            topics = tuple(dict.fromkeys(await group.feed.topics(member.connection.viewer.actor, group.arguments)))
        except DomainError as error:
            self.fail(member, error)
        except Exception as error:
            logger.exception("topics_not_found", feed=group.feed.name, exc_info=error)
            self.fail(member, RightsChanged("your rights have changed; subscribe again"))
        else:
            if topics != group.topics:
                self.fail(member, RightsChanged("your rights have changed; subscribe again"))

    async def _start_over(self) -> None:
        """History is another one now. Everybody is told, and then has to sign in anew: users and rights are of that other
        history too."""
        self._renderings.clear()
        self.retelling = Retelling()
        directory.clear()
        self.rights_news += 1
        self.told = self.place.position
        notice = ResyncRequired(ResyncReason.EPOCH_CHANGED, self.cursor())
        for connection in self.connections:
            for member in list(connection.members.values()):
                member.position = self.place.position
                await member.group.notify(member, notice)
                self.statistics.resyncs += 1
        start_task(self.part_from_all(Farewell.RESTARTING, within_s=PARTING_S), name="part-from-all")

    def _cursor_of(self, logged: LoggedEvent) -> str:
        return self._cursors.encode(place_of(logged))


def _kind_of_group(feed: Feed) -> type[Group]:
    if feed.state is not None:
        return StateGroup
    return EventGroup if feed.beside is None else EventGroupWithState


def _changes_rights(logged: LoggedEvent) -> bool:
    return logged.name == AccessChanged.name
