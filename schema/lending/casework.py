"""What was said with borrowers, and what is being done to get back what is overdue: read and followed live."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

import strawberry

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.identity.queries import branches_by_id, people
from domain.kit.paging import Page, PageRequest
from domain.lending import casework, events, models, queries
from domain.lending.access import branch_condition
from domain.lending.events import COMMUNICATIONS, RECOVERY_ACTIONS, loan_topic
from domain.lending.states import (
    CommunicationChannel,
    CommunicationDirection,
    RecoveryActionKind,
    RecoveryActionStatus,
    RecoverySubject,
)
from schema.identity.types import Branch, User
from schema.kit import (
    ID,
    Info,
    LiveEvent,
    Money,
    Node,
    Parent,
    argument,
    attribute,
    enum_type,
    event_feed,
    event_type,
    field,
    global_id,
    input_type,
    listing,
    node_type,
    query,
    read_id,
)
from schema.kit.nodes import global_id_of
from schema.kit.relations import relation
from schema.lending.collections import OneBranch, id_or_none
from schema.lending.types import Loan

COLLECT = Permission.COLLECTIONS_WORK

enum_type(
    CommunicationChannel,
    "How staff and a borrower spoke.",
    {
        "CALL": "By telephone.",
        "SMS": "By text message.",
        "EMAIL": "By e-mail.",
        "CHAT": "In a chat.",
        "LETTER": "By post.",
        "VISIT": "At the borrower's.",
        "MEETING": "At the branch.",
        "OTHER": "In another way.",
    },
)
enum_type(
    CommunicationDirection,
    "Who began.",
    {"INBOUND": "The borrower.", "OUTBOUND": "Staff."},
)
enum_type(
    RecoveryActionKind,
    "A step to get back what is overdue.",
    {
        "REMINDER": "A reminder.",
        "PHONE_CALL": "A call.",
        "FIELD_VISIT": "A visit.",
        "PROMISE_TO_PAY": "To see that a promise is kept.",
        "DEMAND_LETTER": "A demand in writing.",
        "GUARANTOR_CONTACT": "To speak with the guarantor.",
        "RESTRUCTURING": "To agree on a new plan.",
        "COLLATERAL": "To take what secures the debt.",
        "LEGAL_ACTION": "To go to law.",
        "EXTERNAL_AGENCY": "To give it to an agency.",
        "OTHER": "Something else.",
    },
)
enum_type(
    RecoveryActionStatus,
    "How far a recovery action is. The last two are final.",
    {
        "OPEN": "Planned.",
        "IN_PROGRESS": "Somebody is at it.",
        "COMPLETED": "Done; it says with what outcome.",
        "CANCELLED": "Not needed any more; it says why.",
    },
)
enum_type(
    RecoverySubject,
    "What a recovery action is about.",
    {"LOAN": "A loan.", "INVOICE": "A financed invoice that fell into default; of no branch."},
)


@node_type(
    models.CommunicationLog,
    casework.communications_by_id,
    "A note of what was said between staff and a borrower; it is never edited.",
)
class CommunicationLog(Node):
    loan_id: ID | None = global_id("Loan", "The loan that it was about; null when it was about none in particular.")
    borrower_id: ID = global_id("User", "The borrower.")
    borrower_name: str = attribute("The borrower's name.")
    branch_id: ID = global_id("Branch", "The branch whose staff read it.")
    channel: CommunicationChannel = attribute("How they spoke.")
    direction: CommunicationDirection = attribute("Who began.")
    subject: str = attribute("What it was about, in a line.")
    body: str = attribute("What was said.")
    outcome: str = attribute("What came of it, in a line.")
    promised_on: date | None = attribute("By when the borrower promised to pay.")
    promised_amount: Money | None = attribute("How much the borrower promised to pay.")
    follow_up_on: date | None = attribute("When to come back to it.")
    spoken_at: datetime = attribute("When they spoke.")
    logged_by_id: ID = global_id("User", "Who noted it.")
    logged_by_name: str = attribute("The name of who noted it.")
    logged_at: datetime = attribute("When it was noted.")

    loan: Loan | None = relation(queries.loans_by_id, "loan_id", "The loan that it was about.")


@node_type(
    models.RecoveryAction,
    casework.recovery_actions_by_id,
    "A step to get back what is overdue: planned, done by somebody until a day, with what came of it.",
)
class RecoveryAction(Node):
    subject_kind: RecoverySubject = attribute("What it is about.")
    subject_number: str = attribute("The number of the loan or invoice.")
    loan_id: ID | None = global_id("Loan", "The loan; null when it is about an invoice.")
    branch_id: ID | None = global_id("Branch", "The branch whose staff do it; null when those do who see every branch.")
    debtor_id: ID | None = global_id("User", "Who owes; null when they are no user.")
    debtor_name: str = attribute("The name of who owes.")
    kind: RecoveryActionKind = attribute("What is to be done.")
    status: RecoveryActionStatus = attribute("How far it is.")
    note: str = attribute("What was said to it when it was planned.")
    assigned_to_id: ID | None = global_id("User", "Who is to do it; null when nobody is named yet.")
    due_on: date = attribute("By when.")
    overdue_amount: Money = attribute("How much was overdue when it was planned.")
    promised_amount: Money | None = attribute("How much was promised.")
    recovered_amount: Money = attribute(
        "How much came in by it, as told when it was completed; the money itself is a payment of the loan."
    )
    outcome: str = attribute("What came of it, or why it was cancelled; empty before.")
    created_by_id: ID | None = global_id("User", "Who planned it.")
    created_at: datetime = attribute("When it was planned.")
    updated_at: datetime = attribute("When it last changed.")
    started_at: datetime | None = attribute("When somebody began.")
    ended_at: datetime | None = attribute("When it was completed or cancelled.")

    @field(ID | None, "The id of the loan or invoice that it is about, for `node`.", shared=True)
    def subject_id(self, action: Parent[models.RecoveryAction]) -> ID | None:
        return global_id_of(action.subject_kind.value.lower(), action.subject_id)

    loan: Loan | None = relation(queries.loans_by_id, "loan_id", "The loan; null when it is about an invoice.")
    branch: Branch | None = relation(branches_by_id, "branch_id", "The branch whose staff do it.")
    assigned_to: User | None = relation(people, "assigned_to_id", "Who is to do it.")


@input_type("Which recovery actions; what is left out does not narrow.")
class RecoveryActionFilter:
    statuses: list[RecoveryActionStatus] | None = attribute("In one of these states.", default=None)
    kind: RecoveryActionKind | None = attribute("Of this kind.", default=None)
    subject_kind: RecoverySubject | None = attribute("About loans, or about invoices.", default=None)
    loan_id: ID | None = attribute("About this loan.", default=None)
    branch_id: ID | None = attribute("Of this branch.", default=None)
    assigned_to_id: ID | None = attribute("That this user is to do.", default=None)
    due_by: date | None = attribute("To be done by this day.", default=None)

    def parse(self) -> casework.RecoveryFilter:
        return casework.RecoveryFilter(
            statuses=self.statuses or (),
            kind=self.kind,
            subject_kind=self.subject_kind,
            loan_id=id_or_none("Loan", self.loan_id, "filter", "loanId"),
            branch_id=id_or_none("Branch", self.branch_id, "filter", "branchId"),
            assigned_to_id=id_or_none("User", self.assigned_to_id, "filter", "assignedToId"),
            due_by=self.due_by,
        )


@strawberry.type
class Query:
    @listing(CommunicationLog, "What was said with borrowers, the latest first.", requires=COLLECT)
    async def communication_logs(
        self,
        info: Info,
        page: PageRequest,
        loan_id: Annotated[ID | None, argument("About this loan.")] = None,
        borrower_id: Annotated[ID | None, argument("With this borrower.")] = None,
        branch_id: OneBranch = None,
        follow_up_by: Annotated[date | None, argument("To come back to by this day.")] = None,
    ) -> Page[models.CommunicationLog]:
        narrowed = casework.CommunicationFilter(
            loan_id=id_or_none("Loan", loan_id, "loanId"),
            borrower_id=id_or_none("User", borrower_id, "borrowerId"),
            branch_id=id_or_none("Branch", branch_id, "branchId"),
            follow_up_by=follow_up_by,
        )
        return await casework.communication_logs(info.context.actor, page, narrowed)

    @listing(RecoveryAction, "Steps to get back what is overdue, the newest first.", requires=COLLECT)
    async def recovery_actions(
        self,
        info: Info,
        page: PageRequest,
        filter: Annotated[RecoveryActionFilter | None, argument("Only these.")] = None,
    ) -> Page[models.RecoveryAction]:
        narrowed = (filter or RecoveryActionFilter()).parse()
        return await casework.recovery_actions(info.context.actor, page, narrowed)

    @query(RecoveryAction | None, "One; null when there is none, or none for you.", requires=COLLECT)
    async def recovery_action(self, info: Info, id: Annotated[ID, argument("Its id.")]) -> object:
        return await info.context.load(casework.recovery_actions_by_id, read_id("RecoveryAction", id, "id"))


@event_type("What was said with a borrower was noted.")
class CommunicationLogged(LiveEvent):
    communication_id: ID = global_id("CommunicationLog", "The note.")
    loan_id: ID | None = global_id("Loan", "The loan that it was about.")
    borrower_id: ID = global_id("User", "The borrower.")
    borrower_name: str = attribute("The borrower's name.")
    branch_id: ID = global_id("Branch", "The branch whose staff read it.")
    channel: CommunicationChannel = attribute("How they spoke.")
    direction: CommunicationDirection = attribute("Who began.")
    subject: str = attribute("What it was about.")
    body: str = attribute("What was said.")
    outcome: str = attribute("What came of it.")
    promised_on: date | None = attribute("By when the borrower promised to pay.")
    promised_amount: Money | None = attribute("How much the borrower promised to pay.")
    follow_up_on: date | None = attribute("When to come back to it.")
    spoken_at: datetime = attribute("When they spoke.")
    logged_by_name: str = attribute("Who noted it.")

    communication: CommunicationLog | None = relation(casework.communications_by_id, "communication_id", "The note itself.")


@event_type("A recovery action was planned, begun, completed or cancelled: it is told as it stands now.")
class RecoveryActionUpdated(LiveEvent):
    action: RecoveryAction = attribute("The recovery action.")


async def _of_branches(actor: Actor, everything: str, what: str, branch_id: str | None) -> list[str]:
    branch = branch_condition(actor, id_or_none("Branch", branch_id, "branchId"))
    return [everything if branch is None else f"branch:{branch}:{what}"]


@strawberry.type
class Subscription:
    @event_feed(
        "What is said with borrowers of the branches that one sees.",
        requires=COLLECT,
        shows={events.CommunicationLogged: CommunicationLogged},
    )
    async def communication_logged(
        actor: Actor,
        loan_id: Annotated[ID | None, argument("Only about this loan.")] = None,
        borrower_id: Annotated[ID | None, argument("Only with this borrower.")] = None,
        branch_id: OneBranch = None,
    ) -> list[str]:
        if loan_id is not None:
            found = await queries.loan(actor, read_id("Loan", loan_id, "loanId"))
            return [f"{loan_topic(found.id)}:communications"]
        if borrower_id is not None:
            return [f"borrower:{read_id('User', borrower_id, 'borrowerId')}:communications"]
        return await _of_branches(actor, COMMUNICATIONS, "communications", branch_id)

    @event_feed(
        "Recovery actions of the branches that one sees, as they are planned and change.",
        requires=COLLECT,
        shows={events.RecoveryActionCreated: RecoveryActionUpdated, events.RecoveryActionUpdated: RecoveryActionUpdated},
    )
    async def recovery_action_updated(
        actor: Actor,
        action_id: Annotated[ID | None, argument("Only this one.")] = None,
        loan_id: Annotated[ID | None, argument("Only about this loan.")] = None,
        branch_id: OneBranch = None,
    ) -> list[str]:
        if action_id is not None:
            found = await casework.recovery_action(actor, read_id("RecoveryAction", action_id, "actionId"))
            return [f"recovery_action:{found.id}"]
        if loan_id is not None:
            loan = await queries.loan(actor, read_id("Loan", loan_id, "loanId"))
            return [f"{loan_topic(loan.id)}:recovery_actions"]
        return await _of_branches(actor, RECOVERY_ACTIONS, "recovery_actions", branch_id)
