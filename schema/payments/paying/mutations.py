"""Having somebody pay, and asking the provider about it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import strawberry

from domain.identity.permissions import Permission
from domain.kit.idempotency import once
from domain.payments import access
from domain.payments.service import asking, commanding, initiating, registering
from domain.payments.states import ReconTrigger
from schema.kit import (
    ID,
    Answer,
    Info,
    Payload,
    ReplayablePayload,
    argument,
    attribute,
    encode_id,
    mutation,
    payload_type,
    read_id,
    read_optional_id,
)
from schema.payments.paying.inputs import (
    CancelPaymentInput,
    CheckMpesaReceiptInput,
    InitiateMpesaPaymentInput,
    QueryMpesaStatusInput,
    ResendMpesaPromptInput,
    ReversePaymentInput,
)
from schema.payments.paying.targets import read_target
from schema.payments.paying.types import MpesaCommand, Payment


@payload_type("What came of asking somebody to pay.")
class MpesaPaymentPayload(ReplayablePayload):
    payment: Payment | None = attribute("The payment. Follow `paymentUpdated` to hear what becomes of it.")


@payload_type("What came of giving a payment up.")
class CancelPaymentPayload(Payload):
    payment: Payment | None = attribute("The payment, cancelled.")


@payload_type("What came of wanting to know what became of a prompt.")
class QueryMpesaStatusPayload(Payload):
    payment: Payment | None = attribute("The payment as it stands now. Follow `paymentUpdated` to hear the answer.")
    trigger: ReconTrigger | None = attribute("What the payment is reconciled by once the provider has answered.")
    queued_at: datetime | None = attribute("Since when the provider is to be asked.")


@payload_type("What came of wanting to know what a receipt is.")
class CheckMpesaReceiptPayload(Payload):
    command: MpesaCommand | None = attribute("The request, which the provider answers later.")


@payload_type("What came of giving money back.")
class ReversePaymentPayload(ReplayablePayload):
    command: MpesaCommand | None = attribute("The request, which the provider answers later.")


@payload_type("What came of having our addresses registered.")
class RegisterMpesaUrlsPayload(Payload):
    task_id: ID | None = attribute("The task that does it; `jobTasks` shows how it goes.")


@strawberry.type
class Mutation:
    @mutation(
        MpesaPaymentPayload,
        "Ask somebody to pay by M-Pesa: their telephone is prompted for the amount, and they confirm with their PIN.",
        requires=Permission.SIGNED_IN,
    )
    async def initiate_mpesa_payment(
        self, info: Info, input: Annotated[InitiateMpesaPaymentInput, argument("What, and by which telephone.")]
    ) -> Answer:
        outcome = await once(
            input.idempotency_key,
            initiating.initiate_mpesa_payment,
            info.context.actor,
            purpose=input.purpose,
            target_id=read_target(input.purpose, input.target_id, "input", "targetId"),
            phone=input.phone,
            amount=input.parse_amount(),
        )
        return Answer(payment=outcome.result, replayed=outcome.replayed)

    @mutation(
        MpesaPaymentPayload,
        "Prompt the same telephone again: for the same payment while it is open, for a new one like it when it has ended "
        "without money.",
        requires=Permission.SIGNED_IN,
    )
    async def resend_mpesa_prompt(
        self, info: Info, input: Annotated[ResendMpesaPromptInput, argument("Which payment's.")]
    ) -> Answer:
        payment_id = read_id("Payment", input.payment_id, "input", "paymentId")
        outcome = await once(
            input.idempotency_key, initiating.resend_mpesa_prompt, info.context.actor, payment_id=payment_id
        )
        return Answer(payment=outcome.result, replayed=outcome.replayed)

    @mutation(
        CancelPaymentPayload,
        "Give up a payment for which no telephone is being prompted and nothing came.",
        requires=Permission.SIGNED_IN,
    )
    async def cancel_payment(self, info: Info, input: Annotated[CancelPaymentInput, argument("Which.")]) -> Answer:
        payment_id = read_id("Payment", input.payment_id, "input", "paymentId")
        return Answer(payment=await initiating.cancel_payment(info.context.actor, payment_id=payment_id))

    @mutation(
        QueryMpesaStatusPayload,
        "Have the provider asked what became of a prompt, and the payment reconciled with its answer.",
        requires=Permission.SIGNED_IN,
        without_key="while the provider is to be asked already, that question is the answer.",
    )
    async def query_mpesa_status(
        self, info: Info, input: Annotated[QueryMpesaStatusInput, argument("Which prompt.")]
    ) -> Answer:
        actor = info.context.actor
        queued = await asking.query_mpesa_status(
            actor,
            checkout_request_id=input.checkout_request_id,
            payment_id=read_optional_id("Payment", input.payment_id, "input", "paymentId"),
        )
        payment = await access.payment_of(actor, queued.payment_id)
        return Answer(payment=payment, trigger=queued.trigger, queued_at=queued.queued_at)

    @mutation(
        CheckMpesaReceiptPayload,
        "Have the provider say what a receipt is. What it answers is evidence for the payment that the receipt belongs to.",
        requires=Permission.PAYMENTS_RECONCILE,
    )
    async def check_mpesa_receipt(
        self, info: Info, input: Annotated[CheckMpesaReceiptInput, argument("Which receipt.")]
    ) -> Answer:
        return Answer(command=await commanding.check_mpesa_receipt(info.context.actor, receipt=input.receipt))

    @mutation(
        ReversePaymentPayload,
        "Have the provider give money of a payment back to whoever paid it. It answers later; see `Payment.commands`.",
        requires=Permission.PAYMENTS_RECONCILE,
    )
    async def reverse_payment(
        self, info: Info, input: Annotated[ReversePaymentInput, argument("Which money, and why.")]
    ) -> Answer:
        outcome = await once(
            input.idempotency_key,
            commanding.reverse_payment,
            info.context.actor,
            payment_id=read_id("Payment", input.payment_id, "input", "paymentId"),
            receipt=input.receipt,
            amount=input.parse_amount(),
            remarks=input.reason,
        )
        return Answer(command=outcome.result, replayed=outcome.replayed)

    @mutation(
        RegisterMpesaUrlsPayload,
        "Have the provider told again where to tell us of payments that customers make on their own.",
        requires=Permission.PAYMENTS_RECONCILE,
    )
    async def register_mpesa_urls(self, info: Info) -> Answer:
        return Answer(task_id=encode_id("JobTask", await registering.register_mpesa_urls(info.context.actor)))
