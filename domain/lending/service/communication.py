"""Noting what was said with a borrower, so that whoever calls next knows what was promised."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from domain.identity.actor import Actor
from domain.identity.models import User
from domain.identity.permissions import Permission, Role
from domain.kit import clock
from domain.kit.errors import CurrencyMismatch, Forbidden, InvalidAmount, InvalidInput
from domain.kit.ids import new_id
from domain.kit.money import Money
from domain.kit.unit_of_work import retried, unit_of_work
from domain.lending import access
from domain.lending.errors import LOAN, BorrowerNotFound, BranchMissing, InvalidPromise, LoanNotFound, MakerIsChecker
from domain.lending.events import CommunicationLogged
from domain.lending.models import CommunicationLog, Loan
from domain.lending.service.desk import line, prose
from domain.lending.states import CommunicationChannel, CommunicationDirection

MAX_SUBJECT: Final = 200
MAX_BODY: Final = 4_000
MAX_OUTCOME: Final = 500


@dataclass(frozen=True, kw_only=True)
class Note:
    """What was said. A promise to pay is a day and an amount, both or neither; ``spoken_at`` is now unless said."""

    channel: CommunicationChannel
    direction: CommunicationDirection
    subject: str
    body: str = ""
    outcome: str = ""
    promised_on: date | None = None
    promised_amount: Money | None = None
    follow_up_on: date | None = None
    spoken_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class _About:
    """Whom a note is about, and whose file it is in."""

    borrower_id: UUID
    borrower_name: str
    branch_id: UUID
    loan_id: UUID | None = None
    currency: str | None = None


@retried
async def log_communication(
    actor: Actor, *, note: Note, loan_id: UUID | None = None, borrower_id: UUID | None = None
) -> CommunicationLog:
    """Note a call, message or visit about a loan, or with a borrower. A note is never edited."""
    actor.require(Permission.COLLECTIONS_WORK)
    subject, body, outcome = _texts(note)
    moment = clock.now()
    _require_days(note, moment)
    async with unit_of_work() as work:
        about = await _about(actor, loan_id, borrower_id)
        promised = _promised(note, about)
        written = await CommunicationLog.create(
            id=new_id(),
            loan_id=about.loan_id,
            borrower_id=about.borrower_id,
            borrower_name=about.borrower_name,
            branch_id=about.branch_id,
            channel=note.channel,
            direction=note.direction,
            subject=subject,
            body=body,
            outcome=outcome,
            promised_on=note.promised_on,
            promised_minor=promised and promised.amount_minor,
            currency=promised and promised.currency,
            follow_up_on=note.follow_up_on,
            spoken_at=note.spoken_at or moment,
            logged_by_id=actor.id,
            logged_by_name=actor.name,
            logged_at=moment,
        )
        work.record(CommunicationLogged.of(written))
    return written


def _texts(note: Note) -> tuple[str, str, str]:
    outcome = line(note.outcome, MAX_OUTCOME, "outcome") if note.outcome.strip() else ""
    return line(note.subject, MAX_SUBJECT, "subject"), prose(note.body, MAX_BODY, "body"), outcome


def _require_days(note: Note, moment: datetime) -> None:
    if note.spoken_at is not None and note.spoken_at > moment:
        raise InvalidInput("this has not been said yet", field=("input", "spokenAt"))
    if note.follow_up_on is not None and note.follow_up_on < moment.date():
        raise InvalidInput("this day is past", field=("input", "followUpOn"))
    if (note.promised_on is None) != (note.promised_amount is None):
        raise InvalidPromise("a promise to pay is an amount and a day")
    said_on = (note.spoken_at or moment).date()
    if note.promised_on is not None and note.promised_on < said_on:
        raise InvalidPromise("nobody promises to have paid before")


def _promised(note: Note, about: _About) -> Money | None:
    promised = note.promised_amount
    if promised is None:
        return None
    if promised.amount_minor <= 0:
        raise InvalidAmount("an amount must be greater than zero", field=("input", "promisedAmount"))
    if about.currency not in (None, promised.currency):
        raise CurrencyMismatch(
            f"{promised.currency} cannot be promised for a loan in {about.currency}", field=("input", "promisedAmount")
        )
    return promised


async def _about(actor: Actor, loan_id: UUID | None, borrower_id: UUID | None) -> _About:
    if loan_id is not None:
        loan = await seen_loan(actor, loan_id)
        if borrower_id not in (None, loan.borrower_id):
            raise BorrowerNotFound
        return _About(loan.borrower_id, loan.borrower_name, loan.branch_id, loan.id, loan.currency)
    if borrower_id is None:
        raise InvalidInput("say about which loan, or with which borrower", field=("input", "loanId"))
    user = await User.get_or_none(id=borrower_id)
    if user is None or Role.BORROWER not in user.roles or not actor.may_at(Permission.COLLECTIONS_WORK, user.branch_id):
        raise BorrowerNotFound
    branch_id = user.branch_id or actor.branch_id
    if branch_id is None:
        raise BranchMissing("the borrower belongs to no branch; name one of their loans", field=("input", "loanId"))
    return _About(user.id, user.name, branch_id)


async def seen_loan(actor: Actor, loan_id: UUID) -> Loan:
    """A loan for staff who collect at its branch, and who do not owe it themselves."""
    loan = await Loan.get_or_none(id=loan_id)
    if loan is None or not access.may_see(actor, loan):
        raise LoanNotFound
    if loan.borrower_id == actor.id:
        raise MakerIsChecker("this is your own loan")
    if not actor.may_at(Permission.COLLECTIONS_WORK, loan.branch_id):
        raise Forbidden("this needs the permission COLLECTIONS_WORK at the loan's branch", field=LOAN)
    return loan
