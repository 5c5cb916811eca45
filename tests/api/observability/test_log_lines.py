"""Whatever people's data go through the house, and whatever goes wrong with them: no line of the log names anybody."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from contextlib import ExitStack, redirect_stderr
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from api.logs import MASK, mask_secrets
from domain.identity.permissions import Role
from domain.kit.database import execute
from domain.kit.jobs import every_job
from tests.api.observability.installation import an_installation
from tests.api.observability.writing import logs_written
from tests.support.people import PASSWORD, a_user, signed_in

OPERATIONS: Final = Path(__file__).parents[3] / "frontend-contract" / "operations"
OF_SOMEBODY: Final = re.compile(r"name$|email$|phone$|idnumber$|nationalid$|address$|password$", re.IGNORECASE)

REGISTER: Final = "mutation Register($input: RegisterUserInput!) { registerUser(input: $input) { errors { code } } }"
SOMEBODY: Final = {"name": "Wanjiku Kamau", "email": "wanjiku.kamau@example.co.ke", "password": "wanjiku's long password"}


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """Everything that a process in production writes, at the level that tells the most."""
    stream = io.StringIO()
    with ExitStack() as stack:
        with redirect_stderr(stream):
            stack.enter_context(logs_written(as_json=True))
        yield stream


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def examples() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every mutation of the contract that has an example of its variables."""
    for path in sorted(OPERATIONS.glob("*/*.variables.json")):
        document = path.with_name(path.name.replace(".variables.json", ".graphql")).read_text()
        if re.search(r"^\s*mutation\b", document, re.MULTILINE):
            yield document, json.loads(path.read_text())


def said_of_people(variables: Any) -> Iterator[str]:
    """What an example tells of somebody, or calls something."""
    for name, value in variables.items() if isinstance(variables, dict) else ():
        if isinstance(value, str) and OF_SOMEBODY.search(name):
            yield value
        for inner in value if isinstance(value, list) else [value]:
            yield from said_of_people(inner)


async def test_no_operation_names_anybody_in_the_log(
    database: None, database_url: str, redis_url: str, written: io.StringIO
) -> None:
    everybody = await a_user(*Role, name="Odhiambo Otieno", email="odhiambo.otieno@example.co.ke")
    token = (await signed_in(everybody)).access_token
    people = {"Odhiambo Otieno", "odhiambo.otieno@example.co.ke", token, PASSWORD}
    codes = {job.name for job in every_job()}
    asked = 0
    async with (
        an_installation(database_url, redis_url, points_per_minute=0) as installed,
        httpx.AsyncClient(base_url=installed.server, headers={"authorization": f"Bearer {token}"}) as client,
    ):
        for document, variables in examples():
            people |= set(said_of_people(variables)) - codes
            body = {"query": document, "variables": variables}
            assert (await client.post("/graphql", json=body)).status_code == 200, document
            asked += 1
    told = lines(written)
    assert asked > 100 and len(people) > 20
    assert sum(line["event"] == "request" for line in told) >= asked, "at this level every request is told"
    assert all("correlation_id" in line for line in told if line["event"] == "request")
    found = [(word, line) for word in people for line in map(json.dumps, told) if word in line]
    assert found == []


async def test_what_goes_wrong_with_somebodys_data_is_told_without_them(
    database: None, database_url: str, redis_url: str, written: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = await a_user(name=SOMEBODY["name"], email=SOMEBODY["email"])

    async def collide(*args: Any, **given: Any) -> None:
        """As a service would that forgot to look first, and passes on what it was given."""
        try:
            await execute("insert into app_user select * from app_user where id = $1", taken.id)
        except Exception as error:
            raise RuntimeError(f"cannot keep {given!r} of '+254 712 345678', {{'name': '{SOMEBODY['name']}'}}") from error

    monkeypatch.setattr("schema.identity.mutations.register_user", collide)
    async with (
        an_installation(database_url, redis_url) as installed,
        httpx.AsyncClient(base_url=installed.server) as client,
    ):
        body = {"query": REGISTER, "variables": {"input": {**SOMEBODY, "roles": ["INVESTOR"]}}}
        answer = (await client.post("/graphql", json=body)).json()
        assert answer["errors"][0]["extensions"]["code"] == "INTERNAL"
    [line] = [line for line in lines(written) if line["event"] == "operation_failed"]
    assert line["correlation_id"] == answer["errors"][0]["extensions"]["correlationId"]
    assert "UniqueViolationError" in line["exception"] and "RuntimeError" in line["exception"]
    for word in (*SOMEBODY.values(), str(taken.email), "712"):
        assert word not in json.dumps(line), word


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("mail to wanjiku.kamau+books@example.co.ke failed", f"mail to {MASK} failed"),
        (
            'duplicate key value violates unique constraint "u"\nDETAIL:  Key (lower(email))=(a (b) c) already exists.',
            f'duplicate key value violates unique constraint "u"\nDETAIL:  Key (lower(email))=({MASK}) already exists.',
        ),
        (
            "DETAIL:  Failing row contains (01, Wanjiku (Mrs), null,\nKamau).\nat line 3",
            f"DETAIL:  Failing row contains ({MASK}).\nat line 3",
        ),
        ('invalid input syntax for type uuid: "Wanjiku"', f"invalid input syntax for type uuid: {MASK}"),
        (
            "invalid input for query argument $1: 'Wanjiku' (expected int, got str)\nnext",
            f"invalid input for query argument $1: {MASK}\nnext",
        ),
        (
            "Input should be a valid integer [type=int_parsing, input_value='Wanjiku, Kamau', input_type=str]",
            f"Input should be a valid integer [type=int_parsing, input_value={MASK}, input_type=str]",
        ),
        ("Int cannot represent non-integer value: 'Wanjiku'", f"Int cannot represent non-integer value: {MASK}"),
        ("{'full_name': 'Wanjiku Kamau', 'state': 'ACTIVE'}", f"{{'full_name': {MASK}, 'state': 'ACTIVE'}}"),
        ('{"idNumber": "12345678"}', f'{{"idNumber": {MASK}}}'),
        ("call 0712 345 678 or +254-712-345678", f"call {MASK} or {MASK}"),
        ("at 2026-01-12 07:14:03 it cost 1712345678 cents", "at 2026-01-12 07:14:03 it cost 1712345678 cents"),
        ("postgresql://daftari@db.example/x of queue payments.drain", f"postgresql://{MASK}/x of queue payments.drain"),
    ],
)
def test_other_programs_tell_of_people_too(said: str, shown: str) -> None:
    assert mask_secrets(None, "error", {"exception": said, "inner": [said]}) == {"exception": shown, "inner": [shown]}


@pytest.mark.parametrize(
    "name", ["email", "first_name", "fullName", "phone_number", "national_id", "kra_pin", "token", "address"]
)
def test_what_is_called_so_is_masked_whatever_it_is(name: str) -> None:
    assert mask_secrets(None, "info", {name: "x", "deep": {name: 7}}) == {name: MASK, "deep": {name: MASK}}


@pytest.mark.parametrize("name", ["event_name", "queue", "path", "part", "feed", "listener", "correlation_id"])
def test_what_says_which_is_told(name: str) -> None:
    assert mask_secrets(None, "info", {name: "x"}) == {name: "x"}


def test_a_long_line_is_looked_through_at_once() -> None:
    """A line of an attacker's choice does not cost minutes: the test would run into the suite's own limit."""
    parts = ("a", "a.", "a@", "0 7", "+1 ", "Key (", "Failing row contains (", "input_value=", "'name': '", "Bearer ")
    for part in parts:
        assert mask_secrets(None, "info", {"event": part * (100_000 // len(part))})["event"]
