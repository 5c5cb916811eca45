"""The papers of an application. A file is handed in to the files room first, and becomes part of the loan here.

Events, in this order: LoanDocumentsAdded, LoanUpdated.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from domain.files.access import readable
from domain.files.errors import FileAlreadyAttached, FileNotFound
from domain.files.service import attach
from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit import clock
from domain.kit.errors import Forbidden, InvalidInput
from domain.kit.ids import new_id
from domain.kit.unit_of_work import Work, retried, unit_of_work
from domain.lending.errors import LoanDecided, TooManyDocuments
from domain.lending.events import LoanDocumentsAdded, LoanFigures
from domain.lending.models import Loan, LoanDocument
from domain.lending.queries import loans_by_id
from domain.lending.service.desk import locked_seen, save, tell
from domain.lending.states import DocumentKind, LoanChange, LoanStatus

MAX_AT_ONCE: Final = 10
MAX_OF_LOAN: Final = 40
OVER: Final = frozenset({LoanStatus.REJECTED, LoanStatus.WITHDRAWN, LoanStatus.CLOSED, LoanStatus.WRITTEN_OFF})
SUBJECT: Final = "loan"

readable(SUBJECT, loans_by_id)


@dataclass(frozen=True, kw_only=True)
class NewDocument:
    """A stored file of the caller's, and what it shows."""

    file_id: UUID
    kind: DocumentKind


@retried
async def add_documents(actor: Actor, *, loan_id: UUID, documents: Sequence[NewDocument]) -> list[LoanDocument]:
    """Add papers to a loan that is not over: by the borrower, its writer, or staff of the branch who review loans.

    Whoever may see the loan can read them from now on, and nobody can delete them. Refuses with FILE_NOT_FOUND,
    FILE_ALREADY_ATTACHED and TOO_MANY_DOCUMENTS, and then adds none.
    """
    actor.require(Permission.LOAN_READ)
    _require_some(documents)
    async with unit_of_work() as work:
        loan = await locked_seen(actor, loan_id)
        _require_may_add(actor, loan)
        if await LoanDocument.filter(loan_id=loan.id).count() + len(documents) > MAX_OF_LOAN:
            raise TooManyDocuments(f"a loan has up to {MAX_OF_LOAN} documents")
        added = [await _add(work, actor, loan, document, place) for place, document in enumerate(documents)]
        await save(loan)
        fact = LoanDocumentsAdded(
            loan=LoanFigures.of(loan),
            document_ids=[document.id for document in added],
            kinds=[document.kind for document in added],
            uploaded_by_id=actor.id,
        )
        tell(work, loan, LoanChange.DOCUMENTS_ADDED, loan.status, fact)
    return added


async def _add(work: Work, actor: Actor, loan: Loan, document: NewDocument, place: int) -> LoanDocument:
    try:
        # Attaching a file again to what it belongs to changes nothing; a second document of it would be one too many.
        if await LoanDocument.filter(loan_id=loan.id, file_id=document.file_id).exists():
            raise FileAlreadyAttached("this file is a document of the loan already")
        file = await attach(work, document.file_id, SUBJECT, loan.id, by=actor)
    except (FileNotFound, FileAlreadyAttached) as refused:
        refused.field = ("input", "documents", str(place), "fileId")
        raise
    return await LoanDocument.create(
        id=new_id(),
        loan_id=loan.id,
        file_id=file.id,
        kind=document.kind,
        file_name=file.file_name,
        uploaded_by_id=actor.id,
        uploaded_at=clock.now(),
    )


async def missing_documents(loan: Loan, required: Sequence[DocumentKind]) -> list[DocumentKind]:
    """The kinds of papers that are asked for and not there."""
    there = {document.kind for document in await LoanDocument.filter(loan_id=loan.id)} if required else set()
    return [kind for kind in required if kind not in there]


def _require_some(documents: Sequence[NewDocument]) -> None:
    if not 1 <= len(documents) <= MAX_AT_ONCE:
        raise TooManyDocuments(f"1 to {MAX_AT_ONCE} documents can be added at once")
    if len({document.file_id for document in documents}) < len(documents):
        raise InvalidInput("each file is one document", field=("input", "documents"))


def _require_may_add(actor: Actor, loan: Loan) -> None:
    if actor.id not in (loan.borrower_id, loan.created_by_id) and not actor.may_at(Permission.LOAN_REVIEW, loan.branch_id):
        raise Forbidden("the borrower and those who review loans can add documents")
    if loan.status in OVER:
        raise LoanDecided("this loan is over")
