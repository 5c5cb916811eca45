"""Trusted documents: run by their id, and where only they run, nothing else does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from schema.pipeline import Pipeline, Request, RequestRefused, TrustedDocuments
from schema.pipeline.trusted import document_id
from tests.support.servers import served, small_app
from tests.support.small_schema import small_schema

GREETING = "query Greeting($name: String!) { greeting(name: $name) }"
ID = document_id(GREETING)


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps({ID: GREETING}))
    return path


async def ask(documents: TrustedDocuments, **body: Any) -> httpx.Response:
    app = small_app(trusted=documents)
    async with served(app) as address, httpx.AsyncClient(base_url=address) as client:
        return await client.post("/graphql", json={"variables": {"name": "Asha"}, **body})


@pytest.mark.parametrize(
    "said",
    [
        {"documentId": ID},
        {"documentId": f"sha256:{ID}"},
        {"documentId": ID.upper()},
        {"extensions": {"documentId": ID}},
        {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": ID}}},
        {"query": GREETING},
    ],
)
@pytest.mark.parametrize("only", [True, False])
async def test_a_known_document(manifest: Path, said: dict[str, Any], only: bool) -> None:
    response = await ask(TrustedDocuments.read(manifest, only=only), **said)
    assert response.json()["data"] == {"greeting": "Hello Asha"}


@pytest.mark.attack("untrusted documents", on="GET")
async def test_by_get(manifest: Path) -> None:
    app = small_app(trusted=TrustedDocuments.read(manifest, only=True))
    async with served(app) as address, httpx.AsyncClient(base_url=address) as client:
        response = await client.get("/graphql", params={"documentId": ID, "variables": '{"name": "Asha"}'})
    assert response.json()["data"] == {"greeting": "Hello Asha"}


@pytest.mark.parametrize("said", [{"documentId": "0" * 64}, {"documentId": "../../etc/passwd"}])
async def test_an_unknown_id(manifest: Path, said: dict[str, Any]) -> None:
    response = await ask(TrustedDocuments.read(manifest, only=False), **said)
    assert response.status_code == 400
    assert response.json()["errors"][0]["extensions"]["code"] == "DOCUMENT_NOT_FOUND"


@pytest.mark.attack("untrusted documents", on="POST")
async def test_another_document_runs_only_where_all_do(manifest: Path) -> None:
    free = await ask(TrustedDocuments.read(manifest, only=False), query="{ greeting }", variables=None)
    assert free.json()["data"] == {"greeting": "Hello world"}
    strict = await ask(TrustedDocuments.read(manifest, only=True), query="{ greeting }", variables=None)
    assert strict.status_code == 403
    assert strict.json()["errors"][0]["extensions"]["code"] == "DOCUMENT_NOT_TRUSTED"


def test_an_id_goes_before_a_text_that_comes_with_it(manifest: Path) -> None:
    pipeline = Pipeline(small_schema(), trusted=TrustedDocuments.read(manifest, only=True))
    request = Request(query="{ broken }", document_id=ID)
    assert pipeline.prepare(request).text == GREETING


def test_a_manifest_whose_digests_are_wrong_is_refused_at_the_start() -> None:
    with pytest.raises(ValueError, match="do not fit"):
        TrustedDocuments({"0" * 64: GREETING})


def test_no_document_at_all() -> None:
    with pytest.raises(RequestRefused, match="no query"):
        Pipeline(small_schema()).prepare(Request())
