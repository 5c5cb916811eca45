"""Noting what was said with borrowers, and planning, doing and ending steps to get back what is overdue."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

import strawberry

from domain.lending import service
from domain.lending.states import CommunicationChannel, CommunicationDirection, RecoveryActionKind
from schema.kit import (
    ID,
    Answer,
    Info,
    MoneyInput,
    Payload,
    argument,
    attribute,
    input_type,
    mutation,
    payload_type,
    read_id,
)
from schema.lending.casework import COLLECT, CommunicationLog, RecoveryAction
from schema.lending.collections import id_or_none


@input_type("What was said, with whom, and what was promised.")
class LogCommunicationInput:
    loan_id: ID | None = attribute("The loan that it was about.", default=None)
    borrower_id: ID | None = attribute("The borrower, when it was about no loan in particular.", default=None)
    channel: CommunicationChannel = attribute("How they spoke.")
    direction: CommunicationDirection = attribute("Who began.", default=CommunicationDirection.OUTBOUND)
    subject: str = attribute("What it was about: a line of 1 to 200 characters.")
    body: str = attribute("What was said: up to 4,000 characters.", default="")
    outcome: str = attribute("What came of it: a line of up to 500 characters.", default="")
    promised_on: date | None = attribute("By when the borrower promised to pay; goes with an amount.", default=None)
    promised_amount: MoneyInput | None = attribute("How much the borrower promised to pay; goes with a day.", default=None)
    follow_up_on: date | None = attribute("When to come back to it: today or later.", default=None)
    spoken_at: datetime | None = attribute("When they spoke; now when left out.", default=None)

    def parse(self) -> service.Note:
        promised = self.promised_amount
        return service.Note(
            channel=self.channel,
            direction=self.direction,
            subject=self.subject,
            body=self.body,
            outcome=self.outcome,
            promised_on=self.promised_on,
            promised_amount=None if promised is None else promised.parse("input", "promisedAmount"),
            follow_up_on=self.follow_up_on,
            spoken_at=self.spoken_at,
        )


@input_type("A step to plan.")
class CreateRecoveryActionInput:
    loan_id: ID = attribute("The loan, which is active or written off.")
    kind: RecoveryActionKind = attribute("What is to be done.")
    due_on: date = attribute("By when: today or later.")
    note: str = attribute("What there is to say to it: up to 2,000 characters.", default="")
    assigned_to_id: ID | None = attribute(
        "Who is to do it: staff who collect at the branch. Oneself when left out.", default=None
    )
    promised_amount: MoneyInput | None = attribute("How much was promised.", default=None)


@input_type("Which step is begun.")
class StartRecoveryActionInput:
    action_id: ID = attribute("The recovery action.")


@input_type("Which step is done, and what came of it.")
class CompleteRecoveryActionInput:
    action_id: ID = attribute("The recovery action.")
    outcome: str = attribute("What came of it: 1 to 2,000 characters.")
    recovered_amount: MoneyInput | None = attribute("How much came in by it, if anything.", default=None)


@input_type("Which step is given up, and why.")
class CancelRecoveryActionInput:
    action_id: ID = attribute("The recovery action.")
    reason: str = attribute("Why: 1 to 2,000 characters.")


@payload_type("What came of noting it.")
class LogCommunicationPayload(Payload):
    communication: CommunicationLog | None = attribute("The note.")


@payload_type("What came of a change to a recovery action.")
class RecoveryActionPayload(Payload):
    action: RecoveryAction | None = attribute("The recovery action as it stands now.")


@strawberry.type
class Mutation:
    @mutation(LogCommunicationPayload, "Note what was said with a borrower.", requires=COLLECT)
    async def log_communication(
        self, info: Info, input: Annotated[LogCommunicationInput, argument("What was said.")]
    ) -> Answer:
        written = await service.log_communication(
            info.context.actor,
            note=input.parse(),
            loan_id=id_or_none("Loan", input.loan_id, "input", "loanId"),
            borrower_id=id_or_none("User", input.borrower_id, "input", "borrowerId"),
        )
        return Answer(communication=written)

    @mutation(RecoveryActionPayload, "Plan a step to get back what is overdue.", requires=COLLECT)
    async def create_recovery_action(
        self, info: Info, input: Annotated[CreateRecoveryActionInput, argument("What is to be done.")]
    ) -> Answer:
        promised = input.promised_amount
        action = await service.create_recovery_action(
            info.context.actor,
            loan_id=read_id("Loan", input.loan_id, "input", "loanId"),
            kind=input.kind,
            due_on=input.due_on,
            note=input.note,
            assigned_to_id=id_or_none("User", input.assigned_to_id, "input", "assignedToId"),
            promised_amount=None if promised is None else promised.parse("input", "promisedAmount"),
        )
        return Answer(action=action)

    @mutation(RecoveryActionPayload, "Say that somebody is at a step.", requires=COLLECT)
    async def start_recovery_action(
        self, info: Info, input: Annotated[StartRecoveryActionInput, argument("Which.")]
    ) -> Answer:
        action_id = read_id("RecoveryAction", input.action_id, "input", "actionId")
        return Answer(action=await service.start_recovery_action(info.context.actor, action_id=action_id))

    @mutation(RecoveryActionPayload, "Say what came of a step.", requires=COLLECT)
    async def complete_recovery_action(
        self, info: Info, input: Annotated[CompleteRecoveryActionInput, argument("Which, and what.")]
    ) -> Answer:
        recovered = input.recovered_amount
        action = await service.complete_recovery_action(
            info.context.actor,
            action_id=read_id("RecoveryAction", input.action_id, "input", "actionId"),
            outcome=input.outcome,
            recovered_amount=None if recovered is None else recovered.parse("input", "recoveredAmount"),
        )
        return Answer(action=action)

    @mutation(RecoveryActionPayload, "Give up a step that is not needed any more.", requires=COLLECT)
    async def cancel_recovery_action(
        self, info: Info, input: Annotated[CancelRecoveryActionInput, argument("Which, and why.")]
    ) -> Answer:
        action_id = read_id("RecoveryAction", input.action_id, "input", "actionId")
        action = await service.cancel_recovery_action(info.context.actor, action_id=action_id, reason=input.reason)
        return Answer(action=action)
