"""The two pages of the contract: what they claim is so."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest
from graphql import parse, validate

from api.contract import COMES_BACK
from api.sockets.closing import Closing
from domain.identity.settings import IdentitySettings
from domain.webhooks.rules import PAUSES
from domain.webhooks.service.sending import ANSWER_WITHIN_S
from domain.webhooks.settings import WebhookSettings
from schema.contract.writing import Contract
from schema.kit.errors import DESCRIPTIONS
from schema.kit.feeds import ResyncReason
from schema.kit.mutations import Payload

WORDS_THAT_ARE_NO_CODES = {each.name for each in ResyncReason}


@cache
def _readme(folder: Path) -> str:
    return (folder / "README.md").read_text(encoding="utf-8")


@pytest.fixture
def readme(contract: Contract) -> str:
    return _readme(contract.folder)


def test_what_it_links_to_is_there(contract: Contract, readme: str) -> None:
    for_phones = (contract.folder / "mobile.md").read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#]+)(#[\w-]+)?\)", readme + for_phones)
    assert len(links) > 16
    for path, anchor in links:
        text = (contract.folder / path).read_text(encoding="utf-8") if path.endswith(".md") else ""
        assert (contract.folder / path).exists(), path
        titles = {re.sub(r"\W+", "-", title.lower()) for title in re.findall(r"^#+ (.+)$", text, re.MULTILINE)}
        assert anchor.removeprefix("#") in {"", *titles}, f"{path}{anchor}"


def test_its_documents_fit_the_schema(contract: Contract, readme: str) -> None:
    documents = re.findall(r"```graphql\n(.*?)```", readme, re.DOTALL)
    assert len(documents) == 3
    for text in documents:
        assert validate(contract.schema, parse(text)) == []
    queries = re.findall(r'"query": "([^"]+)"', readme)
    assert len(queries) == 2
    for text in queries:
        assert validate(contract.schema, parse(text)) == []


def test_its_codes_are_in_the_catalogue(readme: str) -> None:
    named = set(re.findall(r"`([A-Z]+_[A-Z_]+|INTERNAL|FORBIDDEN|UNAUTHENTICATED)`", readme))
    assert len(named) > 8
    assert named - WORDS_THAT_ARE_NO_CODES <= set(DESCRIPTIONS)


def test_its_figures_are_the_defaults(contract: Contract, readme: str) -> None:
    limits = {each.name: each.value for each in contract.edge.limits}
    said = " ".join(readme.split())
    for claim in (
        f"It lasts {limits['access_token_minutes']} minutes",
        f"one use and {limits['refresh_token_days']} days",
        f"from 1 to {limits['page']} ({limits['default_page']} when neither is given)",
        f"A key is kept for {limits['idempotency_kept']} hours",
        f"older than {limits['event_retention_days']} days",
        f"pings every {limits['ws_heartbeat_interval_s']:g} s and expects a sign of life within {limits['answer_s']:g} s",
        f"at most one in {limits['coalesce_s'] * 1000:g} ms",
        f"costs points, {limits['max_cost']:,} at most, and each caller has {limits['points_per_minute']:,} a minute",
        f"nest at most {limits['max_depth']} deep and have at most {limits['max_document_bytes'] // 1024} KB",
    ):
        assert claim in said
    assert IdentitySettings(secret="s" * 32).refresh_grace == timedelta(seconds=10) and "ten seconds after its first" in said


def test_its_webhooks_are_as_patient_as_it_says(readme: str) -> None:
    assert f"answer with 2xx within {ANSWER_WITHIN_S:g} s" in readme
    assert PAUSES[0] == timedelta(seconds=5) and PAUSES[-1] == timedelta(hours=24) and "after 5 s to 24 h" in readme
    assert WebhookSettings().disable_after == timedelta(days=5) and "after five days the endpoint is disabled" in readme


def test_its_close_codes_come_back_as_it_says(readme: str) -> None:
    [told] = re.findall(r"Socket codes (.+?) mean \*come back\*; (.+?) do not", readme)
    back, fatal = ({int(code) for code in re.findall(r"\d{4}", each)} for each in told)
    ours = {each.code for each in Closing}
    assert back == ours & COMES_BACK
    assert fatal == {code for code in ours - COMES_BACK if code >= 4000}


def test_a_payload_has_errors_as_it_says(contract: Contract) -> None:
    assert Payload.__name__ in contract.schema.type_map
    assert "errors: [UserError!]!" in _readme(contract.folder)
