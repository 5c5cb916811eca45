"""The app at the front door: on every path that is nobody's, under a strict policy, compressed, and kept as it may be."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.routing import Mount, Router
from starlette.types import ASGIApp

from api import live
from tests.support.servers import served, settings_for_tests, small_app

BROWSER = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
PAGE = "<!doctype html><title>Daftari Live</title>"
SCRIPT = "export const room = 'milling';"


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a build leaves."""
    dist = tmp_path_factory.mktemp("built") / "dist"
    (dist / "app").mkdir(parents=True)
    (dist / "index.html").write_text(PAGE)
    (dist / "icon.svg").write_text("<svg/>")
    (dist / "app" / "main-1a2b.js").write_text(SCRIPT)
    (dist / "app" / "main-1a2b.js.gz").write_bytes(gzip.compress(SCRIPT.encode()))
    (dist / "app" / "plain-3c4d.js").write_text(SCRIPT)
    (dist.parent / "secret.txt").write_text("secret")
    return dist


def site(dist: Path) -> ASGIApp:
    return ExceptionMiddleware(Router([Mount("/app", live.assets(dist))], default=live.page(dist)))


@pytest_asyncio.fixture(scope="module")
async def client(dist: Path) -> AsyncIterator[httpx.AsyncClient]:
    async with served(site(dist)) as address, httpx.AsyncClient(base_url=address) as client:
        yield client


@pytest.mark.parametrize("path", ["/", "/lending/loans/LN-000011", "/graphics"])
async def test_a_browser_gets_the_page_wherever_it_opens_the_app(client: httpx.AsyncClient, path: str) -> None:
    page = await client.get(path, headers=BROWSER)
    assert (page.status_code, page.text) == (200, PAGE)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["cache-control"] == "no-cache"
    assert "Accept" in page.headers["vary"]


async def test_the_policy_lets_nothing_in_from_elsewhere_and_nothing_inline(client: httpx.AsyncClient) -> None:
    for path in ("/", "/icon.svg", "/app/main-1a2b.js"):
        policy = (await client.get(path)).headers["content-security-policy"]
        assert "default-src 'none'" in policy, path
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy
        assert "http" not in policy


async def test_a_program_is_told_that_there_is_nothing(client: httpx.AsyncClient) -> None:
    assert (await client.get("/")).status_code == 200, "the front door is nobody else's"
    assert (await client.get("/lending", headers={"accept": "application/json"})).status_code == 404
    assert (await client.get("/missing.txt")).status_code == 404
    assert (await client.post("/lending", headers=BROWSER)).status_code == 404


OUTSIDE = ("/..%2fsecret.txt", "/%2e%2e/secret.txt", "/app/%2e%2e/%2e%2e/secret.txt", "/..%5csecret.txt")


@pytest.mark.parametrize("path", OUTSIDE)
async def test_nothing_is_served_from_outside_of_the_build(client: httpx.AsyncClient, path: str) -> None:
    assert "secret" not in (await client.get(path, headers=BROWSER)).text
    assert (await client.get(path)).status_code == 404


async def test_assets_are_kept_for_good_and_sent_compressed_to_whoever_takes_it(client: httpx.AsyncClient) -> None:
    small = await client.get("/app/main-1a2b.js", headers={"accept-encoding": "gzip, br"})
    assert (small.headers["content-encoding"], small.text) == ("gzip", SCRIPT)
    whole = await client.get("/app/main-1a2b.js", headers={"accept-encoding": "gzip;q=0"})
    assert ("content-encoding" in whole.headers, whole.text) == (False, SCRIPT)
    plain = await client.get("/app/plain-3c4d.js", headers={"accept-encoding": "gzip"})
    assert ("content-encoding" in plain.headers, plain.text) == (False, SCRIPT)
    for asset in (small, whole, plain):
        assert asset.headers["content-type"] == "text/javascript; charset=utf-8"
        assert asset.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert asset.headers["vary"] == "Accept-Encoding"
    assert (await client.get("/app/other.js")).status_code == 404


async def test_what_a_browser_has_is_not_sent_again(client: httpx.AsyncClient) -> None:
    known = (await client.get("/app/main-1a2b.js", headers={"accept-encoding": "gzip"})).headers["etag"]
    again = await client.get("/app/main-1a2b.js", headers={"accept-encoding": "gzip", "if-none-match": known})
    assert (again.status_code, again.content) == (304, b"")


async def test_what_keeps_its_name_is_asked_for_anew(client: httpx.AsyncClient) -> None:
    icon = await client.get("/icon.svg")
    assert (icon.text, icon.headers["content-type"]) == ("<svg/>", "image/svg+xml")
    assert icon.headers["cache-control"] == "no-cache"


async def test_the_page_is_sent_compressed_too(dist: Path, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text(PAGE)
    (tmp_path / "index.html.gz").write_bytes(gzip.compress(PAGE.encode()))
    async with served(site(tmp_path)) as address, httpx.AsyncClient(base_url=address) as client:
        page = await client.get("/", headers={"accept-encoding": "gzip"})
    assert (page.headers["content-encoding"], page.text) == ("gzip", PAGE)
    assert page.headers["content-type"] == "text/html; charset=utf-8"


async def test_an_app_that_is_not_built_says_how_to_build_it(tmp_path: Path) -> None:
    async with served(site(tmp_path)) as address, httpx.AsyncClient(base_url=address) as client:
        page = await client.get("/", headers=BROWSER)
        assert (await client.get("/app/x.js")).status_code == 404
    assert "npm run build" in page.text
    assert page.headers["cache-control"] == "no-store"


async def test_endpoints_stay_what_they_are_and_the_app_can_be_switched_off() -> None:
    async with served(small_app()) as address, httpx.AsyncClient(base_url=address, headers=BROWSER) as client:
        assert (await client.get("/health/live")).json() == {"status": "ok"}
        assert "GraphiQL" in (await client.get("/graphql")).text
        assert (await client.get("/lending")).headers["x-frame-options"] == "DENY"
    bare = small_app(settings=settings_for_tests(app=False, graphiql=False))
    async with served(bare) as address, httpx.AsyncClient(base_url=address, headers=BROWSER) as client:
        assert {(await client.get(path)).status_code for path in ("/", "/lending", "/app/x.js")} == {404}
