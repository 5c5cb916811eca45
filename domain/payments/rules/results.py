"""What the provider's result codes mean for a payment, and what it wants to hear when it asks us about one."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from domain.payments.states import Outcome

MAX_RESULT_DESCRIPTION: Final = 90

_OUTCOMES: Final[Mapping[int, Outcome]] = {
    0: Outcome.PAID,
    # The transaction expired; the payer's telephone was not reached, or nobody answered.
    1019: Outcome.EXPIRED,
    1037: Outcome.EXPIRED,
    # The payer cancelled.
    1031: Outcome.CANCELLED,
    1032: Outcome.CANCELLED,
}


def outcome_of(code: int) -> Outcome:
    """How a prompt ended. A code that nobody has heard of is a failure: only 0 is a success."""
    return _OUTCOMES.get(code, Outcome.FAILED)


class C2BAnswer(StrEnum):
    """What we answer when the provider asks whether a Paybill payment may be made."""

    ACCEPTED = "0"
    INVALID_MSISDN = "C2B00011"
    INVALID_ACCOUNT = "C2B00012"
    INVALID_AMOUNT = "C2B00013"
    INVALID_KYC = "C2B00014"
    INVALID_SHORT_CODE = "C2B00015"
    OTHER = "C2B00016"


def c2b_body(answer: C2BAnswer, description: str) -> dict[str, str]:
    """The answer as the provider wants it, its description cut to what it takes."""
    return {"ResultCode": answer.value, "ResultDesc": description[:MAX_RESULT_DESCRIPTION]}
