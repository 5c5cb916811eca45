"""Exports and erasures of personal data, live."""

from __future__ import annotations

from datetime import datetime

import strawberry

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.privacy import events
from domain.privacy.models import ErasureState
from schema.kit import ID, LiveEvent, Parent, attribute, event_feed, event_type, field, global_id


@event_type("An export of personal data can be fetched.", name="PersonalDataExportReady")
class ExportReady(LiveEvent):
    export_id: ID = global_id("PersonalDataExport", "The export.")
    file_id: ID = global_id("File", "Its file.")
    size_bytes: int = attribute("How many bytes it has.")
    records: int = attribute("How many records are in it.")
    expires_at: datetime = attribute("Until when it can be fetched.")

    @field(str, "The path on this server to GET it from, with the same bearer token as here.", shared=True)
    def download_path(self, ready: Parent[events.ExportReady]) -> str:
        return f"/files/{ready.file_id}"


@event_type("An export of personal data could not be made.", name="PersonalDataExportFailed")
class ExportFailed(LiveEvent):
    export_id: ID = global_id("PersonalDataExport", "The export.")
    error_code: str = attribute("Why, as a code.")


@event_type("An erasure of personal data waits for a second person.", name="PersonalDataErasureRequested")
class ErasureRequested(LiveEvent):
    erasure_id: ID = global_id("PersonalDataErasure", "The erasure.")


@event_type("An erasure of personal data was decided on.", name="PersonalDataErasureDecided")
class ErasureDecided(LiveEvent):
    erasure_id: ID = global_id("PersonalDataErasure", "The erasure.")
    state: ErasureState = attribute("What was decided.")


@event_type("Whoever asked for an erasure of personal data took it back.", name="PersonalDataErasureWithdrawn")
class ErasureWithdrawn(LiveEvent):
    erasure_id: ID = global_id("PersonalDataErasure", "The erasure.")


@event_type("Something came up against an erasure of personal data.", name="PersonalDataErasureRefused")
class ErasureRefused(LiveEvent):
    erasure_id: ID = global_id("PersonalDataErasure", "The erasure.")
    code: str = attribute("What, as a code.")


@event_type("What was held of a person is a pseudonym now.", name="PersonalDataErased")
class Erased(LiveEvent):
    erasure_id: ID = global_id("PersonalDataErasure", "The erasure.")
    pseudonym: str = attribute("What the person is called since.")
    erased_at: datetime = attribute("When.")


@strawberry.type
class Subscription:
    @event_feed(
        "Exports and erasures of personal data: one's own exports, and everybody's erasures for officers.",
        requires=Permission.SIGNED_IN,
        shows={
            events.ExportReady: ExportReady,
            events.ExportFailed: ExportFailed,
            events.ErasureRequested: ErasureRequested,
            events.ErasureDecided: ErasureDecided,
            events.ErasureWithdrawn: ErasureWithdrawn,
            events.ErasureRefused: ErasureRefused,
            events.PersonalDataErased: Erased,
        },
    )
    async def personal_data_updated(actor: Actor) -> list[str]:
        if actor.may(Permission.PERSONAL_DATA_MANAGE):
            return ["personal_data"]
        return [f"personal_data_exports:{actor.id}"]
