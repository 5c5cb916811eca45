"""What is announced of exports and erasures. Nothing here says who a person is but an id."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.events.event import Event, event
from domain.identity.permissions import Permission
from domain.privacy.models import ErasureState, PersonKind

OFFICERS = f"permission:{Permission.PERSONAL_DATA_MANAGE.value}"


class _AboutExport(Event):
    export_id: UUID
    requested_by: UUID

    def topics(self) -> Iterable[str]:
        return (f"personal_data_exports:{self.requested_by}", f"user:{self.requested_by}", "personal_data")

    def audience(self) -> Iterable[str]:
        return (OFFICERS, f"user:{self.requested_by}")


@event("privacy.export_requested")
@dataclass(frozen=True, kw_only=True)
class ExportRequested(_AboutExport):
    """Somebody asks for what is held of themselves, or an officer for what is held of another."""

    export_id: UUID
    person_kind: PersonKind
    person_id: UUID
    requested_by: UUID
    of_oneself: bool


@event("privacy.export_ready")
@dataclass(frozen=True, kw_only=True)
class ExportReady(_AboutExport):
    """An archive can be fetched until it expires."""

    export_id: UUID
    person_id: UUID
    requested_by: UUID
    file_id: UUID
    size_bytes: int
    records: int
    expires_at: datetime


@event("privacy.export_failed")
@dataclass(frozen=True, kw_only=True)
class ExportFailed(_AboutExport):
    """An archive could not be made."""

    export_id: UUID
    person_id: UUID
    requested_by: UUID
    error_code: str


class _AboutErasure(Event):
    erasure_id: UUID
    person_id: UUID
    requested_by: UUID

    def topics(self) -> Iterable[str]:
        return ("personal_data", f"personal_data_erasure:{self.erasure_id}", f"user:{self.requested_by}")

    def audience(self) -> Iterable[str]:
        return (OFFICERS, f"user:{self.requested_by}", f"user:{self.person_id}")


@event("privacy.erasure_requested")
@dataclass(frozen=True, kw_only=True)
class ErasureRequested(_AboutErasure):
    """The erasure of a person's data waits for a second person."""

    erasure_id: UUID
    person_kind: PersonKind
    person_id: UUID
    requested_by: UUID


@event("privacy.erasure_decided")
@dataclass(frozen=True, kw_only=True)
class ErasureDecided(_AboutErasure):
    """A second person agreed, so that it is done now, or refused."""

    erasure_id: UUID
    person_id: UUID
    requested_by: UUID
    decided_by: UUID
    state: ErasureState


@event("privacy.erasure_withdrawn")
@dataclass(frozen=True, kw_only=True)
class ErasureWithdrawn(_AboutErasure):
    """Whoever asked took it back while it waited, and nothing was erased."""

    erasure_id: UUID
    person_id: UUID
    requested_by: UUID


@event("privacy.erasure_refused")
@dataclass(frozen=True, kw_only=True)
class ErasureRefused(_AboutErasure):
    """Something came up that stands against it, and nothing was erased."""

    erasure_id: UUID
    person_id: UUID
    requested_by: UUID
    code: str


@event("privacy.personal_data_erased")
@dataclass(frozen=True, kw_only=True)
class PersonalDataErased(_AboutErasure):
    """What was held of a person is a pseudonym now. Whoever keeps copies erases them, by these ids."""

    erasure_id: UUID
    person_kind: PersonKind
    person_id: UUID
    requested_by: UUID
    erased_ids: list[UUID]
    pseudonym: str
    erased_at: datetime

    def topics(self) -> Iterable[str]:
        return (*super().topics(), *(f"user:{each}" for each in self.erased_ids))
