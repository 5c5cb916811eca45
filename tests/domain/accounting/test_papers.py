"""Papers of vouchers: handed in, added once, read by whoever sees the voucher."""

from __future__ import annotations

import pytest

from domain.accounting.errors import ExpenseNotFound, NotUnposted, TooManyPapers
from domain.accounting.service import add_papers, void_expense
from domain.accounting.states import VoucherKind
from domain.files.errors import FileAlreadyAttached, FileNotFound
from domain.files.queries import files_by_id
from domain.identity.permissions import Role
from domain.kit.errors import InvalidInput
from domain.kit.ids import new_id
from tests.support.accounting import a_drafted_expense, a_posted_expense, an_accountant
from tests.support.graphql import ask, do, encode_id
from tests.support.happenings import names_of_events, nothing_happens
from tests.support.operations import operation
from tests.support.papers import a_file
from tests.support.people import a_branch, an_actor

pytestmark = pytest.mark.usefixtures("database")

EXPENSE = VoucherKind.EXPENSE


async def test_a_receipt_is_read_by_whoever_sees_the_expense() -> None:
    nakuru, kisumu = await a_branch("Nakuru"), await a_branch("Kisumu")
    accountant = await an_actor(Role.ACCOUNTANT)
    expense = await a_posted_expense(accountant, branch_id=nakuru.id)
    receipt = await a_file(accountant)
    await add_papers(accountant, kind=EXPENSE, voucher_id=expense.id, file_ids=[receipt.id])
    assert (await names_of_events())[-1] == "accounting.voucher_changed"
    manager = await an_actor(Role.BRANCH_MANAGER, branch_id=nakuru.id)
    other = await an_actor(Role.BRANCH_MANAGER, branch_id=kisumu.id)
    assert list(await files_by_id(manager, [receipt.id])) == [receipt.id]
    assert await files_by_id(other, [receipt.id]) == {}


async def test_what_is_no_paper() -> None:
    accountant, colleague = an_accountant(), an_accountant()
    expense, voided = await a_drafted_expense(accountant), await a_drafted_expense(accountant)
    await void_expense(accountant, expense_id=voided.id)
    receipt, used, colleagues = await a_file(accountant), await a_file(accountant), await a_file(colleague)
    await add_papers(accountant, kind=EXPENSE, voucher_id=expense.id, file_ids=[used.id])
    other = await a_drafted_expense(accountant)
    async with nothing_happens():
        for voucher_id, file_ids, refusal in (
            (expense.id, [], TooManyPapers),
            (expense.id, [new_id() for _ in range(11)], TooManyPapers),
            (expense.id, [receipt.id, receipt.id], InvalidInput),
            (expense.id, [receipt.id, colleagues.id], FileNotFound),
            (other.id, [used.id], FileAlreadyAttached),
            (voided.id, [receipt.id], NotUnposted),
            (new_id(), [receipt.id], ExpenseNotFound),
        ):
            with pytest.raises(refusal):
                await add_papers(accountant, kind=EXPENSE, voucher_id=voucher_id, file_ids=file_ids)


async def test_papers_in_the_api() -> None:
    accountant = await an_actor(Role.ACCOUNTANT)
    expense = await a_drafted_expense(accountant)
    receipt = await a_file(accountant, name="receipt.pdf")
    document, expense_id = operation("accounting/AddVoucherPapers"), encode_id("Expense", expense.id)
    added = {"voucherId": expense_id, "fileIds": [encode_id("File", receipt.id)]}
    payload = await do(accountant, document, input=added)
    assert payload["voucher"]["__typename"] == "Expense"
    [paper] = (await ask(accountant, operation("accounting/Expense"), id=expense_id))["papers"]
    assert paper["name"] == "receipt.pdf"
    wrong = await ask(accountant, document, input=added | {"voucherId": encode_id("User", accountant.id)})
    assert [(error["code"], error["field"]) for error in wrong["errors"]] == [("NOT_FOUND", ["input", "voucherId"])]
