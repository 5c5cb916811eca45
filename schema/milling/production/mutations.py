"""Bills of materials written down and changed; productions planned, started, completed and taken back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Protocol
from uuid import UUID

import strawberry

from domain.identity.permissions import Permission
from domain.kit.idempotency import once
from domain.milling import models
from domain.milling.service import boms, productions
from domain.milling.service.production_editing import update_production
from domain.milling.service.production_undoing import cancel_production
from schema.kit import (
    ID,
    Answer,
    Info,
    Payload,
    ReplayablePayload,
    argument,
    attribute,
    mutation,
    payload_type,
    read_id,
)
from schema.milling.production.inputs import (
    CancelProductionInput,
    CompleteProductionInput,
    ConsumeMaterialsInput,
    CreateBillOfMaterialsInput,
    CreateProductionInput,
    StartProductionInput,
    UpdateBillOfMaterialsInput,
    UpdateProductionInput,
)
from schema.milling.production.types import BillOfMaterials, Production

MANAGE, PRODUCE = Permission.MILL_MANAGE, Permission.MILL_PRODUCE


@payload_type("What came of an act on a bill of materials.")
class BillOfMaterialsPayload(Payload):
    bill_of_materials: BillOfMaterials | None = attribute("The bill of materials as it is now.")


@payload_type("What came of an act on a production.")
class ProductionPayload(ReplayablePayload):
    production: Production | None = attribute("The production as the act left it.")


async def _act(info: Info, key: str | None, act: Callable[..., Awaitable[models.Production]], **said: Any) -> Answer:
    outcome = await once(key, act, info.context.actor, **said)
    return Answer(production=outcome.result, replayed=outcome.replayed)


class _OneProduction(Protocol):
    production_id: ID


def _which(input: _OneProduction) -> UUID:
    return read_id("Production", input.production_id, "input", "productionId")


@strawberry.type
class Mutation:
    @mutation(
        BillOfMaterialsPayload,
        "Write down how an item is made. An item that is new comes into being with it.",
        requires=MANAGE,
    )
    async def create_bill_of_materials(
        self, info: Info, input: Annotated[CreateBillOfMaterialsInput, argument("What it says.")]
    ) -> Answer:
        made = await boms.create_bill_of_materials(info.context.actor, bom=input.parse())
        return Answer(bill_of_materials=made)

    @mutation(
        BillOfMaterialsPayload,
        "Change a bill of materials, lay it aside or take it up again. Productions keep what they were planned with.",
        requires=MANAGE,
    )
    async def update_bill_of_materials(
        self, info: Info, input: Annotated[UpdateBillOfMaterialsInput, argument("What changes.")]
    ) -> Answer:
        changed = await boms.update_bill_of_materials(
            info.context.actor,
            bom_id=read_id("BillOfMaterials", input.bom_id, "input", "bomId"),
            changes=input.parse(),
            expected_version=input.expected_version,
        )
        return Answer(bill_of_materials=changed)

    @mutation(
        ProductionPayload,
        "Plan a production and, unless told otherwise, start it: its materials leave the warehouse, all or none of them. "
        "Items that are made and are not known yet come into being.",
        requires=PRODUCE,
    )
    async def create_production(
        self, info: Info, input: Annotated[CreateProductionInput, argument("What is to be made, and of what.")]
    ) -> Answer:
        said = {"production": input.parse(), "up_to": input.up_to, "at": input.at}
        return await _act(info, input.idempotency_key, productions.create_production, **said)

    @mutation(
        ProductionPayload,
        "Change what is planned, as long as nothing was taken. What is made, and from which warehouse, stays.",
        requires=PRODUCE,
    )
    async def update_production(
        self, info: Info, input: Annotated[UpdateProductionInput, argument("Which plan, and what changes.")]
    ) -> Answer:
        said = {"production_id": _which(input), "changes": input.parse(), "expected_version": input.expected_version}
        return await _act(info, input.idempotency_key, update_production, **said)

    @mutation(ProductionPayload, "Take the planned materials out of the warehouse, all or none of them.", requires=PRODUCE)
    async def start_production(
        self, info: Info, input: Annotated[StartProductionInput, argument("Which production.")]
    ) -> Answer:
        said = {"production_id": _which(input), "at": input.at}
        return await _act(info, input.idempotency_key, productions.start_production, **said)

    @mutation(
        ProductionPayload,
        "Take more materials than were planned, or others, while a production is in progress; all or none of them.",
        requires=PRODUCE,
    )
    async def consume_materials(
        self, info: Info, input: Annotated[ConsumeMaterialsInput, argument("Which materials.")]
    ) -> Answer:
        said = {"production_id": _which(input), "materials": input.parse(), "at": input.at}
        return await _act(info, input.idempotency_key, productions.consume_materials, **said)

    @mutation(
        ProductionPayload,
        "Bring in what was milled: by-products with their parts of the cost, the output with the rest. One that was only "
        "planned takes its materials now.",
        requires=PRODUCE,
    )
    async def complete_production(
        self, info: Info, input: Annotated[CompleteProductionInput, argument("What came out.")]
    ) -> Answer:
        said = {"production_id": _which(input), "yielded": input.parse(), "at": input.at}
        return await _act(info, input.idempotency_key, productions.complete_production, **said)

    @mutation(
        ProductionPayload,
        "Call off a production, or take back all that it has moved as if it had never been; what was begun takes the "
        "permission MILL_BACKDATE. Refused while some of its output is gone.",
        requires=PRODUCE,
    )
    async def cancel_production(
        self, info: Info, input: Annotated[CancelProductionInput, argument("Which production, and why.")]
    ) -> Answer:
        said = {"production_id": _which(input), "reason": input.reason}
        return await _act(info, input.idempotency_key, cancel_production, **said)
