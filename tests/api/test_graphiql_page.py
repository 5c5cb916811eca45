"""The GraphiQL page: who gets it, under which policy, and what a server says that has not built it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from starlette.applications import Starlette
from starlette.routing import Mount

from api import graphiql
from tests.support.servers import served, settings_for_tests, small_app

BROWSER = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


async def demo_users() -> list[dict[str, Any]]:
    return [{"name": "Asha", "email": "asha@daftari.example", "password": "demo"}]


@pytest_asyncio.fixture(scope="module")
async def client() -> AsyncIterator[httpx.AsyncClient]:
    app = small_app(settings=settings_for_tests(demo_users=True), demo_users=demo_users)
    async with served(app) as address, httpx.AsyncClient(base_url=address) as client:
        yield client


@pytest_asyncio.fixture(scope="module")
async def bare() -> AsyncIterator[httpx.AsyncClient]:
    app = small_app(settings=settings_for_tests(app=False, graphiql=False, demo_users=False), demo_users=demo_users)
    async with served(app) as address, httpx.AsyncClient(base_url=address) as client:
        yield client


async def test_a_browser_gets_the_page_and_programs_get_answers(client: httpx.AsyncClient) -> None:
    page = await client.get("/graphql", headers=BROWSER)
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    assert "script-src" not in page.headers["content-security-policy"]
    assert "default-src 'self'" in page.headers["content-security-policy"]
    assert page.headers["x-frame-options"] == "DENY"
    assert "Accept" in page.headers["vary"]
    answer = await client.get("/graphql", params={"query": "{ greeting }"}, headers={"accept": "*/*"})
    assert answer.json()["data"] == {"greeting": "Hello world"}


async def test_without_the_app_the_front_door_leads_to_it(bare: httpx.AsyncClient) -> None:
    app = small_app(settings=settings_for_tests(app=False))
    async with served(app) as address, httpx.AsyncClient(base_url=address) as client:
        response = await client.get("/")
    assert response.status_code in (302, 307)
    assert response.headers["location"] == "/graphql"
    assert (await bare.get("/")).status_code == 404


async def test_it_can_be_switched_off(bare: httpx.AsyncClient) -> None:
    response = await bare.get("/graphql", params={"query": "{ greeting }"}, headers=BROWSER)
    assert response.headers["content-type"].startswith("application/json"), "a browser takes what there is"
    assert (await bare.get("/graphql", headers={"accept": "text/html"})).status_code == 406


async def test_demo_users_are_told_only_where_they_are_meant_to_be(
    client: httpx.AsyncClient, bare: httpx.AsyncClient
) -> None:
    response = await client.get("/demo-users")
    assert response.json() == await demo_users()
    assert response.headers["cache-control"] == "no-store"
    assert "access-control-allow-origin" not in response.headers
    assert (await bare.get("/demo-users")).status_code == 404


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    """What a build leaves."""
    (tmp_path / "dist" / "assets").mkdir(parents=True)
    (tmp_path / "dist" / "index.html").write_text("<!doctype html><title>GraphiQL</title>")
    (tmp_path / "dist" / "assets" / "main-1a2b.js").write_text("export {}")
    (tmp_path / "secret.txt").write_text("secret")
    return tmp_path / "dist"


async def test_the_page_is_asked_for_anew_and_its_assets_are_kept(dist: Path) -> None:
    app = Starlette(routes=[Mount("/page", graphiql.page(dist)), Mount("/assets", graphiql.assets(dist))])
    async with served(app) as address, httpx.AsyncClient(base_url=address) as client:
        page = await client.get("/page/")
        asset = await client.get("/assets/main-1a2b.js")
        missing = await client.get("/assets/other.js")
        outside = await client.get("/assets/%2e%2e/%2e%2e/secret.txt")
    assert "GraphiQL" in page.text
    assert page.headers["cache-control"] == "no-cache"
    assert asset.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert asset.headers["content-type"].startswith("text/javascript")
    assert (missing.status_code, outside.status_code) == (404, 404)


async def test_a_page_that_is_not_built_says_how_to_build_it(tmp_path: Path) -> None:
    app = Starlette(routes=[Mount("/page", graphiql.page(tmp_path)), Mount("/assets", graphiql.assets(tmp_path))])
    async with served(app) as address, httpx.AsyncClient(base_url=address) as client:
        page = await client.get("/page/")
        assert (await client.get("/assets/x.js")).status_code == 404
    assert "npm run build" in page.text
    assert page.headers["cache-control"] == "no-store"
