"""Somebody who has been here for a while, with the rights of now: for feeds, which outlive requests."""

from __future__ import annotations

import pytest

from domain.identity import directory
from domain.identity.actor import ANONYMOUS, SYSTEM
from domain.identity.authentication import authenticate
from domain.identity.directory import actor_now
from domain.identity.permissions import Permission, Role
from domain.identity.service import change_roles, create_api_key, revoke_api_key, sign_out
from domain.kit.errors import Unauthenticated
from tests.support.people import an_actor

pytestmark = pytest.mark.usefixtures("database")


@pytest.mark.parametrize("remembered", [True, False])
async def test_a_session_with_the_roles_of_now(remembered: bool) -> None:
    asha = await an_actor(Role.ACCOUNTANT)
    await change_roles(SYSTEM, user_id=asha.id, roles=[Role.INVESTOR])
    if not remembered:
        directory.clear()
    now = await actor_now(asha)
    assert (now.id, now.session_id, now.roles) == (asha.id, asha.session_id, frozenset({Role.INVESTOR}))
    assert not now.may(Permission.LEDGER_READ)


async def test_a_session_that_has_ended() -> None:
    asha = await an_actor()
    await sign_out(asha)
    with pytest.raises(Unauthenticated):
        await actor_now(asha)


@pytest.mark.parametrize("remembered", [True, False])
async def test_an_api_key(remembered: bool) -> None:
    asha = await an_actor(Role.ACCOUNTANT)
    created = await create_api_key(asha, name="Books", scopes=[Permission.LEDGER_READ])
    other = await create_api_key(asha, name="More", scopes=[Permission.LEDGER_READ, Permission.LEDGER_POST])
    program = await authenticate(created.key)
    await authenticate(other.key)
    if not remembered:
        directory.clear()
    now = await actor_now(program)
    assert (now.api_key_id, now.scopes) == (program.api_key_id, frozenset({Permission.LEDGER_READ}))
    await revoke_api_key(asha, api_key_id=created.api_key.id)
    with pytest.raises(Unauthenticated):
        await actor_now(program)


async def test_those_who_never_signed_in_stay_who_they_are() -> None:
    for actor in (SYSTEM, ANONYMOUS):
        assert await actor_now(actor) is actor
