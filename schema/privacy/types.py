"""Exports and erasures of personal data."""

from __future__ import annotations

from datetime import datetime

from domain.files.queries import files_by_id
from domain.identity.queries import people
from domain.privacy import models, queries
from domain.privacy.models import ErasureState, ExportState, PersonKind
from schema.files.types import File
from schema.identity.types import User
from schema.kit import ID, Node, Parent, attribute, encode_id, enum_type, field, node_type, object_type, relation

TYPES = {
    PersonKind.USER: "User",
    PersonKind.STUDENT: "Student",
    PersonKind.TEACHER: "Teacher",
    PersonKind.CUSTOMER: "Customer",
    PersonKind.SUPPLIER: "Supplier",
}

enum_type(
    PersonKind,
    "As what a person is known here. Whoever can sign in is a user, whatever else they are.",
    {
        "USER": "Somebody who can sign in.",
        "STUDENT": "A student of the school.",
        "TEACHER": "A teacher of the school.",
        "CUSTOMER": "A customer of the mill.",
        "SUPPLIER": "A supplier of the mill.",
    },
)

enum_type(
    ExportState,
    "Where an export of personal data stands.",
    {
        "QUEUED": "It is being made.",
        "READY": "It can be fetched until it expires.",
        "FAILED": "It could not be made.",
        "EXPIRED": "Its time is over, and its file is deleted.",
    },
    name="PersonalDataExportState",
)

enum_type(
    ErasureState,
    "Where an erasure of personal data stands. Nothing follows on ERASED, REJECTED, WITHDRAWN and REFUSED.",
    {
        "REQUESTED": "It waits for a second person.",
        "REJECTED": "That person said no.",
        "WITHDRAWN": "Whoever asked for it took it back while it waited.",
        "ERASING": "It was agreed to, and is being done.",
        "ERASED": "What was held of the person is a pseudonym now.",
        "REFUSED": "Something came up that stands against it, and nothing was erased.",
    },
    name="PersonalDataErasureState",
)


@node_type(models.PersonalDataExport, queries.exports_by_id, "An archive of what is held of a person.")
class PersonalDataExport(Node):
    person_kind: PersonKind = attribute("As what the person is known here.")
    reason: str | None = attribute("Why an officer asked for it; null when people asked for their own.")
    requested_at: datetime = attribute("When it was asked for.")
    state: ExportState = attribute("Where it stands.")
    size_bytes: int | None = attribute("How many bytes it has, when it is ready.")
    records: int | None = attribute("How many records are in it, files included.")
    error_code: str | None = attribute("Why it could not be made, as a code.")
    finished_at: datetime | None = attribute("When it was ready, or had failed.")
    expires_at: datetime | None = attribute("Until when it can be fetched.")
    file: File | None = relation(files_by_id, "file_id", "The archive, a ZIP; null to whoever did not ask for it.")
    requester: User = relation(people, "requested_by", "Who asked for it.", name="requestedBy")

    @field(ID, "Whose data: the id of a user, student, teacher, customer or supplier.", shared=True)
    def person_id(self, export: Parent[models.PersonalDataExport]) -> ID:
        return ID(encode_id(TYPES[export.person_kind], export.person_id))


@node_type(
    models.PersonalDataErasure,
    queries.erasures_by_id,
    "An erasure of what is held of a person: asked for by one, agreed to by another, done in the background.",
)
class PersonalDataErasure(Node):
    person_kind: PersonKind = attribute("As what the person is known here.")
    reason: str = attribute("Why it was asked for.")
    requested_at: datetime = attribute("When it was asked for.")
    state: ErasureState = attribute("Where it stands.")
    decided_at: datetime | None = attribute("When it was decided on.")
    refused_code: str | None = attribute("What came up against it, as a code.")
    pseudonym: str | None = attribute("What the person is called since.")
    finished_at: datetime | None = attribute("When it was over.")
    requester: User = relation(people, "requested_by", "Who asked for it.", name="requestedBy")
    decider: User | None = relation(
        people, "decided_by", "Who decided; null while it waits, and when it was withdrawn.", name="decidedBy"
    )

    @field(ID, "Whose data: the id of a user, student, teacher, customer or supplier.", shared=True)
    def person_id(self, erasure: Parent[models.PersonalDataErasure]) -> ID:
        return ID(encode_id(TYPES[erasure.person_kind], erasure.person_id))


@object_type("Something that stands against erasing a person's data.")
class ErasureObstacle:
    code: str = attribute("What, as the code with which an erasure is refused.")
    message: str = attribute("What, in a sentence.")
    until: datetime | None = attribute("When it goes by itself; null when somebody must end it.")
