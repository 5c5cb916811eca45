"""What clients send about personal data."""

from __future__ import annotations

from uuid import UUID

from domain.privacy.models import PersonKind
from schema.kit import ID, attribute, idempotency_key, input_type, read_id
from schema.privacy.types import TYPES


@input_type("Whose data to put together.")
class RequestPersonalDataExportInput:
    person_kind: PersonKind = attribute("As what the person is known here.", default=PersonKind.USER)
    person_id: ID | None = attribute("The person, for officers; oneself when left out.", default=None)
    reason: str | None = attribute("Why, of another: 1 to 500 characters. It is kept in the audit trail.", default=None)
    idempotency_key: str | None = idempotency_key()


@input_type("Whose data to erase.")
class ErasePersonalDataInput:
    person_kind: PersonKind = attribute("As what the person is known here.", default=PersonKind.USER)
    person_id: ID | None = attribute("The person, for officers; oneself when left out.", default=None)
    reason: str = attribute("Why, in 1 to 500 characters: the second person reads it.")
    idempotency_key: str | None = idempotency_key()


@input_type("The erasure to take back.")
class WithdrawErasureInput:
    erasure_id: ID = attribute("One that you asked for, and that waits for a second person.")


def read_person(kind: PersonKind, person_id: ID | None, *field: str) -> UUID | None:
    return None if person_id is None else read_id(TYPES[kind], person_id, *field)
