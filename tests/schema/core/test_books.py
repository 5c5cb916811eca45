"""The books in the API: posted and reversed by hand, read as of any day, by those who keep them."""

from __future__ import annotations

from typing import Any

import pytest

from domain.identity.actor import Actor
from domain.identity.permissions import Role
from domain.kit import clock
from domain.kit.database import fetchval
from domain.ledger.chart import BANK, CAPITAL, WALLETS, HouseAccount, house_account, id_of_house_account
from domain.ledger.service import open_account
from tests.support.graphql import ask, ask_refused, do, do_refused, encode_id, refused_to_strangers
from tests.support.happenings import assert_integrity, names_of_events
from tests.support.people import an_actor

pytestmark = pytest.mark.usefixtures("database")

ENTRY = """{
  id number kind description effectiveOn reversesId reversedById actor { name }
  lines { lineNo account { code } debit { formatted } credit { formatted } }
}"""
POST = f"""
mutation ($input: PostJournalEntryInput!) {{
  postJournalEntry(input: $input) {{ replayed journalEntry {ENTRY} errors {{ code field }} }}
}}"""
REVERSE = f"""
mutation ($input: ReverseJournalEntryInput!) {{
  reverseJournalEntry(input: $input) {{ replayed journalEntry {ENTRY} errors {{ code field }} }}
}}"""
BALANCE = """
query ($account: ID!, $asOf: Date, $recordedBy: DateTime) {
  accountBalance(accountId: $account, asOf: $asOf, recordedBy: $recordedBy) {
    posted { amount currency } available { formatted } asOf account { name }
  }
}"""
TRIAL_BALANCE = """{
  trialBalance { rows { code kind debit { amount } credit { amount } } totals { currency balanced debit { amount } } }
}"""
ENTRIES = f"query ($filter: JournalEntryFilter) {{ journalEntries(filter: $filter) {{ totalCount nodes {ENTRY} }} }}"
ACCOUNTS = "query ($filter: AccountFilter) { accounts(filter: $filter) { nodes { code name kind currency guarded } } }"


async def account(account: HouseAccount) -> str:
    return encode_id("Account", await house_account(account, "INR"))


def money(amount: str, currency: str = "INR") -> dict[str, str]:
    return {"amount": amount, "currency": currency}


async def an_entry(amount: str = "2500.00", **more: Any) -> dict[str, Any]:
    lines = [
        {"accountId": await account(BANK), "debit": money(amount)},
        {"accountId": await account(CAPITAL), "credit": money(amount)},
    ]
    return {"lines": lines, "description": "Capital paid in", **more}


@pytest.fixture
async def accountant() -> Actor:
    return await an_actor(Role.ACCOUNTANT, name="Achieng Otieno")


async def test_an_entry_is_posted_and_read(accountant: Actor) -> None:
    await refused_to_strangers(POST, input=await an_entry())
    await refused_to_strangers(ENTRIES)
    assert await ask(accountant, ENTRIES) == {"totalCount": 0, "nodes": []}
    posted = (await do(accountant, POST, input=await an_entry()))["journalEntry"]
    assert posted["actor"] == {"name": "Achieng Otieno"}
    assert posted["lines"] == [
        {"lineNo": 1, "account": {"code": "1200"}, "debit": {"formatted": "INR 2,500.00"}, "credit": None},
        {"lineNo": 2, "account": {"code": "3100"}, "debit": None, "credit": {"formatted": "INR 2,500.00"}},
    ]
    assert await ask(accountant, ENTRIES) == {"totalCount": 1, "nodes": [posted]}
    assert await ask_refused(await an_actor(Role.INVESTOR), POST, input=await an_entry()) == "FORBIDDEN"
    assert await ask_refused(await an_actor(Role.INVESTOR), ENTRIES) == "FORBIDDEN"
    assert (await names_of_events()).count("ledger.entry_posted") == 1


async def test_an_entry_is_posted_once_for_one_key(accountant: Actor) -> None:
    first = await do(accountant, POST, input=await an_entry(idempotencyKey="a key"))
    again = await do(accountant, POST, input=await an_entry(idempotencyKey="a key"))
    assert (first["replayed"], again["replayed"]) == (False, True)
    assert again["journalEntry"] == first["journalEntry"]
    other = await an_entry("3.00", idempotencyKey="a key")
    payload = await ask(accountant, POST, input=other)
    assert payload["errors"] == [{"code": "IDEMPOTENCY_KEY_REUSED", "field": ["input", "idempotencyKey"]}]
    assert (await ask(accountant, ENTRIES))["totalCount"] == 1


async def test_what_is_no_entry_is_not_posted(accountant: Actor) -> None:
    bank, capital = await account(BANK), await account(CAPITAL)
    wallet = await open_account(WALLETS, name="Wallet", currency="INR", owner_id=accountant.id)
    cases: list[tuple[list[dict[str, Any]], str, list[str]]] = [
        (
            [{"accountId": bank, "debit": money("1.00")}, {"accountId": capital, "credit": money("2.00")}],
            "UNBALANCED_ENTRY",
            ["input", "lines"],
        ),
        (
            [
                {"accountId": bank, "debit": money("1.00")},
                {"accountId": encode_id("Account", wallet), "credit": money("1.00")},
            ],
            "ACCOUNT_NOT_MANUAL",
            ["input", "lines"],
        ),
        ([{"accountId": bank, "debit": money("1.00"), "credit": money("1.00")}], "INVALID_INPUT", ["input", "lines", "0"]),
        ([{"accountId": bank}], "INVALID_INPUT", ["input", "lines", "0"]),
        ([{"accountId": bank, "debit": money("0")}], "INVALID_AMOUNT", ["input", "lines", "0", "debit"]),
        ([{"accountId": bank, "debit": money("1.001")}], "INVALID_AMOUNT", ["input", "lines", "0", "debit"]),
        ([{"accountId": "nonsense", "debit": money("1.00")}], "NOT_FOUND", ["input", "lines", "0", "accountId"]),
        ([], "UNBALANCED_ENTRY", ["input", "lines"]),
    ]
    for lines, code, field in cases:
        assert await do_refused(accountant, POST, input={"lines": lines, "description": "No entry"}) == (code, field)
    blank = await an_entry(description=" ")
    assert await do_refused(accountant, POST, input=blank) == ("INVALID_INPUT", ["input", "description"])


async def test_the_first_entry_opens_an_account_of_the_chart(accountant: Actor) -> None:
    document = (
        "query ($currency: CurrencyCode!) { chartOfAccounts(currency: $currency) { accountId code account { code } } }"
    )
    await refused_to_strangers(document, currency="KES")
    assert await ask_refused(await an_actor(Role.INVESTOR), document, currency="KES") == "FORBIDDEN"
    chart = {each["code"]: each for each in await ask(accountant, document, currency="KES")}
    assert WALLETS.code not in chart
    assert chart["1110"]["account"] is None
    lines = [
        {"accountId": chart["1110"]["accountId"], "debit": money("5.00", "KES")},
        {"accountId": chart["3100"]["accountId"], "credit": money("6.00", "KES")},
    ]
    entry = {"lines": lines, "description": "Petty cash"}
    assert await do_refused(accountant, POST, input=entry) == ("UNBALANCED_ENTRY", ["input", "lines"])
    lines[1]["credit"] = money("5.00", "KES")
    await do(accountant, POST, input=entry)
    chart = {each["code"]: each for each in await ask(accountant, document, currency="KES")}
    assert chart["1110"]["account"] == {"code": "1110"}
    assert await fetchval("select count(*) from ledger_account") == 2


async def test_under_a_code_of_persons_is_no_account_of_the_house(accountant: Actor) -> None:
    wallets = encode_id("Account", id_of_house_account(WALLETS, "INR"))
    lines = [{"accountId": wallets, "debit": money("1.00")}, {"accountId": await account(BANK), "credit": money("1.00")}]
    entry = {"lines": lines, "description": "Not so"}
    assert await do_refused(accountant, POST, input=entry) == ("ACCOUNT_NOT_FOUND", ["input", "lines"])


async def test_an_entry_is_reversed_once(accountant: Actor) -> None:
    posted = (await do(accountant, POST, input=await an_entry()))["journalEntry"]
    reversal = {"entryId": posted["id"], "reason": "Entered twice", "idempotencyKey": "once"}
    await refused_to_strangers(REVERSE, input=reversal)
    assert await ask_refused(await an_actor(Role.INVESTOR), REVERSE, input=reversal) == "FORBIDDEN"
    opposite = (await do(accountant, REVERSE, input=reversal))["journalEntry"]
    assert opposite["reversesId"] == posted["id"]
    assert (await do(accountant, REVERSE, input=reversal))["replayed"] is True
    [_, original] = (await ask(accountant, ENTRIES))["nodes"]
    assert original["reversedById"] == opposite["id"]
    again = {**reversal, "idempotencyKey": "twice"}
    assert await do_refused(accountant, REVERSE, input=again) == ("ALREADY_REVERSED", ["input", "entryId"])
    blank = {**reversal, "reason": "", "idempotencyKey": "three times"}
    assert await do_refused(accountant, REVERSE, input=blank) == ("INVALID_INPUT", ["input", "reason"])
    await assert_integrity("ledger")


async def test_balances_are_read_as_of_a_day_and_of_a_moment(accountant: Actor) -> None:
    bank = await account(BANK)
    await refused_to_strangers(BALANCE, account=bank)
    assert await ask_refused(await an_actor(Role.INVESTOR), BALANCE, account=bank) == "FORBIDDEN"
    before = clock.now()
    await do(accountant, POST, input=await an_entry("100.00", effectiveOn="2026-01-31"))
    await do(accountant, POST, input=await an_entry("20.00", effectiveOn="2026-02-28"))
    now = await ask(accountant, BALANCE, account=bank)
    assert now == {
        "posted": money("120.00"),
        "available": {"formatted": "INR 120.00"},
        "asOf": None,
        "account": {"name": "Bank"},
    }
    in_january = await ask(accountant, BALANCE, account=bank, asOf="2026-02-27")
    assert (in_january["posted"], in_january["asOf"]) == (money("100.00"), "2026-02-27")
    as_it_stood = await ask(accountant, BALANCE, account=bank, recordedBy=before.isoformat())
    assert as_it_stood["posted"] == money("0.00")
    assert await ask_refused(accountant, BALANCE, account=encode_id("Account", accountant.id)) == "NOT_FOUND"


async def test_the_trial_balance_has_equal_sides(accountant: Actor) -> None:
    await refused_to_strangers(TRIAL_BALANCE)
    assert await ask_refused(await an_actor(Role.INVESTOR), TRIAL_BALANCE) == "FORBIDDEN"
    assert await ask(accountant, TRIAL_BALANCE) == {"rows": [], "totals": []}
    await do(accountant, POST, input=await an_entry("2500.00"))
    assert await ask(accountant, TRIAL_BALANCE) == {
        "rows": [
            {"code": "1200", "kind": "ASSET", "debit": {"amount": "2500.00"}, "credit": {"amount": "0.00"}},
            {"code": "3100", "kind": "EQUITY", "debit": {"amount": "0.00"}, "credit": {"amount": "2500.00"}},
        ],
        "totals": [{"currency": "INR", "balanced": True, "debit": {"amount": "2500.00"}}],
    }


async def test_accounts_and_entries_are_found_by_what_they_are(accountant: Actor) -> None:
    await refused_to_strangers(ACCOUNTS)
    assert await ask_refused(await an_actor(Role.INVESTOR), ACCOUNTS) == "FORBIDDEN"
    assert (await ask(accountant, ACCOUNTS))["nodes"] == []
    await do(accountant, POST, input=await an_entry(effectiveOn="2026-01-31"))
    bank = {"code": "1200", "name": "Bank", "kind": "ASSET", "currency": "INR", "guarded": False}
    assert (await ask(accountant, ACCOUNTS, filter={"kind": "ASSET"}))["nodes"] == [bank]
    assert (await ask(accountant, ACCOUNTS, filter={"currency": "KES"}))["nodes"] == []
    for filter, count in (
        ({"accountId": await account(BANK)}, 1),
        ({"accountId": encode_id("Account", accountant.id)}, 0),
        ({"since": "2026-01-31", "until": "2026-01-31"}, 1),
        ({"since": "2026-02-01"}, 0),
    ):
        assert (await ask(accountant, ENTRIES, filter=filter))["totalCount"] == count


async def test_nodes_of_the_books_are_for_those_who_read_them(accountant: Actor) -> None:
    entry = (await do(accountant, POST, input=await an_entry()))["journalEntry"]["id"]
    document = "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename } }"
    ids = [entry, await account(BANK), encode_id("Nothing", 1)]
    await refused_to_strangers(document, ids=ids)
    assert await ask(accountant, document, ids=ids) == [{"__typename": "JournalEntry"}, {"__typename": "Account"}, None]
    assert await ask(await an_actor(Role.INVESTOR), document, ids=ids) == [None, None, None]
