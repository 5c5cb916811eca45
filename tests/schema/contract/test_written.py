"""What lies in frontend-contract/ is what the server says."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import pytest
from graphql import parse

from api.sockets.closing import Closing
from domain.events.event import adapter_of, event_named
from domain.identity.permissions import Permission, Role, permissions_of
from schema.contract.events import events_of_the_house
from schema.contract.writing import Contract
from schema.kit.errors import DESCRIPTIONS
from schema.kit.finish import rule_of
from schema.pipeline import Request, TrustedDocuments
from schema.pipeline.trusted import document_id
from tests.schema.contract.conftest import TODAY


def test_it_holds(contract: Contract) -> None:
    """All that is found is told, of an assertion pytest would show the beginning. This test and the next one look at every
    operation, and are neighbours so that one process does both."""
    found = [str(each) for each in contract.findings(TODAY)]
    if found:
        pytest.fail("\n\n".join(found), pytrace=False)


def test_every_file_is_as_it_would_be_written_now(contract: Contract) -> None:
    assert contract.differing() == [], "write them anew with: .venv/bin/python -m schema.contract"


def test_every_code_is_in_the_catalogue_with_what_it_is_a_kind_of(contract: Contract) -> None:
    found = {each["code"]: each for each in json.loads(contract.files["catalogue/errors.json"])}
    assert set(found) == set(DESCRIPTIONS)
    assert found["AMOUNT_EXCEEDS_REMAINING"]["field"] == ["input", "amount"]
    assert found["AMOUNT_EXCEEDS_REMAINING"]["room"] == "invoice_finance"
    assert found["INVALID_AMOUNT"]["kindOf"] == "INVALID_INPUT"
    assert found["RATE_LIMITED"]["room"] == "protocol"
    assert {each["kindOf"] for each in found.values()} - {None} <= set(found)


def test_events_of_the_house_is_in_the_catalogue_with_its_schema_its_audience_and_an_example(contract: Contract) -> None:
    found = {each["name"]: each for each in json.loads(contract.files["catalogue/events.json"])}
    assert set(found) == {kind.name for kind in events_of_the_house()}
    for name, each in found.items():
        adapter_of(event_named(name)).validate_python(each["example"])
        assert set(each["schema"]["required"]) <= set(each["schema"]["properties"])
        assert each["audience"], name
    assert found["wallets.balance_changed"]["audience"] == ["permission:WALLETS_READ_ALL", "user:<user_id>"]
    assert found["school.ward_marked"]["audience"] == ["user:<guardian_ids[]>"]
    assert "walletBalanceChanged" in found["wallets.balance_changed"]["feeds"]


def test_permissions_are_those_that_the_pipeline_asks_for(contract: Contract) -> None:
    found = json.loads(contract.files["catalogue/permissions.json"])
    for root in (contract.schema.query_type, contract.schema.mutation_type, contract.schema.subscription_type):
        assert root is not None
        for name, field in root.fields.items():
            demanded = rule_of(field).requires
            assert demanded is not None
            told = found["fields"][f"{root.name}.{name}"]
            assert told["permission"] == demanded.value
            assert told["roles"] == [role.value for role in Role if demanded in permissions_of(frozenset({role}))]
    assert found["roles"]["GUARDIAN"] == sorted(each.value for each in permissions_of(frozenset({Role.GUARDIAN})))
    assert found["fields"]["Mutation.login"]["permission"] == Permission.PUBLIC.value


def test_limits_are_refused_with_codes_that_there_are(contract: Contract) -> None:
    closings = {str(each.code) for each in Closing}
    told = [each.refusal for each in contract.edge.limits if each.refusal is not None]
    assert set(told) <= closings | set(DESCRIPTIONS)
    names = [each.name for each in contract.edge.limits]
    assert len(names) == len(set(names))
    found = {each["name"]: each for each in json.loads(contract.files["catalogue/limits.json"])}
    assert found["max_cost"]["value"] == contract.limits.cost
    assert found["ws_heartbeat_interval_s"]["variables"] == ["DAFTARI_WS_HEARTBEAT_INTERVAL", "WS_HEARTBEAT_INTERVAL"]


def test_close_codes_say_the_same_by_hand_and_for_programs(contract: Contract) -> None:
    table = (contract.folder / "catalogue" / "close-codes.md").read_text()
    by_hand = dict(re.findall(r"^\| (\d{4}) \| (yes|no) \|", table, re.MULTILINE))
    told = {str(each.code): "yes" if each.comes_back else "no" for each in contract.edge.closings}
    assert by_hand.items() >= told.items()


def test_trusted_documents_are_what_a_server_runs(contract: Contract) -> None:
    manifest, apollo = (json.loads(contract.files[name]) for name in ("trusted-documents.json", "apollo-manifest.json"))
    server = TrustedDocuments(manifest, only=True)
    operations = {each["name"]: each for each in json.loads(contract.files["catalogue/operations.json"])}
    for each in contract.reading.operations:
        printed = server.text_of(Request(document_id=operations[each.name]["documentId"]))
        assert printed == each.printed
    assert {each["id"] for each in apollo["operations"]} <= set(manifest)
    assert [each["name"] for each in apollo["operations"]] == [each.name for each in contract.reading.operations]
    wallet = next(each for each in apollo["operations"] if each["name"] == "Wallet")
    assert wallet["type"] == "query" and wallet["id"] == document_id(wallet["body"])
    assert wallet["body"].count("__typename") == 8 and parse(wallet["body"])
    assert "balance {\n      amount\n      formatted\n      __typename" in wallet["body"]


def test_a_server_reads_the_manifest_of_an_apollo_client(contract: Contract) -> None:
    made = contract.folder / "apollo-manifest.json"
    first = json.loads(made.read_text())["operations"][0]
    server = TrustedDocuments.read(made, only=True)
    assert server.text_of(Request(document_id=f"sha256:{first['id']}")) == first["body"]


class _Page(HTMLParser):
    """The attributes of the page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.labels: set[str] = set()
        self.fields: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.ids += [given["id"]] if "id" in given else []
        self.links += [given[name] for name in ("href", "src", "action") if name in given]
        if tag == "label":
            self.labels.add(given["for"])
        if tag in ("input", "select"):
            self.fields.append(given["id"])


def test_the_page_needs_nothing_else_and_is_linked_well(contract: Contract) -> None:
    text = contract.files["catalogue/index.html"]
    page = _Page(text)
    assert not re.search(r"(?:https?:)?//[a-z]", re.sub(r"<pre.*?</pre>|<script>.*?</script>", "", text, flags=re.DOTALL))
    assert len(page.ids) == len(set(page.ids))
    assert {link[1:] for link in page.links if link.startswith("#")} <= set(page.ids)
    assert {link for link in page.links if not link.startswith("#")} == {"data:,"}
    assert set(page.fields) <= page.labels
    for anchor in ("FORBIDDEN", "wallets.balance_changed", "Mutation.fundInvoice", "operation-Wallet", "close-codes"):
        assert anchor in page.ids
