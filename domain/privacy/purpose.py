"""What the files of exports are, and who may fetch them: whoever asked, as long as they still may ask."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from domain.files.access import readable
from domain.files.contents import ContentType
from domain.files.purposes import Purpose, declare_purpose
from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit import clock
from domain.privacy.models import ExportState, PersonalDataExport

SUBJECT: Final = "personal_data_export"

ARCHIVE: Final = declare_purpose(
    Purpose("personal_data", frozenset({ContentType.ZIP}), max_bytes=256 * 1024 * 1024, handed_in=False)
)


def may_fetch(actor: Actor, export: PersonalDataExport) -> bool:
    """An officer's archives, while one is an officer; one's own, but not by an API key, which is narrower than a person."""
    if export.requested_by != actor.id or export.state is not ExportState.READY:
        return False
    if export.expires_at is None or export.expires_at <= clock.now():
        return False
    own = export.person_id == actor.id and actor.scopes is None
    return own or actor.may(Permission.PERSONAL_DATA_MANAGE)


async def _fetched(actor: Actor, export_ids: Sequence[UUID]) -> set[UUID]:
    return {export.id for export in await PersonalDataExport.filter(id__in=export_ids) if may_fetch(actor, export)}


readable(SUBJECT, _fetched)
