"""Payments and sessions exist for those whom they concern, and for nobody else."""

from __future__ import annotations

import pytest

from domain.identity.actor import Actor
from domain.identity.permissions import Permission, Role, permissions_of
from domain.kit.database import execute
from domain.kit.errors import Forbidden
from domain.kit.ids import new_id
from domain.payments import access
from domain.payments.errors import PaymentNotFound, SessionNotFound
from domain.payments.models import Payment
from tests.support.people import a_branch, an_actor, somebody
from tests.support.reconciled import a_payment

pytestmark = pytest.mark.usefixtures("database")


async def sees(actor: Actor, payment: Payment) -> bool:
    """In lists, by its id, and locked: all three say the same."""
    listed = await access.visible_payments(actor).filter(id=payment.id).exists()
    try:
        await access.payment_of(actor, payment.id)
        found = True
    except PaymentNotFound:
        found = False
    assert listed == found
    return found


async def test_the_client_sees_the_own_payment_and_no_other() -> None:
    client, other = await an_actor(Role.BORROWER), await an_actor(Role.BORROWER)
    payment = await a_payment(client_id=client.id)
    assert await sees(client, payment)
    assert not await sees(other, payment)
    assert not await sees(somebody(Role.TEACHER), payment)


async def test_staff_see_the_payments_of_their_branch() -> None:
    here, there = await a_branch(), await a_branch()
    payment, elsewhere = await a_payment(branch_id=here.id), await a_payment(branch_id=there.id)
    nowhere = await a_payment()
    cashier = somebody(Role.CASHIER, branch=here)
    assert [await sees(cashier, each) for each in (payment, elsewhere, nowhere)] == [True, False, False]
    for role in (Role.ACCOUNTANT, Role.ADMIN):
        assert [await sees(somebody(role), each) for each in (payment, elsewhere, nowhere)] == [True, True, True]


async def test_reconciling_is_for_administrators_alone() -> None:
    payment = await a_payment()
    assert {role for role in Role if Permission.PAYMENTS_RECONCILE in permissions_of(frozenset({role}))} == {Role.ADMIN}
    for role in (Role.ACCOUNTANT, Role.BRANCH_MANAGER, Role.BORROWER):
        with pytest.raises(Forbidden):
            await access.session_of(somebody(role), payment.id)
    assert (await access.session_of(somebody(Role.ADMIN), payment.id)).id == payment.id
    with pytest.raises(SessionNotFound):
        await access.session_of(somebody(Role.ADMIN), new_id())


async def test_a_client_who_works_here_sees_both() -> None:
    here = await a_branch()
    clerk = await an_actor(Role.SALES_CLERK, branch_id=here.id)
    own, of_branch, other = await a_payment(client_id=clerk.id), await a_payment(branch_id=here.id), await a_payment()
    assert [await sees(clerk, each) for each in (own, of_branch, other)] == [True, True, False]
    await execute("update payment set branch_id = null where id = $1", of_branch.id)
    assert not await sees(clerk, of_branch)
