"""Statements through the API: imported, followed, matched; what nobody knows, and days. All for administrators alone."""

from __future__ import annotations

from typing import Any

import pytest

from domain.identity.actor import ANONYMOUS, Actor
from domain.identity.permissions import Role
from domain.kit.ids import new_id
from domain.payments.models import Payment
from domain.wallets.service import wallet_of
from tests.support.graphql import ask, ask_refused, do, do_refused, encode_id, feed_refused, heard, refused_to_strangers
from tests.support.happenings import assert_integrity
from tests.support.hostile import Case, accidents
from tests.support.mpesa_statements import (
    NOON,
    PUBLISHED,
    a_paid_payment,
    a_payment,
    a_statement,
    charge,
    row,
    statement,
    work_is_done,
)
from tests.support.operations import operation
from tests.support.people import an_actor

pytestmark = pytest.mark.usefixtures("database")


def op(name: str) -> str:
    return operation(f"payments/{name}")


IMPORT, CANCEL, IMPORTS, ONE = (
    op("ImportMpesaStatement"),
    op("CancelStatementImport"),
    op("StatementImports"),
    op("StatementImport"),
)
PROGRESS = op("StatementImportProgress")
CREATE, UPDATE, DELETE, RULES = op("CreateMatchRule"), op("UpdateMatchRule"), op("DeleteMatchRule"), op("MatchRules")
MATCH, ORPHANS, SUGGESTIONS = op("MatchStatement"), op("OrphanTransactions"), op("OrphanSuggestions")
PLACE, DAILY, REPORT = op("PlaceOrphanTransaction"), op("DailyReconciliation"), op("ReconciliationReport")

DAY = "2025-03-05"
RULE = {"title": "The hour", "criteria": [{"field": "DATE", "drift": "3600"}]}


async def handed_in(actor: Actor, text: str = PUBLISHED) -> str:
    return encode_id("File", (await a_statement(actor, text)).id)


async def imported(actor: Actor, text: str = PUBLISHED) -> Any:
    """An import that was worked through, as clients see it."""
    begun = (await do(actor, IMPORT, input={"fileId": await handed_in(actor, text)}))["statementImport"]
    assert (begun["status"], begun["progressPercent"]) == ("QUEUED", 0)
    await work_is_done()
    return await ask(actor, ONE, id=begun["id"])


def everything(of: str) -> list[tuple[str, dict[str, Any]]]:
    """Each operation with variables that say something; ``of`` is the kind of id."""
    import_id = encode_id(of, new_id())
    rule_id = encode_id("MatchRule", new_id())
    return [
        (IMPORT, {"input": {"fileId": encode_id("File", new_id())}}),
        (CANCEL, {"input": {"importId": import_id}}),
        (IMPORTS, {}),
        (ONE, {"id": import_id}),
        (CREATE, {"input": RULE}),
        (UPDATE, {"input": {"ruleId": rule_id}}),
        (DELETE, {"input": {"ruleId": rule_id}}),
        (RULES, {}),
        (MATCH, {"input": {"importId": import_id}}),
        (ORPHANS, {}),
        (SUGGESTIONS, {"receipt": "TC51AAAA1A"}),
        (PLACE, {"input": {"receipt": "TC51AAAA1A", "purpose": "LOAN_INSTALMENT", "targetId": encode_id("Loan", new_id())}}),
        (DAILY, {"input": {"date": DAY}}),
        (REPORT, {"date": DAY}),
    ]


async def test_strangers_and_everybody_but_administrators_see_and_do_nothing() -> None:
    others = [await an_actor(role) for role in (Role.ACCOUNTANT, Role.BRANCH_MANAGER, Role.BORROWER)]
    for document, variables in everything("StatementImport"):
        await refused_to_strangers(document, **variables)
        for other in others:
            assert await ask_refused(other, document, **variables) == "FORBIDDEN"
    assert await feed_refused(ANONYMOUS, PROGRESS) == "UNAUTHENTICATED"
    assert await feed_refused(others[0], PROGRESS) == "FORBIDDEN"


async def test_where_there_is_nothing() -> None:
    admin = await an_actor(Role.ADMIN)
    assert (await ask(admin, IMPORTS))["nodes"] == (await ask(admin, ORPHANS))["nodes"] == await ask(admin, RULES) == []
    assert await ask(admin, ONE, id=encode_id("StatementImport", new_id())) is None
    assert await ask(admin, REPORT, date=DAY) is None
    assert await heard(admin, PROGRESS) == []
    missing = encode_id("StatementImport", new_id())
    assert await feed_refused(admin, PROGRESS, importId=missing) == "STATEMENT_IMPORT_NOT_FOUND"
    assert await do_refused(admin, CANCEL, input={"importId": missing}) == (
        "STATEMENT_IMPORT_NOT_FOUND",
        ["input", "importId"],
    )
    assert await do_refused(admin, MATCH, input={"importId": missing}) == (
        "STATEMENT_IMPORT_NOT_FOUND",
        ["input", "importId"],
    )
    assert (await ask_refused(admin, SUGGESTIONS, receipt="TC51AAAA1A")) == "RECEIPT_NOT_FOUND"


async def test_a_statement_is_imported_and_followed() -> None:
    admin = await an_actor(Role.ADMIN)
    await a_paid_payment("TC51ABCD2E")
    done = await imported(admin, PUBLISHED + "wrong\n")
    assert (
        done["status"],
        done["progressPercent"],
        done["rowsDone"],
        done["matched"],
        done["orphans"],
        done["badRows"],
    ) == (
        "DONE",
        100,
        4,
        2,
        1,
        1,
    )
    assert [(each["receipt"], each["kind"], each["state"]) for each in done["rows"]["nodes"]] == [
        ("TC51ABCD2E", "PAYMENT_IN", "MATCHED"),
        ("TC51ZZZZ9K", "REVERSAL", "MATCHED"),
        ("TC61QWER3T", "PAYMENT_IN", "ORPHAN"),
    ]
    assert done["rowErrors"]["nodes"] == [{"number": 5, "problem": "BAD_RECEIPT", "column": "receipt"}]
    assert done["requestedBy"]["id"] == encode_id("User", admin.id) and done["file"]["name"] == "statement.csv"
    orphans = await ask(admin, ONE, id=done["id"], filter={"states": ["ORPHAN"]})
    assert [each["receipt"] for each in orphans["rows"]["nodes"]] == ["TC61QWER3T"]
    by_receipt = await ask(admin, ONE, id=done["id"], filter={"receipt": " tc51zzzz9k"})
    assert [each["reverses"] for each in by_receipt["rows"]["nodes"]] == ["TC51ABCD2E"]
    told = await heard(admin, PROGRESS, importId=done["id"])
    assert [each["statementImport"]["status"] for each in told] == ["QUEUED", "RUNNING", "RUNNING", "DONE"]
    assert [each["id"] for each in (await ask(admin, IMPORTS, statuses=["DONE"]))["nodes"]] == [done["id"]]
    assert (await ask(admin, IMPORTS, statuses=["FAILED"]))["nodes"] == []
    await assert_integrity()


async def test_asking_twice_with_one_key_imports_once() -> None:
    admin = await an_actor(Role.ADMIN)
    asked = {"fileId": await handed_in(admin), "idempotencyKey": "one import, please"}
    first, second = await do(admin, IMPORT, input=asked), await do(admin, IMPORT, input=asked)
    assert (first["replayed"], second["replayed"]) == (False, True)
    assert first["statementImport"]["id"] == second["statementImport"]["id"]
    assert await do_refused(admin, IMPORT, input={"fileId": asked["fileId"]}) == ("FILE_ALREADY_ATTACHED", None)


async def test_files_of_others_are_not_imported() -> None:
    admin, other = await an_actor(Role.ADMIN), await an_actor(Role.ADMIN)
    theirs = await handed_in(other)
    code, _ = await do_refused(admin, IMPORT, input={"fileId": theirs})
    assert code == "FILE_NOT_FOUND"
    for wrong in ("", "nonsense", encode_id("User", admin.id)):
        code, field = await do_refused(admin, IMPORT, input={"fileId": wrong})
        assert (code, field) == ("NOT_FOUND", ["input", "fileId"])
    begun = (await do(admin, IMPORT, input={"fileId": await handed_in(admin, PUBLISHED + "\n")}))["statementImport"]
    assert (await do(admin, CANCEL, input={"importId": begun["id"]}))["statementImport"]["status"] == "CANCELLED"
    assert await do_refused(admin, CANCEL, input={"importId": begun["id"]}) == (
        "STATEMENT_IMPORT_ENDED",
        ["input", "importId"],
    )


async def test_rules_are_written_changed_and_forgotten() -> None:
    admin = await an_actor(Role.ADMIN)
    made = (await do(admin, CREATE, input=RULE))["rule"]
    assert (made["title"], made["strategy"], made["position"], made["version"]) == ("The hour", "ONE_TO_ONE", 0, 1)
    assert made["criteria"] == [{"field": "DATE", "operator": "EQUALS", "drift": "3600"}]
    criteria = [
        {"field": "AMOUNT", "drift": "0.010"},
        {"field": "DESCRIPTION", "operator": "CONTAINS"},
    ]
    change = {"ruleId": made["id"], "criteria": criteria, "strategy": "MANY_TO_ONE", "isActive": False, "expectedVersion": 1}
    changed = (await do(admin, UPDATE, input=change))["rule"]
    assert (changed["strategy"], changed["isActive"], changed["title"]) == ("MANY_TO_ONE", False, "The hour")
    assert changed["criteria"][0] == {"field": "AMOUNT", "operator": "EQUALS", "drift": "0.01"}
    assert (await do_refused(admin, UPDATE, input=change | {"title": "x"}))[0] == "MATCH_RULE_CHANGED"
    assert (await do_refused(admin, CREATE, input=RULE | {"title": "THE HOUR"})) == ("MATCH_RULE_TAKEN", ["input", "title"])
    assert (await do(admin, DELETE, input={"ruleId": made["id"]}))["ruleId"] == made["id"]
    assert (await do_refused(admin, DELETE, input={"ruleId": made["id"]})) == ("MATCH_RULE_NOT_FOUND", ["input", "ruleId"])
    assert await ask(admin, RULES) == []


@pytest.mark.parametrize(
    "criteria",
    [
        [],
        [{"field": "AMOUNT"}],
        [{"field": "CURRENCY"}],
        [{"field": "DATE"}, {"field": "DATE"}],
        [{"field": "DATE"}] * 6,
        [{"field": "DATE", "drift": "-1"}],
        [{"field": "DATE", "drift": "9" * 19}],
        [{"field": "DATE", "operator": "CONTAINS"}],
        [{"field": "REFERENCE"}, {"field": "AMOUNT", "drift": "1.01"}],
    ],
)
async def test_a_rule_that_means_nothing_is_refused(criteria: list[dict[str, str]]) -> None:
    admin = await an_actor(Role.ADMIN)
    assert await do_refused(admin, CREATE, input={"title": "rule", "criteria": criteria}) == (
        "INVALID_MATCH_RULE",
        ["input", "criteria"],
    )


async def test_a_statement_is_matched_dry_and_in_earnest() -> None:
    admin = await an_actor(Role.ADMIN)
    payment = await a_payment("2500")
    done = await imported(admin, statement(row("TC51AAAA1A"), charge("TC51AAAA1A"), row("TC51BBBB1B", "7")))
    await do(admin, CREATE, input=RULE)
    for dry_run, outcome, state in ((True, "POSSIBLE", "ORPHAN"), (False, "ASSIGNED", "MATCHED")):
        told = (await do(admin, MATCH, input={"importId": done["id"], "dryRun": dry_run}))["matching"]
        [match] = told["matches"]
        assert (told["dryRun"], match["rule"], match["outcome"]) == (dry_run, "The hour", outcome)
        assert match["payments"][0]["id"] == encode_id("Payment", payment.id)
        assert (match["rows"][0]["state"], told["unmatchedRows"]) == (state, 1)
    await payment.refresh_from_db()
    assert payment.transaction_id == "TC51AAAA1A"
    await assert_integrity()


async def test_what_nobody_knows_is_listed_and_suggested() -> None:
    admin = await an_actor(Role.ADMIN)
    payment = await a_payment("2500")
    await imported(admin, statement(row("TC51AAAA1A", reference="0712345678", party="254712345678 - AMA")))
    [orphan] = (await ask(admin, ORPHANS))["nodes"]
    assert (orphan["receipt"], orphan["netAmount"]["amount"], orphan["phoneMasked"], orphan["reference"]) == (
        "TC51AAAA1A",
        "2500.00",
        "2547*****678",
        "07*****678",
    )
    [suggestion] = await ask(admin, SUGGESTIONS, receipt="TC51AAAA1A")
    assert suggestion["payment"]["id"] == encode_id("Payment", payment.id) and suggestion["due"] is None
    assert suggestion["reasons"] == ["SAME_AMOUNT", "SAME_HOUR"]


async def test_money_is_placed_where_nobody_was_asked_to_pay() -> None:
    admin = await an_actor(Role.ADMIN)
    wallet = await wallet_of((await an_actor(Role.BORROWER)).id, "KES")
    await imported(admin, statement(row("TC51AAAA1A")))
    place = {
        "receipt": "tc51aaaa1a",
        "purpose": "WALLET_TOP_UP",
        "targetId": encode_id("Wallet", wallet.id),
        "idempotencyKey": "place it once",
    }
    first, second = await do(admin, PLACE, input=place), await do(admin, PLACE, input=place)
    assert (first["payment"]["status"], second["replayed"]) == ("PAID", True)
    placed = await Payment.get(transaction_id="TC51AAAA1A")
    assert (placed.purpose_minor, placed.suspense_minor, placed.amount_minor) == (250_000, 0, 250_000)
    assert (await ask(admin, ORPHANS))["nodes"] == []
    again = {key: value for key, value in place.items() if key != "idempotencyKey"}
    assert await do_refused(admin, PLACE, input=again) == ("RECEIPT_TAKEN", ["input", "receipt"])
    strange = again | {"targetId": encode_id("Wallet", new_id())}
    assert (await do_refused(admin, PLACE, input=strange))[0] == "RECEIPT_TAKEN"
    for receipt in ("", "TC51ZZZZ1Z", "x" * 5_000):
        assert (await do_refused(admin, PLACE, input=again | {"receipt": receipt}))[0] == "RECEIPT_NOT_FOUND"
    await assert_integrity()


async def test_a_day_is_reconciled_and_reported() -> None:
    admin = await an_actor(Role.ADMIN)
    await a_paid_payment("TC51ABCD2E", at=NOON)
    made = (await do(admin, DAILY, input={"date": DAY}))["report"]
    assert (made["date"], made["received"]["count"], made["received"]["amount"]["amount"]) == (DAY, 1, "2500.00")
    assert made["channels"][0]["channel"] == "C2B" and made["purposes"][0]["purpose"] == "LOAN_INSTALMENT"
    assert made["statement"] is None
    await work_is_done()
    kept = await ask(admin, REPORT, date=DAY)
    assert kept["madeAt"] > made["madeAt"] and kept | {"madeAt": None} == made | {"madeAt": None}
    await imported(admin)
    assert await ask(admin, REPORT, date=DAY) == kept, "it is as it was made"
    anew = (await do(admin, DAILY, input={"date": DAY}))["report"]
    assert (anew["statement"]["agrees"], anew["reversedAmount"]["formatted"]) == (True, "KES 2,500.00")
    assert await do_refused(admin, DAILY, input={"date": "2199-01-01"}) == ("INVALID_INPUT", ["input", "date"])


async def test_whatever_is_sent_is_answered_or_refused() -> None:
    admin = await an_actor(Role.ADMIN)
    done = await imported(admin, statement(row("TC51AAAA1A")))
    rule = (await do(admin, CREATE, input=RULE))["rule"]
    change = {"ruleId": rule["id"], "title": "x", "criteria": RULE["criteria"], "position": 3, "expectedVersion": 1}
    place = {"receipt": "TC51AAAA1A", "purpose": "LOAN_INSTALMENT", "targetId": encode_id("Loan", new_id())}
    cases: list[Case] = [
        (admin, "ImportMpesaStatement", {"input": {"fileId": encode_id("File", new_id()), "idempotencyKey": "k" * 20}}),
        (admin, "CancelStatementImport", {"input": {"importId": done["id"]}}),
        (admin, "StatementImport", {"id": done["id"]}),
        (admin, "CreateMatchRule", {"input": RULE | {"position": 5}}),
        (admin, "UpdateMatchRule", {"input": change}),
        (admin, "DeleteMatchRule", {"input": {"ruleId": encode_id("MatchRule", new_id())}}),
        (admin, "MatchStatement", {"input": {"importId": done["id"], "dryRun": True}}),
        (admin, "OrphanSuggestions", {"receipt": "TC51AAAA1A"}),
        (admin, "PlaceOrphanTransaction", {"input": place}),
        (admin, "DailyReconciliation", {"input": {"date": DAY}}),
        (admin, "ReconciliationReport", {"date": DAY}),
    ]
    assert await accidents(cases, op) == []
