"""What is known of files, in the API."""

from __future__ import annotations

import pytest

from tests.support.graphql import ask, encode_id, refused_to_strangers
from tests.support.operations import operation
from tests.support.papers import a_file
from tests.support.people import an_actor

pytestmark = pytest.mark.usefixtures("database")

FILE = operation("files/File")
NODE = "query ($id: ID!) { node(id: $id) { __typename id } }"


async def test_a_file_is_shown_to_its_owner() -> None:
    asha, ravi = await an_actor(), await an_actor()
    file = await a_file(asha, name="Pay slip.pdf")
    file_id = encode_id("File", file.id)
    await refused_to_strangers(FILE, id=file_id)
    shown = await ask(asha, FILE, id=file_id)
    assert (shown["id"], shown["name"], shown["contentType"]) == (file_id, "Pay slip.pdf", "application/pdf")
    assert (shown["sizeBytes"], shown["sha256"], shown["attachedAt"]) == (file.size_bytes, file.sha256, None)
    assert shown["downloadPath"] == f"/files/{file.id}"
    assert await ask(asha, NODE, id=file_id) == {"__typename": "File", "id": file_id}
    assert await ask(ravi, FILE, id=file_id) is None
    assert await ask(ravi, NODE, id=file_id) is None
