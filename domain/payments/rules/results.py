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


_WAIT: Final = "wait a few minutes first"
_MEANINGS: Final[Mapping[int, str]] = {
    1: "there is not enough money in the M-Pesa account; put some in first",
    2: "it is less than M-Pesa moves at once",
    3: "it is more than M-Pesa moves at once; pay it in parts",
    4: "it is more than the M-Pesa account may still move today; wait until tomorrow",
    8: "the account that it was to be paid to may hold no more; tell whoever asked for the payment",
    17: f"M-Pesa did not allow it just now, as after the same payment a moment ago; {_WAIT}",
    26: f"M-Pesa was too busy; {_WAIT}",
    1001: f"another payment was under way on the telephone; {_WAIT}",
    1019: "the prompt was not answered in time",
    1025: f"M-Pesa could not show the prompt; {_WAIT}",
    1037: "the telephone was not reached, or the prompt not answered; have it switched on and unlocked",
    2001: "the PIN was wrong",
    9999: f"M-Pesa could not show the prompt; {_WAIT}",
}
"""What the provider says by its codes, and what is to be done before the next attempt, if anything."""


def outcome_of(code: int) -> Outcome:
    """How a prompt ended. A code that nobody has heard of is a failure: only 0 is a success."""
    return _OUTCOMES.get(code, Outcome.FAILED)


def meaning_of(code: int) -> str | None:
    """Why a prompt ended without money, and what is to be done first, in words for the payer; None where the code says no
    more than how it ended."""
    return _MEANINGS.get(code)


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
