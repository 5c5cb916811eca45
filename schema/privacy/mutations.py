"""Asking for exports and erasures of personal data. Erasures are decided on in the approvals centre."""

from __future__ import annotations

from typing import Annotated

import strawberry

from domain.identity.permissions import Permission
from domain.kit.idempotency import once
from domain.privacy import service
from schema.kit import Answer, Info, Payload, ReplayablePayload, argument, attribute, mutation, payload_type, read_id
from schema.privacy.inputs import (
    ErasePersonalDataInput,
    RequestPersonalDataExportInput,
    WithdrawErasureInput,
    read_person,
)
from schema.privacy.types import PersonalDataErasure, PersonalDataExport


@payload_type("What came of asking for an export of personal data.")
class RequestPersonalDataExportPayload(ReplayablePayload):
    export: PersonalDataExport | None = attribute("The export, which is being made; `personalDataUpdated` tells when.")


@payload_type("What came of asking for an erasure of personal data.")
class ErasePersonalDataPayload(ReplayablePayload):
    erasure: PersonalDataErasure | None = attribute("The erasure, which waits for a second person in `approvals`.")


@payload_type("What came of taking an erasure of personal data back.")
class WithdrawErasurePayload(Payload):
    erasure: PersonalDataErasure | None = attribute("The erasure as it stands now.")


@strawberry.type
class Mutation:
    @mutation(
        RequestPersonalDataExportPayload,
        "Have everything put together that is held of oneself, or of another by an officer who says why: one archive of "
        "JSON documents and files. Only somebody who is signed in may; an API key may not.",
        requires=Permission.SIGNED_IN,
    )
    async def request_personal_data_export(
        self, info: Info, input: Annotated[RequestPersonalDataExportInput, argument("Whose.")]
    ) -> Answer:
        outcome = await once(
            input.idempotency_key,
            service.request_export,
            info.context.actor,
            kind=input.person_kind,
            person_id=read_person(input.person_kind, input.person_id, "input", "personId"),
            reason=input.reason,
        )
        return Answer(export=outcome.result, replayed=outcome.replayed)

    @mutation(
        ErasePersonalDataPayload,
        "Ask for the erasure of one's own data, or as an officer of another's. A second person decides in the approvals "
        "centre; then names, addresses, numbers, papers and texts are gone for good, and amounts, dates and accounts stay. "
        "Refused with a code of its own for whatever stands against it: see `erasureObstacles`.",
        requires=Permission.SIGNED_IN,
    )
    async def erase_personal_data(self, info: Info, input: Annotated[ErasePersonalDataInput, argument("Whose.")]) -> Answer:
        outcome = await once(
            input.idempotency_key,
            service.request_erasure,
            info.context.actor,
            kind=input.person_kind,
            person_id=read_person(input.person_kind, input.person_id, "input", "personId"),
            reason=input.reason,
        )
        return Answer(erasure=outcome.result, replayed=outcome.replayed)

    @mutation(
        WithdrawErasurePayload,
        "Take back the erasure that one has asked for, while it waits for a second person. A second time changes nothing, "
        "and it may be asked for again.",
        requires=Permission.SIGNED_IN,
    )
    async def withdraw_erasure(self, info: Info, input: Annotated[WithdrawErasureInput, argument("Which.")]) -> Answer:
        erasure_id = read_id("PersonalDataErasure", input.erasure_id, "input", "erasureId")
        return Answer(erasure=await service.withdraw_erasure(info.context.actor, erasure_id=erasure_id))
