"""What moves money or stock takes an idempotency key, or says why it may be sent twice without one, which a test proves."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from graphql import GraphQLInputObjectType, get_named_type
from strawberry.types.field import StrawberryField

from schema.kit.finish import DEFINITION
from schema.kit.mutations import WITHOUT_KEY
from tests.support.graphql import pipeline
from tests.support.reaching import CodeMap

WRITES_BOOKS = re.compile(
    r"(insert into|update) (journal_entry|ledger_hold|stock_movement|stock_pool|stock_cancellation|stock_reservation)\b"
    r"|from ledger_post\("
)
PLACES_HOLDS = "domain.ledger.service.holds.place_hold"
"""It writes its row through the ORM."""

ASKED = "domain/lending/test_races.py::test_what_is_asked_of_a_loan_at_once_is_asked_once_and_books_nothing"
PAUSED = "domain/lending/test_races.py::test_two_who_pause_and_resume_at_once_book_the_interest_once"
DRAFTS = "domain/lending/test_races.py::test_drafts_at_once_leave_the_books_alone"
RECONCILING = (
    "domain/payments/test_reconciling.py::test_who_reconciles_the_same_at_once_waits_for_each_other_and_credits_it_once"
)

PROVED_BY = {
    "registerUser": "domain/wallets/test_wallets.py::test_who_registers_twice_at_once_has_one_opening_credit",
    "createLoanApplication": DRAFTS,
    "updateLoanApplication": DRAFTS,
    "requestLoanReschedule": ASKED,
    "requestLoanWriteOff": ASKED,
    "rejectLoanRequest": ASKED,
    "withdrawLoanRequest": ASKED,
    "pauseLoanDelinquency": PAUSED,
    "resumeLoanDelinquency": PAUSED,
    "matchStatement": "domain/payments/test_statements_matching.py::test_two_who_match_at_once_give_the_money_once",
    "dailyReconciliation": "domain/payments/test_statements_days.py::test_two_who_ask_for_a_day_at_once_settle_it_once",
    "queryMpesaStatus": "domain/payments/test_asking.py::test_two_who_want_to_know_at_once_have_the_provider_asked_once",
    "reconcileSession": RECONCILING,
    "bulkReconcile": RECONCILING,
    "queueReconciliation": "domain/payments/test_reconciling.py::test_of_two_who_queue_at_once_both_get_the_same",
    "resumeSchoolRun": "domain/school/test_runs.py::test_two_who_resume_at_once_have_each_subject_done_once",
    "ingestMpesaCallback": "domain/payments/intake/test_callbacks.py::test_given_by_many_at_once_it_is_credited_once",
    "resyncFinancials": "domain/school/test_repairing.py::test_two_who_repair_at_once_repair_it_once",
}
"""The test of each mutation that says that it takes no key: the same twice at once changes the books once."""


@pytest.fixture(scope="module")
def code(repository: Path) -> CodeMap:
    domain = [path for path in (repository / "domain").rglob("*.py") if "migrations" not in path.parts]
    mutations = [path for path in (repository / "schema").rglob("*.py") if "@mutation(" in path.read_text()]
    return CodeMap(repository, [*domain, *mutations])


def every_mutation() -> Iterator[tuple[str, str, bool, bool]]:
    """Name, the full name of its resolver, whether it takes a key, and whether it says that it needs none."""
    root = pipeline()._schema.mutation_type
    assert root is not None
    for name, field in root.fields.items():
        declared = field.extensions[DEFINITION]
        assert isinstance(declared, StrawberryField) and declared.base_resolver is not None
        resolver: Any = inspect.unwrap(cast(Any, declared.base_resolver.wrapped_func))
        given = get_named_type(field.args["input"].type) if "input" in field.args else None
        takes_key = isinstance(given, GraphQLInputObjectType) and "idempotencyKey" in given.fields
        yield name, f"{resolver.__module__}.{resolver.__qualname__}", takes_key, WITHOUT_KEY in (field.description or "")


def test_what_moves_money_or_stock_takes_a_key_or_says_why_not(code: CodeMap) -> None:
    books = {name for name in code.parts if any(WRITES_BOOKS.search(text) for text in code.texts_of(name))} | {PLACES_HOLDS}
    assert PLACES_HOLDS in code.parts and len(books) >= 9, "the writers of the books are found"
    ways = {
        name: (code.way(resolver, books.__contains__), takes_key, needs_none)
        for name, resolver, takes_key, needs_none in every_mutation()
    }
    moving = {name for name, (way, *_) in ways.items() if way}
    # Each by another way to the books: straight, through a hold, through stock, through what another business registered.
    assert moving > {"transferFunds", "placeBid", "issueStock", "confirmSale", "payMillOrder", "disburseLoan", "payFee"}
    silent = {name: way for name, (way, takes_key, needs_none) in ways.items() if way and not (takes_key or needs_none)}
    assert silent == {}, "give it an idempotency key, or say why it moves nothing twice without one"
    assert {name for name, (_, takes_key, needs_none) in ways.items() if takes_key and needs_none} == set()


def test_what_needs_no_key_is_proved_by_a_test(repository: Path) -> None:
    assert {name for name, _, _, needs_none in every_mutation() if needs_none} == PROVED_BY.keys()
    for proof in set(PROVED_BY.values()):
        file, _, test = proof.partition("::")
        tree = ast.parse((repository / "tests" / file).read_text())
        assert test in {node.name for node in tree.body if isinstance(node, ast.AsyncFunctionDef)}, proof
