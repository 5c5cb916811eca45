"""Vouchers in the API: forms looked at while people type, drafts, posting by one or two, taking back; entries by hand."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from domain.accounting import accounts, settings
from domain.accounting.settings import AccountingSettings
from domain.identity.actor import Actor
from domain.identity.permissions import Role
from domain.kit.ids import new_id
from domain.ledger.chart import BANK, CAPITAL, CASH, DEBTORS, HouseAccount
from tests.support.accounting import capital, id_of
from tests.support.graphql import ask, ask_refused, do, do_refused, encode_id, refused_to_strangers
from tests.support.happenings import assert_integrity, names_of_events, nothing_happens
from tests.support.operations import money, operation, shown
from tests.support.people import an_actor

pytestmark = pytest.mark.usefixtures("database")

CREATE, UPDATE, POST = (operation(f"accounting/{verb}Expense") for verb in ("Create", "Update", "Post"))
VOID, REVERSE, VALIDATE = (operation(f"accounting/{verb}Expense") for verb in ("Void", "Reverse", "Validate"))
EXPENSES, EXPENSE = operation("accounting/Expenses"), operation("accounting/Expense")


def account(account: HouseAccount, currency: str = "INR") -> str:
    return encode_id("Account", id_of(account, currency))


def an_expense(**changes: Any) -> dict[str, Any]:
    stated = {
        "amount": money("1200.00"),
        "categoryAccountId": account(accounts.RENT),
        "paidFromAccountId": account(BANK),
        "payee": "Kijani Properties",
        "description": "Office rent",
    }
    return stated | changes


@pytest.fixture
async def accountant() -> Actor:
    return await an_actor(Role.ACCOUNTANT, name="Achieng Otieno")


@pytest.fixture
async def colleague() -> Actor:
    return await an_actor(Role.ACCOUNTANT, name="Brian Kiptoo")


@pytest.fixture
def threshold() -> Iterator[None]:
    """One thousand of any currency takes two."""
    settings.configure(AccountingSettings(approval_threshold=Decimal(1_000)))
    yield
    settings.configure(AccountingSettings())


async def test_an_expense_is_written_down_posted_and_read(accountant: Actor) -> None:
    await refused_to_strangers(CREATE, input=an_expense())
    await refused_to_strangers(EXPENSES)
    assert (await ask(accountant, EXPENSES))["nodes"] == []
    drafted = (await do(accountant, CREATE, input=an_expense(reference="INV-7")))["expense"]
    assert (drafted["state"], drafted["amount"], drafted["reference"]) == ("DRAFT", shown("1,200.00"), "INV-7")
    assert drafted["categoryAccount"]["name"] == "Office Rent"
    posted = (await do(accountant, POST, input={"expenseId": drafted["id"]}))["expense"]
    assert posted["state"] == "POSTED"
    read = await ask(accountant, EXPENSE, id=drafted["id"])
    assert (read["creator"]["name"], read["entry"]["id"]) == ("Achieng Otieno", posted["entryId"])
    [listed] = (await ask(accountant, EXPENSES, filter={"states": ["POSTED"], "accountId": account(BANK)}))["nodes"]
    assert listed["id"] == drafted["id"]
    assert (await ask(accountant, EXPENSES, filter={"states": ["DRAFT"]}))["nodes"] == []
    stranger = await an_actor(Role.INVESTOR)
    assert await ask_refused(stranger, CREATE, input=an_expense()) == "FORBIDDEN"
    assert await ask_refused(stranger, EXPENSE, id=drafted["id"]) == "FORBIDDEN"
    accounts_heard = [name for name in await names_of_events() if not name.startswith("identity.")]
    assert accounts_heard == ["accounting.expense_created", "ledger.entry_posted", "accounting.expense_posted"]
    await assert_integrity()


async def test_one_key_makes_and_posts_once(accountant: Actor) -> None:
    stated = an_expense(idempotencyKey="rent of March")
    first, again = await do(accountant, CREATE, input=stated), await do(accountant, CREATE, input=stated)
    assert (first["replayed"], again["replayed"]) == (False, True)
    assert first["expense"]["id"] == again["expense"]["id"]
    act = {"expenseId": first["expense"]["id"], "idempotencyKey": "post it"}
    assert (await do(accountant, POST, input=act))["replayed"] is False
    assert (await do(accountant, POST, input=act))["replayed"] is True
    assert await do_refused(accountant, POST, input={"expenseId": act["expenseId"]}) == (
        "NOT_A_DRAFT",
        ["input", "expenseId"],
    )
    assert (await names_of_events()).count("accounting.expense_posted") == 1


async def test_a_form_is_judged_as_it_is_filled_in(accountant: Actor) -> None:
    await refused_to_strangers(VALIDATE, input={})

    async def wrong(form: dict[str, Any]) -> list[tuple[str, str]]:
        async with nothing_happens():
            judged = await ask(accountant, VALIDATE, input=form)
        assert judged["valid"] == (judged["errors"] == [])
        return [(error["code"], ".".join(error["field"])) for error in judged["errors"]]

    assert await wrong(an_expense()) == []
    assert await wrong({"payee": "Kijani"}) == [
        ("MISSING_INPUT", "input.description"),
        ("MISSING_INPUT", "input.amount"),
        ("MISSING_INPUT", "input.categoryAccountId"),
        ("MISSING_INPUT", "input.paidFromAccountId"),
    ]
    assert await wrong(an_expense(amount=money("-5"))) == [("INVALID_AMOUNT", "input.amount")]
    assert await wrong(an_expense(amount=money("1.234"))) == [("INVALID_AMOUNT", "input.amount")]
    assert await wrong(an_expense(amount=money("9" * 19))) == [("INVALID_AMOUNT", "input.amount")]
    assert await wrong(an_expense(categoryAccountId="nonsense")) == [("NOT_FOUND", "input.categoryAccountId")]
    assert await wrong(an_expense(categoryAccountId=account(DEBTORS))) == [
        ("ACCOUNT_NOT_SUITABLE", "input.categoryAccountId")
    ]
    assert await wrong(an_expense(paidFromAccountId=account(BANK, "KES"))) == [
        ("CURRENCY_MISMATCH", "input.paidFromAccountId")
    ]
    assert await wrong(an_expense(datedOn="2999-01-01")) == [("DATE_IN_FUTURE", "input.datedOn")]
    assert await wrong(an_expense(branchId=encode_id("Branch", new_id()))) == [("BRANCH_NOT_FOUND", "input.branchId")]
    assert await ask_refused(accountant, VALIDATE, input=an_expense(amount=money("NaN"))) == "INVALID_AMOUNT"


async def test_the_act_refuses_what_the_form_finds(accountant: Actor) -> None:
    for change, refused in (
        ({"amount": money("0")}, ("INVALID_AMOUNT", ["input", "amount"])),
        ({"payee": ""}, ("MISSING_INPUT", ["input", "payee"])),
        ({"paidFromAccountId": account(accounts.RENT)}, ("ACCOUNT_NOT_SUITABLE", ["input", "paidFromAccountId"])),
        ({"categoryAccountId": encode_id("User", new_id())}, ("NOT_FOUND", ["input", "categoryAccountId"])),
    ):
        assert await do_refused(accountant, CREATE, input=an_expense(**change)) == refused


async def test_an_expense_is_changed_thrown_away_and_taken_back(accountant: Actor) -> None:
    drafted = (await do(accountant, CREATE, input=an_expense()))["expense"]
    changed = await do(accountant, UPDATE, input={"expenseId": drafted["id"], "amount": money("900.00")})
    assert (changed["expense"]["amount"], changed["expense"]["payee"]) == (shown("900.00"), "Kijani Properties")
    await do(accountant, POST, input={"expenseId": drafted["id"]})
    reversal = {"expenseId": drafted["id"], "reason": "Paid twice"}
    taken_back = (await do(accountant, REVERSE, input=reversal))["expense"]
    assert taken_back["state"] == "REVERSED"
    assert taken_back["reversalId"] is not None
    assert await do_refused(accountant, REVERSE, input=reversal) == ("NOT_POSTED", ["input", "expenseId"])
    another = (await do(accountant, CREATE, input=an_expense()))["expense"]
    assert (await do(accountant, VOID, input={"expenseId": another["id"]}))["expense"]["state"] == "VOIDED"
    nobodys = {"expenseId": encode_id("Expense", new_id())}
    assert await do_refused(accountant, POST, input=nobodys) == ("EXPENSE_NOT_FOUND", ["input", "expenseId"])
    await assert_integrity()


async def test_a_revenue_lives_the_same_life(accountant: Actor) -> None:
    stated = {
        "amount": money("5000.00"),
        "categoryAccountId": account(accounts.SERVICE_INCOME),
        "receivedIntoAccountId": account(CASH),
        "payer": "Sita Mills",
        "description": "Book-keeping",
    }
    create, post = operation("accounting/CreateRevenue"), operation("accounting/PostRevenue")
    await refused_to_strangers(create, input=stated)
    judged = await ask(accountant, operation("accounting/ValidateRevenue"), input=stated | {"payer": " "})
    assert [(error["code"], error["field"]) for error in judged["errors"]] == [("MISSING_INPUT", ["input", "payer"])]
    drafted = (await do(accountant, create, input=stated))["revenue"]
    update = operation("accounting/UpdateRevenue")
    await do(accountant, update, input={"revenueId": drafted["id"], "receivedIntoAccountId": account(DEBTORS)})
    posted = (await do(accountant, post, input={"revenueId": drafted["id"]}))["revenue"]
    assert (posted["state"], posted["receivedIntoAccount"]["code"]) == ("POSTED", "1310")
    assert (await ask(accountant, operation("accounting/Revenue"), id=drafted["id"]))["payer"] == "Sita Mills"
    [listed] = (await ask(accountant, operation("accounting/Revenues")))["nodes"]
    assert listed["state"] == "POSTED"
    reverse = operation("accounting/ReverseRevenue")
    taken_back = await do(accountant, reverse, input={"revenueId": drafted["id"], "reason": "Bounced"})
    assert taken_back["revenue"]["state"] == "REVERSED"
    other = (await do(accountant, create, input=stated))["revenue"]
    voided = await do(accountant, operation("accounting/VoidRevenue"), input={"revenueId": other["id"]})
    assert voided["revenue"]["state"] == "VOIDED"
    await assert_integrity()


async def test_money_moves_between_accounts_of_the_house(accountant: Actor) -> None:
    validate, create = operation("accounting/ValidateTransfer"), operation("accounting/CreateTransfer")
    process = operation("accounting/ProcessTransfer")
    await capital(1_000)
    ends = {"from": account(BANK), "to": account(CASH)}
    await refused_to_strangers(validate, **ends, amount=money("1.00"))
    judged = await ask(accountant, validate, **ends, amount=money("1000.01"))
    assert (judged["valid"], judged["availableBalance"]) == (False, shown("1,000.00"))
    assert [(error["code"], error["field"]) for error in judged["errors"]] == [("INSUFFICIENT_FUNDS", ["amount"])]
    assert (await ask(accountant, validate, **ends, amount=money("1000.00")))["valid"] is True
    lost = await ask(accountant, validate, **(ends | {"to": "nonsense"}), amount=money("0"))
    assert [(error["code"], error["field"]) for error in lost["errors"]] == [
        ("NOT_FOUND", ["to"]),
        ("INVALID_AMOUNT", ["amount"]),
    ]
    stated = {"fromAccountId": ends["from"], "toAccountId": ends["to"], "amount": money("600.00")}
    first = (await do(accountant, create, input=stated))["transfer"]
    second = (await do(accountant, create, input=stated))["transfer"]
    act = {"transferId": first["id"], "idempotencyKey": "to the drawer"}
    moved = (await do(accountant, process, input=act))["transfer"]
    assert (moved["state"], moved["description"], moved["fromAccount"]["name"]) == ("POSTED", "Transfer", "Bank")
    assert (await do(accountant, process, input=act))["replayed"] is True
    short = await do_refused(accountant, process, input={"transferId": second["id"]})
    assert short == ("INSUFFICIENT_FUNDS", ["input", "transferId"])
    smaller = {"transferId": second["id"], "amount": money("400.00"), "reference": "Cheque 12"}
    changed = await do(accountant, operation("accounting/UpdateTransfer"), input=smaller)
    assert changed["transfer"]["reference"] == "Cheque 12"
    void = operation("accounting/VoidTransfer")
    assert (await do(accountant, void, input={"transferId": second["id"]}))["transfer"]["state"] == "VOIDED"
    back = {"transferId": first["id"], "reason": "Not today"}
    assert (await do(accountant, operation("accounting/ReverseTransfer"), input=back))["transfer"]["state"] == "REVERSED"
    listed = await ask(accountant, operation("accounting/Transfers"), filter={"states": ["REVERSED", "VOIDED"]})
    assert len(listed["nodes"]) == 2
    await assert_integrity()


@pytest.mark.usefixtures("threshold")
async def test_above_the_threshold_it_takes_two(accountant: Actor, colleague: Actor) -> None:
    assert (await ask(accountant, VALIDATE, input=an_expense(amount=money("1000.00"))))["needsApproval"] is False
    assert (await ask(accountant, VALIDATE, input=an_expense()))["needsApproval"] is True
    drafted = (await do(accountant, CREATE, input=an_expense()))["expense"]
    act = {"expenseId": drafted["id"]}
    assert (await do(accountant, POST, input=act))["expense"]["state"] == "PENDING_APPROVAL"
    assert await do_refused(accountant, POST, input=act) == ("MAKER_IS_CHECKER", ["input", "expenseId"])
    queue = await ask(colleague, "{ approvals { nodes { id kind title } } }")
    [request] = queue["nodes"]
    assert request["kind"] == "EXPENSE"
    reject = "mutation ($i: RejectInput!) { reject(input: $i) { errors { code field } } }"
    await do(colleague, reject, i={"approvalId": request["id"], "comment": "Ask for a discount"})
    rejected = await ask(accountant, EXPENSE, id=drafted["id"])
    assert (rejected["state"], rejected["decisionComment"]) == ("REJECTED", "Ask for a discount")
    assert rejected["decider"]["name"] == "Brian Kiptoo"
    await do(accountant, UPDATE, input=act | {"amount": money("1100.00")})
    await do(accountant, POST, input=act)
    posted = (await do(colleague, POST, input=act))["expense"]
    assert (posted["state"], posted["amount"]) == ("POSTED", shown("1,100.00"))
    assert (await ask(colleague, "{ approvals(status: PENDING) { nodes { id } } }"))["nodes"] == []
    await assert_integrity()


async def test_an_entry_by_hand_is_drafted_and_posted(accountant: Actor) -> None:
    create, post = operation("accounting/CreateJournalEntry"), operation("accounting/PostJournalEntry")
    lines = [
        {"accountId": account(BANK), "debit": money("2500.00")},
        {"accountId": account(CAPITAL), "credit": money("2500.00")},
    ]
    stated = {"lines": lines, "description": "Capital"}
    await refused_to_strangers(create, input=stated)
    lopsided = stated | {"lines": [lines[0], lines[1] | {"credit": money("2499.00")}]}
    assert await do_refused(accountant, create, input=lopsided) == ("UNBALANCED_ENTRY", ["input", "lines"])
    draft = (await do(accountant, create, input=stated))["journalDraft"]
    assert [line["account"]["code"] for line in draft["lines"]] == ["1200", "3100"]
    update = operation("accounting/UpdateJournalEntry")
    changed = await do(accountant, update, input={"draftId": draft["id"], "description": "Capital of the founders"})
    assert changed["journalDraft"]["lines"] == draft["lines"]
    both = {"draftId": draft["id"], "description": "Both"}
    assert await do_refused(accountant, post, input=both) == ("INVALID_INPUT", ["input", "draftId"])
    assert await do_refused(accountant, post, input={}) == ("INVALID_INPUT", ["input", "lines"])
    act = {"draftId": draft["id"], "idempotencyKey": "capital"}
    posted = await do(accountant, post, input=act)
    assert posted["journalEntry"]["description"] == "Capital of the founders"
    assert posted["journalDraft"]["state"] == "POSTED"
    assert (await do(accountant, post, input=act))["replayed"] is True
    [listed] = (await ask(accountant, operation("accounting/JournalDrafts")))["nodes"]
    assert listed["entryId"] == posted["journalEntry"]["id"]
    reverse = operation("accounting/ReverseJournalEntry")
    await do(accountant, reverse, input={"entryId": listed["entryId"], "reason": "Mistake"})
    [listed] = (await ask(accountant, operation("accounting/JournalDrafts")))["nodes"]
    assert listed["state"] == "REVERSED"
    other = (await do(accountant, create, input=stated))["journalDraft"]
    voided = await do(accountant, operation("accounting/VoidJournalEntry"), input={"draftId": other["id"]})
    assert voided["journalDraft"]["state"] == "VOIDED"
    await assert_integrity()


@pytest.mark.usefixtures("threshold")
async def test_a_large_entry_by_hand_waits(accountant: Actor, colleague: Actor) -> None:
    post = operation("accounting/PostJournalEntry")
    lines = [
        {"accountId": account(BANK), "debit": money("2500.00")},
        {"accountId": account(CAPITAL), "credit": money("2500.00")},
    ]
    asked = await do(accountant, post, input={"lines": lines, "description": "Capital"})
    assert (asked["journalEntry"], asked["journalDraft"]["state"]) == (None, "PENDING_APPROVAL")
    done = await do(colleague, post, input={"draftId": asked["journalDraft"]["id"]})
    assert done["journalEntry"]["actor"]["name"] == "Brian Kiptoo"


async def test_vouchers_are_nodes_for_those_who_read_the_accounts(accountant: Actor) -> None:
    drafted = (await do(accountant, CREATE, input=an_expense()))["expense"]
    document = "query ($id: ID!) { node(id: $id) { __typename ... on Voucher { number state branchId } } }"
    assert await ask(accountant, document, id=drafted["id"]) == {
        "__typename": "Expense",
        "number": drafted["number"],
        "state": "DRAFT",
        "branchId": None,
    }
    assert await ask(await an_actor(Role.INVESTOR), document, id=drafted["id"]) is None
