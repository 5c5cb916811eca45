"""A change of the schema that breaks an operation is said with the operation, and with how to go on."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from graphql import GraphQLInputField, GraphQLInt, GraphQLNonNull, GraphQLObjectType, GraphQLSchema, parse

from schema.contract.breaks import find_breaks, users_in
from schema.contract.operations import Operation
from schema.contract.writing import Contract
from schema.pipeline import Limits
from schema.pipeline.prepared import Preparer
from tests.schema.contract.conftest import TODAY

REMOVED = "Field Wallet.held was removed."


def nobody(operation: Operation) -> list[str]:
    return []


class Place:
    """The schema as it was released, the one that a test changes in memory, and the operations of wallets."""

    def __init__(self, contract: Contract, operations: list[Operation]) -> None:
        self.schema: GraphQLSchema = contract.schema
        self.released = contract.released
        self.operations = operations

    def fields(self, name: str) -> dict[str, Any]:
        kind: Any = self.schema.type_map[name]
        return dict(kind.fields)

    def remove_held(self, patch: pytest.MonkeyPatch) -> None:
        """As a whole new mapping, for what is put back into one comes last."""
        left = {name: field for name, field in self.fields("Wallet").items() if name != "held"}
        patch.setattr(self.schema.type_map["Wallet"], "fields", left)

    def findings(self, *, accepted: dict[str, str] | None = None, users: object = nobody, today: date = TODAY) -> list[str]:
        # What the pipeline of all tests has prepared before does not tell of a change that is made now.
        preparer = Preparer(self.schema, Limits(), introspection=True, suggestions=True)
        found = find_breaks(
            self.released,
            self.schema,
            self.operations,
            prepare=lambda text: preparer.prepare(text, None),
            accepted=accepted or {},
            users=users,  # type: ignore[arg-type]
            today=today,
        )
        return [str(each) for each in found]


@pytest.fixture
def place(contract: Contract, of_wallets: list[Operation]) -> Place:
    return Place(contract, of_wallets)


def test_a_removed_field_names_the_operations_that_it_breaks_and_how_to_go_on(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.remove_held(monkeypatch)
    [sentence] = place.findings()
    assert sentence == (
        "Wallet.held: Field Wallet.held was removed since 0.1.0, which breaks operations/wallets/Wallet.graphql:8 (query "
        "Wallet) and operations/wallets/Wallets.graphql:9 (query Wallets). To go on, put it back, deprecated with what "
        'takes its place and the day on which it goes (deprecated="Use `other`. Goes on 2027-01-31."); or, when no client '
        'of anybody\'s can be using it, correct them, and write "Field Wallet.held was removed.": "the reason" into the '
        "object in frontend-contract/accepted-breaks.json. Then run: .venv/bin/python -m schema.contract."
    )


def test_the_sentence_names_the_files_of_clients_that_use_the_operations(
    place: Place, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for path, text in {
        "app/src/rooms/wallet.tsx": 'import { WalletDocument } from "@/graphql/documents";',
        "app/node_modules/copy.ts": "WalletDocument",
        "client/tests/wallets.test.ts": 'read("wallets/Wallets.graphql")',
        "mocks/other.ts": "TransferDocument",
    }.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    place.remove_held(monkeypatch)
    [sentence] = place.findings(users=users_in(tmp_path))
    assert "correct them, app/src/rooms/wallet.tsx and client/tests/wallets.test.ts, and write" in sentence


def test_what_was_decided_on_still_needs_its_operations_corrected(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    place.remove_held(monkeypatch)
    [sentence] = place.findings(accepted={REMOVED: "Nobody had it."})
    assert sentence.endswith("To go on, correct them, then run: .venv/bin/python -m schema.contract.")
    without = [each for each in place.operations if each.name not in ("Wallet", "Wallets")]
    place.operations = without
    assert place.findings(accepted={REMOVED: "Nobody had it."}) == []
    [unannounced] = place.findings()
    assert "was removed since 0.1.0, and clients that we do not know may use it." in unannounced


def test_what_was_announced_may_go_on_its_day(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    was = place.released.schema.type_map["Wallet"]
    assert isinstance(was, GraphQLObjectType)
    monkeypatch.setattr(was.fields["held"], "deprecation_reason", "Use `balance`. Goes on 2026-12-01.")
    place.remove_held(monkeypatch)
    place.operations = []
    assert place.findings(today=date(2026, 12, 1)) == []
    assert len(place.findings(today=date(2026, 11, 30))) == 1


def test_another_type_breaks_what_was_generated(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    held = place.fields("Wallet")["held"]
    monkeypatch.setattr(held, "type", held.type.of_type)
    [sentence] = place.findings()
    assert "Field Wallet.held changed type from Money! to Money since 0.1.0. The documents stay valid" in sentence
    assert "operations/wallets/Wallet.graphql:8 (query Wallet)" in sentence
    assert "To go on, give it its type back, offer the new one beside it under another name, and deprecate" in sentence


def test_an_argument_that_is_demanded_newly_breaks_who_leaves_it_out_too(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    argument = place.fields("Query")["walletTransactions"].args["walletId"]
    monkeypatch.setattr(argument, "type", GraphQLNonNull(argument.type))
    [sentence] = place.findings()
    assert "(walletId:) has changed type from ID to ID! since 0.1.0, which breaks" in sentence
    assert "operations/wallets/Wallet.graphql:11 (query Wallet)" in sentence
    assert "operations/wallets/WalletTransactions.graphql:3 (query WalletTransactions)" in sentence


def test_a_word_that_goes_breaks_no_document_but_what_counts_on_it(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    kind: Any = place.schema.type_map["TransactionType"]
    monkeypatch.setattr(kind, "values", {name: value for name, value in kind.values.items() if name != "CREDIT"})
    [sentence] = place.findings(users=lambda each: ["app/src/a.tsx"])
    assert sentence.startswith(
        "TransactionType.CREDIT: Enum value TransactionType.CREDIT was removed since 0.1.0. The documents"
    )
    assert "can be using it, correct app/src/a.tsx, and write" in sentence


def test_what_an_input_demands_newly_breaks_who_sends_it(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    demanded = GraphQLInputField(GraphQLNonNull(GraphQLInt))
    more = {**place.fields("TransferFundsInput"), "pin": demanded}
    monkeypatch.setattr(place.schema.type_map["TransferFundsInput"], "fields", more)
    [sentence] = place.findings()
    assert "A required field TransferFundsInput.pin was added since 0.1.0" in sentence
    assert "(mutation TransferFunds)" in sentence
    assert "To go on, let it be left out, by a default or by null; or" in sentence


def test_an_operation_that_never_fitted_is_told_by_itself(place: Place) -> None:
    text = "# What is not there.\nquery Nothing {\n  nothing\n}\n"
    operation = Operation(Path("operations/core/Nothing.graphql"), text, parse(text), None)
    place.operations = [operation]
    [sentence] = place.findings(users=lambda _: ["app/src/a.tsx"])
    assert sentence == (
        "operations/core/Nothing.graphql:3: query Nothing does not fit the schema. Cannot query field 'nothing' on type "
        "'Query'. To go on, correct the operation (and app/src/a.tsx, which uses it), or give the schema what it asks for; "
        "then run: .venv/bin/python -m schema.contract."
    )


def test_a_decision_about_nothing_is_taken_out(place: Place) -> None:
    place.operations = []
    [sentence] = place.findings(accepted={REMOVED: "Why?"})
    assert sentence.startswith("accepted-breaks.json: 'Field Wallet.held was removed.' is no change since 0.1.0.")
