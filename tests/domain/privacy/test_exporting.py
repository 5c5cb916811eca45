"""Exports: everything that is held of one person, for that person or an officer with a reason, and for nobody else."""

from __future__ import annotations

import hashlib
import json
import zipfile
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest

from domain.files.errors import FileNotFound
from domain.files.models import StoredFile
from domain.files.queries import content_of, readable_file
from domain.identity.actor import ANONYMOUS, Actor
from domain.identity.authentication import authenticate
from domain.identity.errors import SessionRequired
from domain.identity.permissions import Permission, Role
from domain.identity.service import change_roles, create_api_key
from domain.kit import clock
from domain.kit.clock import clock_set_to
from domain.kit.errors import DomainError, Unauthenticated
from domain.kit.ids import new_id
from domain.kit.paging import PageRequest
from domain.privacy import queries
from domain.privacy.errors import ExportPending, PersonNotFound, ReasonRequired
from domain.privacy.jobs import expire
from domain.privacy.models import ExportState, PersonalDataExport, PersonKind
from domain.privacy.service import request_export
from tests.domain.privacy.people import ADDRESS, EMAIL, NAME, PHONE, heard_by_all, somebody_with_traces, worked
from tests.support.happenings import names_of_events, nothing_happens
from tests.support.people import an_actor

pytestmark = pytest.mark.usefixtures("database")


async def made(actor: Actor, **asked: Any) -> PersonalDataExport:
    export = await request_export(actor, **asked)
    await worked()
    return await PersonalDataExport.get(id=export.id)


async def archive_of(actor: Actor, export: PersonalDataExport) -> zipfile.ZipFile:
    assert export.file_id is not None, export.error_code
    return zipfile.ZipFile(BytesIO(await content_of(await readable_file(actor, export.file_id))))


async def test_an_archive_holds_everything_of_the_person_and_no_secret() -> None:
    traces = await somebody_with_traces()
    await heard_by_all()
    export = await made(traces.actor)
    assert (export.state, export.reason) == (ExportState.READY, None)
    archive = await archive_of(traces.actor, export)
    index = json.loads(archive.read("index.json"))
    assert set(index["person"]["ids"]) == {str(traces.user.id), str(traces.customer.id), str(traces.student.id)}
    for name, told in index["documents"].items():
        assert hashlib.sha256(archive.read(name)).hexdigest() == told["sha256"], name
    assert sum(told["records"] for told in index["documents"].values()) == export.records

    def rows(room: str, table: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(archive.read(f"{room}.json"))["tables"][table]
        return found

    [user] = rows("identity", "app_user")
    assert (user["name"], user["email"], user["phone"]) == (NAME, EMAIL, PHONE)
    assert ADDRESS in {row["address"] for row in rows("identity", "user_session")}
    [loan] = rows("lending", "loan")
    assert (loan["id"], loan["approved_minor"]) == (str(traces.loan.id), 1_200_000)
    assert rows("lending", "communication_log") and rows("lending", "loan_instalment")
    assert [row["full_name"] for row in rows("school", "student")] == [NAME]
    assert [row["name"] for row in rows("milling", "mill_customer")] == [NAME]
    assert rows("invoice_finance", "invoice_message")[0]["body"].startswith("Call")
    assert rows("ledger", "ledger_account") and rows("ledger", "journal_line")
    assert rows("notifications", "notification")
    trail = json.loads(archive.read("trail.json"))
    assert {each["event"] for each in trail["about_them"]} >= {"identity.user_registered", "lending.loan_disbursed"}
    [paper] = [name for name in archive.namelist() if name.startswith("files/")]
    assert archive.read(paper).startswith(b"%PDF")
    whole = b"".join(archive.read(name) for name in archive.namelist())
    assert b"argon2id" not in whole and b"key_hash" not in whole and b"token_hash" not in whole


async def test_an_officer_asks_with_a_reason_and_everybody_else_is_refused() -> None:
    person, other, officer = await an_actor(), await an_actor(), await an_actor(Role.ADMIN)
    key = await create_api_key(person, name="Key", scopes=[Permission.WALLET_USE])
    program = await authenticate(key.key)
    refused: list[tuple[Actor, dict[str, Any], type[DomainError]]] = [
        (ANONYMOUS, {}, Unauthenticated),
        (program, {}, SessionRequired),
        (other, {"person_id": person.id, "reason": "curious"}, PersonNotFound),
        (officer, {"person_id": person.id}, ReasonRequired),
        (officer, {"person_id": person.id, "reason": " "}, ReasonRequired),
        (officer, {"person_id": new_id(), "reason": "by letter"}, PersonNotFound),
        (officer, {"person_id": person.id, "kind": PersonKind.STUDENT, "reason": "by letter"}, PersonNotFound),
    ]
    async with nothing_happens():
        for actor, asked, refusal in refused:
            with pytest.raises(refusal):
                await request_export(actor, **asked)
    export = await made(officer, person_id=person.id, reason="asked by letter")
    assert (export.state, export.reason) == (ExportState.READY, "asked by letter")
    archive = await archive_of(officer, export)
    assert json.loads(archive.read("identity.json"))["tables"]["app_user"][0]["id"] == str(person.id)
    assert export.file_id is not None
    for stranger in (person, other):
        with pytest.raises(FileNotFound):
            await readable_file(stranger, export.file_id)
    assert [each.id for each in (await queries.exports(officer, PageRequest())).rows] == [export.id]
    assert (await queries.exports(other, PageRequest())).rows == []


async def test_who_is_no_officer_any_more_gets_nothing() -> None:
    person, officer = await an_actor(), await an_actor(Role.ADMIN)
    await an_actor(Role.ADMIN)
    waiting = await request_export(officer, person_id=person.id, reason="by letter")
    with pytest.raises(ExportPending):
        await request_export(officer, person_id=person.id, reason="again")
    await change_roles(await an_actor(Role.ADMIN), user_id=officer.id, roles=[Role.ACCOUNTANT])
    await worked()
    refused = await PersonalDataExport.get(id=waiting.id)
    assert (refused.state, refused.error_code, refused.file_id) == (ExportState.FAILED, "FORBIDDEN", None)
    assert "privacy.export_failed" in await names_of_events()


async def test_an_archive_goes_when_its_time_is_over() -> None:
    person = await an_actor()
    export = await made(person)
    assert export.file_id is not None and export.expires_at is not None
    with clock_set_to(export.expires_at - timedelta(seconds=1)):
        assert await readable_file(person, export.file_id)
        await expire.run()
        assert await StoredFile.exists(id=export.file_id)
    with clock_set_to(export.expires_at):
        with pytest.raises(FileNotFound):
            await readable_file(person, export.file_id)
        assert await expire.run() == 1
    assert not await StoredFile.exists(id=export.file_id)
    assert (await PersonalDataExport.get(id=export.id)).state is ExportState.EXPIRED
    assert clock.now() < export.expires_at
