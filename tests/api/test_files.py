"""Files over HTTP: handed in, fetched by those who may, refused with a reason otherwise."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import httpx
import pytest
import pytest_asyncio

from api.files import DOWNLOAD_POINTS, UPLOAD_POINTS, UPLOADS_EACH
from domain.files import settings
from domain.files.models import StoredFile
from domain.identity.actor import Actor
from domain.identity.permissions import Role
from domain.kit.ids import new_id
from domain.kit.pool import NoConnectionInTime
from schema.pipeline import PointsPerMinute
from tests.support.graphql import encode_id
from tests.support.happenings import nothing_happens
from tests.support.papers import PDF, PNG
from tests.support.servers import served, settings_for_tests, small_app

pytestmark = pytest.mark.usefixtures("database")

ASHA = Actor(id=new_id(), name="Asha", roles=frozenset({Role.BORROWER}))
RAVI = Actor(id=new_id(), name="Ravi", roles=frozenset({Role.BORROWER}))
ADMIN = Actor(id=new_id(), name="Admin", roles=frozenset({Role.ADMIN}))
OURS = "https://app.example.org"


@pytest_asyncio.fixture(scope="module")
async def client() -> AsyncIterator[httpx.AsyncClient]:
    app = small_app(
        settings=settings_for_tests(allowed_origins=OURS),
        actors={"asha": ASHA, "ravi": RAVI, "admin": ADMIN},
    )
    async with served(app) as address, httpx.AsyncClient(base_url=address) as client:
        yield client


def bearer(token: str, **headers: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}", **{name.replace("_", "-"): value for name, value in headers.items()}}


async def hand_in(client: httpx.AsyncClient, content: Any = PDF, *, token: str = "asha", **headers: str) -> httpx.Response:
    headers.setdefault("x_file_name", "payslip.pdf")
    return await client.post("/files", content=content, headers=bearer(token, **headers))


async def refused(response: httpx.Response) -> tuple[int, str]:
    [error] = response.json()["errors"]
    return response.status_code, error["extensions"]["code"]


@pytest.mark.attack("framing and sniffing", on="Files")
@pytest.mark.attack("disguised files", on="Files")
async def test_a_file_is_handed_in_and_fetched(client: httpx.AsyncClient) -> None:
    response = await hand_in(client, x_file_name="Z%C3%BCrich%20%22slip%22.pdf", content_type="application/pdf")
    assert response.status_code == 201
    file = await StoredFile.get()
    told = response.json()
    assert told["fileId"] == encode_id("File", file.id)
    assert (told["name"], told["contentType"], told["sizeBytes"]) == ("Zürich _slip_.pdf", "application/pdf", len(PDF))
    for path in (told["downloadPath"], f"/files/{told['fileId']}"):
        fetched = await client.get(path, headers=bearer("asha"))
        assert (fetched.status_code, fetched.content) == (200, PDF)
    headers = fetched.headers
    assert headers["content-type"] == "application/pdf"
    assert headers["content-disposition"] == (
        "attachment; filename=\"Z_rich _slip_.pdf\"; filename*=UTF-8''Z%C3%BCrich%20_slip_.pdf"
    )
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "private, no-store"
    assert headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    head = await client.head(told["downloadPath"], headers=bearer("asha"))
    assert (head.status_code, head.headers["content-length"], head.content) == (200, str(len(PDF)), b"")


@pytest.mark.attack("path tricks in uploads", on="Files")
@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ('attachment; filename="slip 1.pdf"', "slip 1.pdf"),
        ("attachment; filename*=UTF-8''Z%C3%BCrich.pdf", "Zürich.pdf"),
        ('inline; filename="..\\\\..\\\\slip.pdf"', "slip.pdf"),
    ],
)
async def test_a_file_is_named_as_browsers_name_it(client: httpx.AsyncClient, disposition: str, name: str) -> None:
    headers = bearer("asha", content_disposition=disposition)
    response = await client.post("/files", content=PDF, headers=headers)
    assert response.json()["name"] == name


@pytest.mark.attack("object-level authorisation", on="Files")
@pytest.mark.attack("path tricks in uploads", on="Files")
async def test_somebody_elses_file_is_not_there(client: httpx.AsyncClient) -> None:
    path = (await hand_in(client)).json()["downloadPath"]
    for token in ("ravi", "admin"):
        assert await refused(await client.get(path, headers=bearer(token))) == (404, "FILE_NOT_FOUND")
    for unknown in (str(new_id()), "nonsense", encode_id("User", ASHA.id), "..%2f..%2fetc%2fpasswd", "%00"):
        response = await client.get(f"/files/{unknown}", headers=bearer("asha"))
        assert response.status_code == 404


@pytest.mark.attack("function-level authorisation", on="Files")
@pytest.mark.attack("secrets in addresses", on="Files")
async def test_strangers_hand_in_and_fetch_nothing(client: httpx.AsyncClient) -> None:
    path = (await hand_in(client)).json()["downloadPath"]
    async with nothing_happens():
        assert await refused(await client.post("/files", content=PDF)) == (401, "UNAUTHENTICATED")
        assert await refused(await hand_in(client, token="expired")) == (401, "UNAUTHENTICATED")
        assert await refused(await client.get(path)) == (401, "UNAUTHENTICATED")
        assert await refused(await client.get(f"{path}?access_token=asha")) == (401, "UNAUTHENTICATED")


@pytest.mark.attack("cross-site requests", on="Files")
@pytest.mark.attack("disguised files", on="Files")
async def test_what_cannot_be_taken_is_refused_with_a_reason(client: httpx.AsyncClient) -> None:
    async with nothing_happens():
        assert await refused(await hand_in(client, b"")) == (400, "FILE_EMPTY")
        assert await refused(await hand_in(client, x_file_name="%20")) == (400, "INVALID_INPUT")
        assert await refused(await client.post("/files", content=PDF, headers=bearer("asha"))) == (400, "INVALID_INPUT")
        assert await refused(await hand_in(client, PNG)) == (415, "FILE_TYPE_CONTRADICTED")
        assert await refused(await hand_in(client, b"<svg/>", x_file_name="a.svg")) == (415, "FILE_TYPE_NOT_ALLOWED")
        assert await refused(await hand_in(client, content_type="text/html")) == (415, "FILE_TYPE_NOT_ALLOWED")
        assert await refused(await hand_in(client, x_file_purpose="report")) == (400, "FILE_PURPOSE_UNKNOWN")
        form = await client.post("/files", files={"file": ("payslip.pdf", PDF)}, headers=bearer("asha"))
        assert await refused(form) == (415, "BAD_REQUEST")
        wrong = await client.put("/files", content=PDF, headers=bearer("asha"))
        assert (await refused(wrong), wrong.headers["allow"]) == ((405, "BAD_REQUEST"), "POST")
        assert (await client.delete(f"/files/{new_id()}", headers=bearer("asha"))).headers["allow"] == "GET, HEAD"


@pytest.mark.attack("oversized messages", on="Files")
async def test_a_file_that_is_too_large_is_refused_before_it_is_all_here(client: httpx.AsyncClient) -> None:
    limit = settings.current().max_bytes
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < 20 * limit:
            sent += 256 * 1024
            yield bytes(256 * 1024)

    async with nothing_happens():
        assert await refused(await hand_in(client, b"%PDF-" + bytes(limit))) == (413, "FILE_TOO_LARGE")
        with suppress(httpx.HTTPError):  # The server may close before the client has heard why.
            assert await refused(await hand_in(client, endless())) == (413, "FILE_TOO_LARGE")
        assert sent < 20 * limit


@pytest.mark.attack("exhaustion", on="Files")
async def test_files_are_paid_from_the_budget_of_operations() -> None:
    app = small_app(actors={"asha": ASHA}, budget=PointsPerMinute(UPLOAD_POINTS + DOWNLOAD_POINTS))
    async with served(app) as address, httpx.AsyncClient(base_url=address) as client:
        path = (await hand_in(client)).json()["downloadPath"]
        assert (await client.get(path, headers=bearer("asha"))).status_code == 200
        for response in (await client.get(path, headers=bearer("asha")), await hand_in(client)):
            assert await refused(response) == (429, "RATE_LIMITED")
            assert int(response.headers["retry-after"]) > 0


@pytest.mark.attack("slow senders", on="Files")
@pytest.mark.attack("message floods", on="Files")
async def test_nobody_takes_all_places_by_sending_slowly(client: httpx.AsyncClient) -> None:
    go_on, waiting, senders = asyncio.Event(), asyncio.Semaphore(0), UPLOADS_EACH + 2

    async def slow() -> AsyncIterator[bytes]:
        yield PDF[:8]
        waiting.release()
        await go_on.wait()
        yield PDF[8:]

    sending = [asyncio.create_task(hand_in(client, slow())) for _ in range(senders)]
    for _ in range(senders):
        await asyncio.wait_for(waiting.acquire(), 10)
    assert (await hand_in(client, token="ravi")).status_code == 201
    go_on.set()
    found = sorted(response.status_code for response in await asyncio.gather(*sending))
    assert found == [201] * UPLOADS_EACH + [429] * 2
    assert (await hand_in(client)).status_code == 201


@pytest.mark.parametrize(
    ("problem", "told"),
    [(NoConnectionInTime("no connection"), (503, "UNAVAILABLE")), (None, (408, "TIMEOUT"))],
    ids=["of the database", "of the sender"],
)
async def test_whose_time_is_over_is_told_apart(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, problem: Exception | None, told: tuple[int, str]
) -> None:
    async def wait(*arguments: Any, **more: Any) -> None:
        if problem is not None:
            raise problem
        await asyncio.Event().wait()

    monkeypatch.setattr("api.files.store_file" if problem else "api.files._content", wait)
    if problem is None:
        monkeypatch.setattr("api.files.UPLOAD_LIMIT_S", 0.05)
    async with nothing_happens():
        response = await hand_in(client)
        assert await refused(response) == told
    assert response.headers.get("retry-after") == ("1" if problem else None)


@pytest.mark.attack("foreign origins", on="Files")
async def test_a_page_of_ours_may_ask_from_the_browser(client: httpx.AsyncClient) -> None:
    asked = {
        "origin": OURS,
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization,x-file-name,content-type",
    }
    response = await client.options("/files", headers=asked)
    assert response.status_code == 200
    assert response.headers["access-control-allow-origin"] == OURS
