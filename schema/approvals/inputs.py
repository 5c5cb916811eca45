"""What clients send to the approvals centre."""

from __future__ import annotations

from schema.kit import ID, attribute, idempotency_key, input_type


@input_type("What to agree to.")
class ApproveInput:
    approval_id: ID = attribute("The request.")
    comment: str | None = attribute("Anything to say to it, up to 1,000 characters.", default=None)
    idempotency_key: str | None = idempotency_key()


@input_type("What to refuse, and why.")
class RejectInput:
    approval_id: ID = attribute("The request.")
    comment: str = attribute("Why, in 1 to 1,000 characters; its maker reads it.")
    idempotency_key: str | None = idempotency_key()
