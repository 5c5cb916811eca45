"""Names of files that lead elsewhere, add headers or end a statement: they are names of files, and nothing else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from urllib.parse import quote

import httpx
import pytest
import pytest_asyncio

from domain.files.models import StoredFile
from domain.identity.actor import Actor
from domain.identity.permissions import Role
from domain.kit.ids import new_id
from tests.support.papers import PDF
from tests.support.servers import served, small_app

pytestmark = pytest.mark.usefixtures("database")

ASHA = Actor(id=new_id(), name="Asha", roles=frozenset({Role.BORROWER}))

NAMES = [
    "../../../../etc/passwd.pdf",
    "..\\..\\windows\\system32\\payslip.pdf",
    "/etc/cron.d/payslip.pdf",
    "file:///etc/passwd.pdf",
    "payslip.pdf/../../../evil.pdf",
    "%2e%2e%2f%2e%2e%2fpayslip.pdf",
    "payslip.pdf\r\nSet-Cookie: session=1\r\n\r\n<script>.pdf",
    'payslip.pdf"; filename="evil.exe',
    "'; drop table stored_file; --.pdf",
    "<img src=x onerror=alert(1)>.pdf",
    "pay\u202efdp.exe.pdf",
    "con.pdf",
    ".htaccess.pdf",
    "$(reboot) `reboot`.pdf",
]


@pytest_asyncio.fixture(scope="module")
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with (
        served(small_app(actors={"asha": ASHA})) as address,
        httpx.AsyncClient(base_url=address, headers={"authorization": "Bearer asha"}) as client,
    ):
        yield client


@pytest.mark.attack("path tricks in uploads", on="Files")
@pytest.mark.attack("SQL injection", on="Files")
@pytest.mark.parametrize("name", NAMES)
async def test_a_name_is_a_name(client: httpx.AsyncClient, name: str) -> None:
    handed_in = [
        await client.post("/files", content=PDF + b"%1", headers={"x-file-name": quote(name, safe="")}),
        await client.post(
            "/files", content=PDF + b"%2", headers={"content-disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
        ),
    ]
    for response in handed_in:
        assert response.status_code == 201
        kept = response.json()["name"]
        assert not set(kept) & set('/\\<>:"|?*\r\n') and not kept.startswith(".") and kept.endswith(".pdf")
        fetched = await client.get(response.json()["downloadPath"])
        assert fetched.content.startswith(PDF)
        assert "set-cookie" not in fetched.headers
        [disposition] = fetched.headers.get_list("content-disposition")
        assert disposition.startswith('attachment; filename="') and disposition.count('"') == 2
    assert await StoredFile.all().count() == 2
