"""Who may do what at the school, as its handbook has it."""

from __future__ import annotations

import pytest

from domain.identity.permissions import SELF_REGISTERED, Permission, Role, permissions_of

P, R = Permission, Role

HANDBOOK = {
    P.SCHOOL_READ: {R.REGISTRAR, R.BURSAR, R.TEACHER, R.ACCOUNTANT},
    P.ALL_CLASSES: {R.REGISTRAR, R.BURSAR, R.ACCOUNTANT},
    P.SCHOOL_MANAGE: {R.REGISTRAR},
    P.ENROLMENTS_MANAGE: {R.REGISTRAR},
    P.ATTENDANCE_MARK: {R.REGISTRAR, R.TEACHER},
    P.FEES_READ: {R.BURSAR, R.ACCOUNTANT, R.CASHIER},
    P.FEES_MANAGE: {R.BURSAR},
    P.FEES_COLLECT: {R.BURSAR, R.ACCOUNTANT, R.CASHIER},
    P.SCHOOL_BOOKS: {R.BURSAR, R.ACCOUNTANT},
    P.SCHOOL_REPAIR: set(),
    P.WARDS_READ: {R.GUARDIAN},
}


@pytest.mark.parametrize("permission", HANDBOOK)
def test_a_permission_of_the_school_is_held_by(permission: Permission) -> None:
    holders = {role for role in Role if permission in permissions_of(frozenset({role}))}
    assert holders == HANDBOOK[permission] | {R.ADMIN}


def test_nobody_makes_themselves_staff_of_the_school() -> None:
    assert {R.REGISTRAR, R.BURSAR, R.TEACHER}.isdisjoint(SELF_REGISTERED)
    assert P.REPORTS_GENERATE in permissions_of(frozenset({R.BURSAR}))
