"""The services ask for rights themselves: called past the schema by whoever may not, they refuse and leave no trace.

The helping rooms, of which others build on: files, jobs, notifications, wallets and webhooks. Whoever calls is the owner of
what it is about and may do everything else, somebody else who has the right, or nobody.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import pytest

from domain.events.models import ParkedEvent
from domain.files.errors import FileNotFound
from domain.files.queries import files_by_id, files_of, readable_file
from domain.identity import job_desk
from domain.identity.actor import ANONYMOUS, Actor
from domain.identity.permissions import Permission, Role
from domain.jobs.queries import TaskFilter
from domain.kit import clock
from domain.kit.errors import DomainError, Forbidden, Unauthenticated
from domain.kit.money import Money
from domain.kit.paging import PageRequest
from domain.ledger.models import JournalLine
from domain.notifications import queries as notices
from domain.notifications.errors import NotificationNotFound
from domain.notifications.models import Delivery, Notification
from domain.notifications.queries import DeliveryFilter
from domain.notifications.service import tell
from domain.wallets import queries as wallets
from domain.wallets.errors import WalletNotFound
from domain.wallets.models import Wallet
from domain.wallets.service import wallet_of
from domain.webhooks import queries as webhooks
from domain.webhooks.errors import WebhookEndpointNotFound
from domain.webhooks.service import create_webhook_endpoint
from tests.domain.jobs.queues import a_queue, leave
from tests.support.happenings import nothing_happens
from tests.support.notices import a_sign_in, logged_at
from tests.support.papers import PDF, a_file
from tests.support.people import an_actor, configure_identity

pytestmark = pytest.mark.usefixtures("database")

P = Permission
PAGE = PageRequest(first=5)


@dataclass(frozen=True)
class World:
    """Somebody who may do everything, and what is theirs; and somebody else who may as well."""

    owner: Actor
    other: Actor
    file_id: UUID
    task_id: UUID
    parked_id: int
    notification_id: UUID
    delivery_id: UUID
    wallet: Wallet
    other_wallet: Wallet
    entry_id: UUID
    endpoint_id: UUID


@dataclass(frozen=True)
class Service:
    """A service: what it needs, how it is called here, and what somebody else hears who has the right."""

    needs: Permission
    given: Callable[[World], dict[str, Any]] = lambda world: {}
    others: type[DomainError] | None = None


def _endpoint(world: World) -> dict[str, Any]:
    return {"endpoint_id": world.endpoint_id}


ENDPOINT = Service(P.EVENTS_READ, _endpoint, WebhookEndpointNotFound)

SERVICES: dict[str, Service] = {
    "files.store_file": Service(P.SIGNED_IN, lambda world: {"file_name": "a.pdf", "content": PDF}),
    "identity.job_desk.retry_job_task": Service(P.JOBS_MANAGE, lambda world: {"task_id": world.task_id}),
    "identity.job_desk.discard_job_task": Service(P.JOBS_MANAGE, lambda world: {"task_id": world.task_id}),
    "identity.job_desk.run_job_now": Service(P.JOBS_MANAGE, lambda world: {"name": "files.forget_unattached"}),
    "identity.job_desk.retry_parked_event": Service(P.JOBS_MANAGE, lambda world: {"parked_event_id": world.parked_id}),
    "notifications.retry_delivery": Service(P.OUTBOX_MANAGE, lambda world: {"delivery_id": world.delivery_id}),
    "notifications.update_preferences": Service(P.SIGNED_IN, lambda world: {"time_zone": "Africa/Nairobi"}),
    "notifications.mark_notification_read": Service(
        P.SIGNED_IN, lambda world: {"notification_id": world.notification_id}, NotificationNotFound
    ),
    "notifications.mark_all_notifications_read": Service(P.SIGNED_IN),
    "wallets.transfer_funds": Service(
        P.WALLET_USE,
        lambda world: {
            "from_wallet_id": world.wallet.id,
            "to_wallet_id": world.other_wallet.id,
            "amount": Money.of(5, "INR"),
        },
        WalletNotFound,
    ),
    "webhooks.create_webhook_endpoint": Service(
        P.EVENTS_READ, lambda world: {"name": "Mine", "url": "https://hooks.example/in"}
    ),
    "webhooks.update_webhook_endpoint": replace(ENDPOINT, given=lambda world: _endpoint(world) | {"name": "Another"}),
    "webhooks.resume_webhook_endpoint": replace(ENDPOINT, given=lambda world: _endpoint(world) | {"from_now": True}),
    **dict.fromkeys(
        (
            "webhooks.pause_webhook_endpoint",
            "webhooks.rotate_webhook_secret",
            "webhooks.delete_webhook_endpoint",
            "webhooks.test_webhook_endpoint",
        ),
        ENDPOINT,
    ),
}

READS: dict[str, tuple[Permission, Callable[[Actor, World], Awaitable[object]]]] = {
    "files.readable_file": (P.SIGNED_IN, lambda actor, world: readable_file(actor, world.file_id)),
    "files.files_of": (P.SIGNED_IN, lambda actor, world: files_of(actor, "tests.case", [world.file_id])),
    "files.files_by_id": (P.SIGNED_IN, lambda actor, world: files_by_id(actor, [world.file_id])),
    "jobs.board": (P.JOBS_READ, lambda actor, world: job_desk.job_board(actor)),
    "jobs.tasks": (P.JOBS_READ, lambda actor, world: job_desk.job_tasks(actor, PAGE, TaskFilter())),
    "jobs.runs": (P.JOBS_READ, lambda actor, world: job_desk.job_runs(actor, PAGE)),
    "jobs.parked_events": (P.JOBS_READ, lambda actor, world: job_desk.parked_events(actor, PAGE)),
    "notifications.list": (P.SIGNED_IN, lambda actor, world: notices.notifications(actor, PAGE)),
    "notifications.one": (P.SIGNED_IN, lambda actor, world: notices.notification(actor, world.notification_id)),
    "notifications.count": (P.SIGNED_IN, lambda actor, world: notices.unread_notification_count(actor)),
    "notifications.preferences": (P.SIGNED_IN, lambda actor, world: notices.preferences(actor)),
    "notifications.deliveries": (P.OUTBOX_MANAGE, lambda actor, world: notices.deliveries(actor, PAGE, DeliveryFilter())),
    "wallets.own": (P.WALLET_USE, lambda actor, world: wallets.my_wallet(actor)),
    "wallets.all_own": (P.WALLET_USE, lambda actor, world: wallets.my_wallets(actor)),
    "wallets.statement": (P.WALLET_USE, lambda actor, world: wallets.my_transactions(actor, PAGE)),
    "wallets.of_an_entry": (
        P.WALLET_USE,
        lambda actor, world: wallets.transaction_of_entry(actor, world.entry_id, wallet=world.wallet),
    ),
    "webhooks.list": (P.EVENTS_READ, lambda actor, world: webhooks.webhook_endpoints(actor, PAGE)),
    "webhooks.attempts": (
        P.EVENTS_READ,
        lambda actor, world: webhooks.webhook_attempts(actor, PAGE, endpoint_id=world.endpoint_id),
    ),
}


def every_service() -> Iterator[tuple[str, Callable[..., Awaitable[Any]]]]:
    """The acts of the rooms that somebody is asked to be allowed: coroutines that begin with an actor."""
    rooms = ("domain.files.service", "domain.notifications.service", "domain.wallets.service", "domain.webhooks.service")
    modules = ["domain.identity.job_desk"]
    for room in rooms:
        package = importlib.import_module(room)
        modules += [found.name for found in pkgutil.iter_modules(package.__path__, f"{room}.")]
    reads = {"job_board", "job_tasks", "job_runs", "parked_events"}
    for module in modules:
        for name, act in vars(importlib.import_module(module)).items():
            function = inspect.unwrap(act) if callable(act) else None
            if not inspect.iscoroutinefunction(function) or function.__module__ != module or name in reads:
                continue
            if next(iter(inspect.signature(function).parameters), "") == "actor" and not name.startswith("_"):
                yield f"{module.removeprefix('domain.').partition('.service.')[0]}.{name}", act


@pytest.fixture
async def world() -> AsyncIterator[World]:
    configure_identity()
    owner, other = await an_actor(Role.ADMIN), await an_actor(Role.ADMIN)
    wallet, other_wallet = await wallet_of(owner.id, "INR"), await wallet_of(other.id, "INR")
    fact = a_sign_in(owner.id)
    assert await tell(fact, logged_at(fact, 1, clock.now())) == 1
    delivery = await Delivery.all().first()
    assert delivery is not None
    await Delivery.filter(id=delivery.id).update(state="FAILED", last_error="550 no")
    parked = await ParkedEvent.create(
        listener="nobody", position=1, event_name="tests.done", error="x", attempts=1, parked_at=clock.now()
    )
    made = await create_webhook_endpoint(owner, name="Books", url="https://hooks.example/in")
    with a_queue(_never) as queue:
        task_id = await leave(queue)
        yield World(
            owner=owner,
            other=other,
            file_id=(await a_file(owner)).id,
            task_id=task_id,
            parked_id=parked.id,
            notification_id=(await Notification.get(recipient_id=owner.id)).id,
            delivery_id=delivery.id,
            wallet=wallet,
            other_wallet=other_wallet,
            entry_id=(await JournalLine.get(account_id=wallet.account_id)).entry_id,
            endpoint_id=made.endpoint.id,
        )


async def _never(*_: object) -> str:
    raise AssertionError("nobody works here")


def without(actor: Actor, permission: Permission) -> Actor:
    """The same person by a key that may do everything but one thing."""
    return replace(actor, scopes=frozenset(Permission) - {permission})


async def test_no_service_does_what_its_caller_may_not(world: World) -> None:
    found = dict(every_service())
    assert found.keys() == SERVICES.keys()
    for name, act in found.items():
        service = SERVICES[name]
        refusals: list[tuple[Actor, type[DomainError]]] = [(ANONYMOUS, Unauthenticated)]
        if service.needs is not P.SIGNED_IN:
            refusals.append((without(world.owner, service.needs), Forbidden))
        if service.others is not None:
            refusals.append((world.other, service.others))
        for actor, refusal in refusals:
            async with nothing_happens():
                with pytest.raises(refusal):
                    await act(actor, **service.given(world))
                    pytest.fail(f"{name} did it for {actor.name}")


async def test_nothing_is_read_by_who_may_not(world: World) -> None:
    for name, (needs, read) in READS.items():
        await read(world.owner, world)
        refusals: list[tuple[Actor, type[DomainError]]] = [(ANONYMOUS, Unauthenticated)]
        if needs is not P.SIGNED_IN:
            refusals.append((without(world.owner, needs), Forbidden))
        for actor, refusal in refusals:
            with pytest.raises(refusal):
                await read(actor, world)
                pytest.fail(f"{name} was read by {actor.name}")


async def test_rows_of_others_are_not_there() -> None:
    """Neither by id nor among several; and one's own wallets are not there for a key that was given no right to them."""
    owner, other = await an_actor(Role.INVESTOR), await an_actor(Role.INVESTOR)
    wallet, file = await wallet_of(owner.id, "INR"), await a_file(owner)
    [line] = await JournalLine.filter(account_id=wallet.account_id)
    for actor in (other, without(owner, P.WALLET_USE), ANONYMOUS):
        assert await wallets.visible_wallets(actor, [wallet.id]) == {}
        assert await wallets.visible_transactions(actor, [line.id]) == {}
        with pytest.raises(Unauthenticated if actor is ANONYMOUS else WalletNotFound):
            await wallets.wallet_transactions(actor, PAGE, wallet_id=wallet.id)
    assert set(await wallets.visible_wallets(owner, [wallet.id])) == {wallet.id}
    assert set(await wallets.visible_transactions(owner, [line.id])) == {line.id}
    assert await files_by_id(other, [file.id]) == {}
    with pytest.raises(FileNotFound):
        await readable_file(other, file.id)
