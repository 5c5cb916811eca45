"""Income and expenses of the school through the schema, and the books that are brought in line with the fees."""

from __future__ import annotations

from typing import Any

import pytest

from domain.identity.permissions import Role
from domain.kit.ids import new_id
from domain.school.models import SchoolTransaction
from domain.school.queries import transactions
from tests.support.graphql import ask, ask_refused, do, do_refused, encode_id, feed_refused, heard, refused_to_strangers
from tests.support.happenings import assert_integrity
from tests.support.operations import money, operation, shown
from tests.support.people import somebody
from tests.support.school import a_branch_row, a_guardian, a_pupil, a_school, known
from tests.support.school_fees import charged, corrected, ghs

pytestmark = pytest.mark.usefixtures("database")


def op(name: str) -> str:
    """A canonical operation, without the cursor that live pages read first."""
    return operation(f"school/{name}").replace("  asOf\n", "")


INCOME, EXPENSE = op("AddIncome"), op("AddExpense")
UPDATE, DELETE = op("UpdateFinancialTransaction"), op("DeleteFinancialTransaction")
ALL, ONE, LIVE = op("FinancialTransactions"), op("FinancialTransaction"), op("FinancialTransactionChanged")
RESYNC = op("ResyncFinancials")


def said(cedis: str = "200", **changes: Any) -> dict[str, Any]:
    whole = {"category": "Stationery", "description": "Chalk and paper", "amount": money(cedis, "GHS")}
    return whole | changes


async def test_writing_down_changing_and_deleting(monkeypatch: pytest.MonkeyPatch) -> None:
    school = await a_school()
    bursar = school.bursar
    for document in (INCOME, EXPENSE):
        await refused_to_strangers(document, input=said())
        for stranger in (school.registrar, somebody(Role.CASHIER), somebody(Role.GUARDIAN)):
            assert await ask_refused(stranger, document, input=said()) == "FORBIDDEN"
    spent = await do(bursar, EXPENSE, input=said(idempotencyKey="once", accountCode="5211", method="BANK"))
    row = spent["financialTransaction"]
    assert (row["kind"], row["amount"], row["method"], row["feeId"]) == ("EXPENSE", shown("200.00", "GHS"), "BANK", None)
    assert (await do(bursar, EXPENSE, input=said(idempotencyKey="once", accountCode="5211", method="BANK")))["replayed"]
    given = await do(bursar, INCOME, input=said("50", category="Donations"))
    for changes, code, where in (
        ({"amount": money("-1", "GHS")}, "INVALID_AMOUNT", ["input", "amount"]),
        ({"category": "School Fees"}, "INVALID_INPUT", ["input", "category"]),
        ({"accountCode": "4511"}, "ACCOUNT_NOT_MANUAL", ["input", "accountCode"]),
        ({"accountCode": "5211"}, "ACCOUNT_NOT_FOUND", ["input", "accountCode"]),
        ({"date": "2999-01-01"}, "FEE_DAY_INVALID", ["input", "date"]),
        ({"method": "WALLET"}, "FEE_CHANNEL_NOT_POSSIBLE", ["input", "method"]),
        ({"branchId": encode_id("Branch", new_id())}, "BRANCH_NOT_FOUND", ["input", "branchId"]),
    ):
        assert await do_refused(bursar, INCOME, input=said(**changes)) == (code, where), changes
    assert await ask_refused(bursar, INCOME, input=said("NaN"))

    target = {"transactionId": row["id"]}
    await refused_to_strangers(UPDATE, input=target)
    await refused_to_strangers(DELETE, input=target)
    changed = (await do(bursar, UPDATE, input=target | {"amount": money("250", "GHS")}))["financialTransaction"]
    assert (changed["reference"], changed["amount"], changed["revisesId"]) == (
        row["reference"], shown("250.00", "GHS"), row["id"],
    )  # fmt: skip
    refused = await do_refused(bursar, UPDATE, input=target | {"amount": money("1", "GHS")})
    assert refused == ("TRANSACTION_CHANGED_MEANWHILE", ["input", "transactionId"])
    seen = await ask(bursar, ONE, id=changed["id"])
    assert [each["id"] for each in seen["history"]] == [row["id"], changed["id"]]
    with monkeypatch.context() as few:
        few.setattr(transactions, "MAX_HISTORY", 1)
        assert [each["id"] for each in (await ask(bursar, ONE, id=row["id"]))["history"]] == [changed["id"]], "the latest"
    assert seen["shares"] == [
        {"accountCode": "5211", "accountTitle": "Print and Stationery", "amount": shown("250.00", "GHS")}
    ]
    elsewhere = await known(Role.BURSAR, branch=await a_branch_row())
    for actor, which in ((elsewhere, changed["id"]), (bursar, encode_id("FinancialTransaction", new_id()))):
        assert await do_refused(actor, DELETE, input={"transactionId": which}) == (
            "TRANSACTION_NOT_FOUND", ["input", "transactionId"],
        )  # fmt: skip
    assert await ask(elsewhere, ONE, id=changed["id"]) is None
    gone = await do(bursar, DELETE, input={"transactionId": changed["id"]})
    assert (gone["deletedReference"], gone["deletedTransaction"]["reversedOn"]) == (row["reference"], row["date"])
    assert [each["id"] for each in (await ask(bursar, ALL))["nodes"]] == [given["financialTransaction"]["id"]]
    items = await heard(bursar, LIVE)
    assert [each["change"] for each in items] == ["CREATED", "CREATED", "UPDATED", "DELETED"]
    assert (items[2]["live"]["amount"], items[2]["ended"]["amount"]) == (shown("250.00", "GHS"), shown("200.00", "GHS"))
    assert await heard(elsewhere, LIVE) == []
    await assert_integrity()


async def test_money_of_fees_is_the_fees() -> None:
    school = await a_school()
    bursar, student = school.bursar, await a_pupil(school, "Ama Mensah")
    guardian = await a_guardian(student)
    await refused_to_strangers(ALL)
    assert (await ask(bursar, ALL))["nodes"] == []
    fee = await charged(bursar, student, ghs(900), ghs(500))
    await corrected(bursar, fee, ghs(600))
    [row] = (await ask(bursar, ALL, filter={"reference": fee.number.lower(), "ofFees": True, "kind": "INCOME"}))["nodes"]
    assert (row["category"], row["amount"], row["feeId"]) == (
        "School Fees", shown("600.00", "GHS"), encode_id("SchoolFee", fee.id),
    )  # fmt: skip
    for document, changes in ((UPDATE, {"amount": money("1", "GHS")}), (DELETE, {})):
        assert await do_refused(bursar, document, input={"transactionId": row["id"], **changes}) == (
            "FEE_OWNS_TRANSACTION", ["input", "transactionId"],
        )  # fmt: skip
    assert [each["amount"] for each in (await ask(bursar, ONE, id=row["id"]))["history"]] == [
        shown("500.00", "GHS"), shown("600.00", "GHS"),
    ]  # fmt: skip
    await do(bursar, EXPENSE, input=said())
    for filter, count in (
        ({"ofFees": False}, 1), ({"category": "school fees"}, 1), ({"currency": "KES"}, 0), ({"kind": "EXPENSE"}, 1),
        ({"feeId": encode_id("SchoolFee", fee.id)}, 1), ({"from": "2999-01-01"}, 0), ({"to": row["date"]}, 2),
    ):  # fmt: skip
        assert len((await ask(bursar, ALL, filter=filter))["nodes"]) == count, filter
    assert await ask_refused(bursar, ALL, filter={"from": "2026-02-01", "to": "2026-01-01"}) == "INVALID_INPUT"
    for stranger in (guardian, school.registrar, somebody(Role.TEACHER)):
        assert await ask_refused(stranger, ALL) == "FORBIDDEN"
        assert await feed_refused(stranger, LIVE) == "FORBIDDEN"
    assert [each["change"] for each in await heard(bursar, LIVE, feeId=encode_id("SchoolFee", fee.id))] == [
        "CREATED", "UPDATED",
    ]  # fmt: skip
    assert await feed_refused(bursar, LIVE, feeId=encode_id("SchoolFee", new_id())) == "FEE_NOT_FOUND"


async def test_comparing_fees_and_books() -> None:
    school = await a_school()
    admin = await known(Role.ADMIN)
    fee = await charged(school.bursar, await a_pupil(school), ghs(900), ghs(500))
    await refused_to_strangers(RESYNC)
    assert await ask_refused(school.bursar, RESYNC) == "FORBIDDEN"
    for dry in (True, False):
        found = await do(admin, RESYNC, input={"dryRun": dry})
        assert [found[name] for name in ("missing", "orphan", "different", "repaired")] == [0, 0, 0, 0]
        assert (found["run"]["status"], found["run"]["total"]) == ("DONE", 0)
    assert await SchoolTransaction.filter(fee_id=fee.id).count() == 1
