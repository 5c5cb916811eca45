"""Each way in which things do not agree, from what is said to the row that a person sees, and what becomes of the money."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from domain.kit import database
from domain.kit.money import Money
from domain.payments.rules.evidence import Evidence
from domain.payments.rules.phones import Sender
from domain.payments.states import Outcome
from tests.domain.payments.rules.factory import (
    DUE_AT,
    LATER,
    OTHER,
    RECEIPT,
    SENT_AT,
    SOON,
    answer,
    callback,
    confirmation,
    kes,
    row,
    taken_back,
)
from tests.domain.payments.settling.factory import (
    a_payment,
    a_statement,
    all_is_well,
    books,
    disagreements,
    rows,
    told,
    told_of_nobody,
)
from tests.support.happenings import events_so_far
from tests.support.people import a_user

pytestmark = pytest.mark.usefixtures("database")

ALL_IS_RIGHT = {"1210": 250_000, "2910": 250_000}


@dataclass(frozen=True)
class Story:
    """What is said, and what comes of it."""

    claims: tuple[Evidence, ...]
    found: dict[str, str]
    """Types of discrepancies and their severity."""
    status: str = "PAID"
    books: tuple[tuple[str, int], ...] = tuple(ALL_IS_RIGHT.items())
    at: datetime = SOON
    prompted: bool = True


def in_suspense(minor: int, *, purpose: int = 0) -> tuple[tuple[str, int], ...]:
    held = {"1210": minor + purpose, "2910": purpose, "2920": minor}
    return tuple((code, amount) for code, amount in held.items() if amount)


STORIES = {
    "too little came": Story((callback(amount=kes(2_499)),), {"AMOUNT_MISMATCH": "HIGH"}, books=in_suspense(249_900)),
    "too much came": Story((callback(amount=kes(5_000)),), {"AMOUNT_MISMATCH": "HIGH"}, books=in_suspense(500_000)),
    "the statement knows better": Story(
        (callback(), row(amount=kes(2_400))), {"AMOUNT_MISMATCH": "HIGH"}, books=in_suspense(240_000), at=LATER
    ),
    "another currency": Story(
        (callback(amount=Money(250_000, "TZS")),), {"CURRENCY_MISMATCH": "HIGH"}, books=in_suspense(250_000)
    ),
    "paid twice": Story(
        (callback(), confirmation(receipt=OTHER, after_s=60)),
        {"DUPLICATE_PAYMENT": "HIGH"},
        books=in_suspense(250_000, purpose=250_000),
    ),
    "the callback came late": Story((callback(after_s=600),), {"LATE_CALLBACK": "LOW"}, at=LATER),
    "the callback never came": Story((answer(),), {"MISSING_CALLBACK": "MEDIUM"}, at=LATER),
    "the callback did not come in a day": Story((answer(),), {"MISSING_CALLBACK": "HIGH"}, at=DUE_AT + timedelta(hours=24)),
    "another telephone paid": Story((callback(sender=Sender.read("0711000009")),), {"PHONE_MISMATCH": "LOW"}),
    "another reference was typed": Story((callback(), confirmation(reference="FEE-43")), {"REFERENCE_MISMATCH": "MEDIUM"}),
    "the provider takes it back": Story(
        (callback(), taken_back()), {"REVERSED": "HIGH"}, status="REVERSED", books=(), at=LATER
    ),
    "the provider takes a part back": Story(
        (callback(), taken_back(kes(1_000))),
        {"REVERSED": "HIGH"},
        status="PARTIALLY_REVERSED",
        books=(("1210", 150_000), ("2910", 150_000)),
        at=LATER,
    ),
    "failed after it was paid": Story((callback(), answer(Outcome.FAILED, after_s=60)), {"STATUS_MISMATCH": "HIGH"}),
    "paid after it had failed": Story(
        (callback(Outcome.FAILED), confirmation(after_s=60, prompt=None)), {"STATUS_MISMATCH": "MEDIUM"}
    ),
    "only the statement knows": Story((row(),), {"STATUS_MISMATCH": "MEDIUM"}, at=LATER, prompted=False),
    "several things at once": Story(
        (callback(amount=kes(2_000), sender=Sender.read("0711000009"), after_s=900),),
        {"AMOUNT_MISMATCH": "HIGH", "LATE_CALLBACK": "LOW", "PHONE_MISMATCH": "LOW"},
        books=in_suspense(200_000),
        at=LATER,
    ),
}


@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES.keys())
async def test_what_does_not_agree_is_written_down_and_told(story: Story) -> None:
    made = await a_payment(prompted=story.prompted)
    settled = await told(made, *story.claims, at=story.at)
    found = await rows("select type, severity, status from discrepancy where payment_id = $1", made.id)
    assert {type_: severity for type_, severity, _ in found} == story.found
    assert {status for *_, status in found} == {"OPEN"}
    assert (settled.payment.status, settled.reconciliation.status) == (story.status, "DISCREPANCY")
    assert {each["type"] for each in settled.reconciliation.issues} == story.found.keys()
    assert await books() == dict(story.books)
    [told_of] = [each for each in await events_so_far() if each.name == "payments.discrepancy_found"]
    assert {each.type: each.severity for each in told_of.fact.issues} == story.found
    assert told_of.fact.reconciliation_id == settled.reconciliation.id
    await all_is_well()


async def test_a_receipt_that_the_statement_of_its_time_lacks() -> None:
    made = await a_payment()
    await told(made, callback(), at=SOON)
    assert await disagreements(made) == {}
    await a_statement(SENT_AT - timedelta(hours=1), SENT_AT + timedelta(hours=1))
    settled = await told(made, at=LATER)
    assert settled.decision.severity == "HIGH"
    assert await disagreements(made) == {"MISSING_IN_STATEMENT": "OPEN"}
    await told(made, row(), at=LATER)
    assert await disagreements(made) == {"MISSING_IN_STATEMENT": "RESOLVED"}


async def test_money_of_no_payment_that_is_known() -> None:
    await told_of_nobody(confirmation(reference="who knows"))
    assert await rows("select receipt, payment_id, first_channel from mpesa_receipt") == [(RECEIPT, None, "C2B")]
    assert await rows("select type, severity, received, status from discrepancy") == [
        ("ORPHAN_TRANSACTION", "HIGH", "KES 2,500.00", "OPEN")
    ]
    assert await books() == {"1210": 250_000, "2920": 250_000}
    await told_of_nobody(row(reference="who knows"))
    assert await books() == {"1210": 250_000, "2920": 250_000}
    await told_of_nobody(taken_back(kes(1_000)))
    assert await rows("select received, status from discrepancy") == [("KES 1,500.00", "OPEN")]
    await told_of_nobody(replace(taken_back(kes(1_500)), receipt="TC99BACK01"))
    assert await rows("select status, resolution, resolved_by from discrepancy") == [("RESOLVED", "NO_ACTION", None)]
    assert await books() == {}
    await all_is_well()


async def test_a_receipt_that_failed_is_none() -> None:
    await told_of_nobody(row(outcome=Outcome.FAILED, receipt=RECEIPT), row(receipt=OTHER))
    assert await rows("select receipt from mpesa_receipt") == [(OTHER,)]
    assert await books() == {"1210": 250_000, "2920": 250_000}
    await all_is_well()


async def test_a_receipt_of_which_only_the_end_is_known_has_no_money() -> None:
    await told_of_nobody(taken_back())
    assert await rows("select receipt, payment_id from mpesa_receipt") == [(RECEIPT, None)]
    assert (await books(), await disagreements()) == ({}, {})
    made = await a_payment()
    settled = await told(made, callback())
    assert (settled.payment.status, settled.payment.purpose_minor) == ("REVERSED", 0)
    assert await books() == {}
    await all_is_well()


async def test_what_is_gone_is_resolved_by_itself_and_open_again_when_it_is_back() -> None:
    made = await a_payment()
    await told(made, answer(), at=LATER)
    assert await disagreements(made) == {"MISSING_CALLBACK": "OPEN"}
    await told(made, callback(), at=LATER)
    [(resolution, by, version)] = await rows("select resolution, resolved_by, version from discrepancy")
    assert (resolution, by, version) == ("NO_ACTION", None, 2)
    await _forget_callbacks()
    await told(made, at=LATER)
    [each] = await rows("select status, resolution, resolved_by, resolved_at, version from discrepancy")
    assert each == ("OPEN", None, None, None, 3)
    names = [each.name for each in await events_so_far() if "discrepancy" in each.name]
    assert names == ["payments.discrepancy_found", "payments.discrepancy_changed", "payments.discrepancy_found"]


async def test_what_a_person_has_dealt_with_stays_so_unless_it_is_worse() -> None:
    made, clerk = await a_payment(), (await a_user()).id
    await told(made, answer(), at=LATER)
    await database.execute(
        """update discrepancy set status = 'RESOLVED', resolution = 'NO_ACTION', resolved_by = $1, resolved_at = now(),
           note = 'they are slow today'""",
        clerk,
    )
    again = await told(made, answer(after_s=90), at=LATER)
    assert again.reconciliation.status == "UNVERIFIED"
    assert again.reconciliation.issues == []
    assert await disagreements(made) == {"MISSING_CALLBACK": "RESOLVED"}
    await told(made, at=LATER + timedelta(days=2))
    assert await rows("select severity, status, resolved_by, note from discrepancy") == [("HIGH", "OPEN", None, "")]


async def test_what_a_person_has_dealt_with_is_open_again_with_other_figures() -> None:
    made, clerk = await a_payment(), (await a_user()).id
    await told(made, callback(amount=kes(2_499)))
    await _dealt_with(clerk)
    assert (await told(made, confirmation(amount=kes(2_499)))).reconciliation.status == "MATCHED"
    assert await disagreements(made) == {"AMOUNT_MISMATCH": "RESOLVED"}
    await told(made, row(amount=kes(2_000)))
    assert await rows("select status, received from discrepancy") == [("OPEN", "KES 2,000.00")]


async def test_who_is_on_it_stays_when_it_becomes_worse() -> None:
    made, clerk = await a_payment(), (await a_user()).id
    await told(made, answer(), at=LATER)
    await database.execute("update discrepancy set status = 'ASSIGNED', assigned_to = $1, assigned_at = now()", clerk)
    await told(made, at=LATER + timedelta(days=2))
    assert await rows("select severity, status, assigned_to from discrepancy") == [("HIGH", "ASSIGNED", clerk)]
    assert [each.name for each in await events_so_far() if "discrepancy" in each.name][1:] == ["payments.discrepancy_found"]


async def test_what_no_settling_finds_no_settling_resolves() -> None:
    made = await a_payment()
    await told(made, callback())
    await database.execute(
        """insert into discrepancy (id, payment_id, type, severity, message, status, found_at, last_found_at)
           values (gen_random_uuid(), $1, 'PURPOSE_REFUSED', 'HIGH', 'the loan is closed', 'OPEN', now(), now())""",
        made.id,
    )
    assert (await told(made, row())).reconciliation.status == "MATCHED"
    assert await disagreements(made) == {"PURPOSE_REFUSED": "OPEN"}


async def _dealt_with(clerk: Any) -> None:
    await database.execute(
        "update discrepancy set status = 'RESOLVED', resolution = 'CORRECTED', resolved_by = $1, resolved_at = now()", clerk
    )


async def _forget_callbacks() -> None:
    async with database.connection() as c, c.transaction():
        await c.execute("set local session_replication_role = replica")
        await c.execute("delete from payment_evidence where channel = 'CALLBACK'")
