"""What the provider's result codes mean for a payment, and what it wants to hear when it asks us about one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from domain.payments.states import Outcome

MAX_RESULT_DESCRIPTION: Final = 90

STILL_PROCESSING: Final = "500.001.1001"
"""The error with which a question is answered whose payment has not ended yet. It is no failure."""

INVALID_PHONE: Final = "400.002.02"


@dataclass(frozen=True, slots=True)
class ResultMeaning:
    """What a result code says, and after how many seconds a new prompt makes sense (from, to)."""

    outcome: Outcome
    text: str
    retry_after_s: tuple[int, int] | None = None


_RESULTS: Final[Mapping[int, ResultMeaning]] = {
    0: ResultMeaning(Outcome.PAID, "paid"),
    1: ResultMeaning(Outcome.FAILED, "the payer has not enough money"),
    17: ResultMeaning(Outcome.FAILED, "the receiver cannot process it now", (30, 45)),
    1001: ResultMeaning(Outcome.FAILED, "the payer is busy with another transaction", (60, 120)),
    1019: ResultMeaning(Outcome.EXPIRED, "the transaction expired"),
    1025: ResultMeaning(Outcome.FAILED, "the prompt could not be sent"),
    1031: ResultMeaning(Outcome.CANCELLED, "the payer cancelled"),
    1032: ResultMeaning(Outcome.CANCELLED, "the payer cancelled"),
    1037: ResultMeaning(Outcome.EXPIRED, "the payer's telephone was not reached, or nobody answered"),
    2001: ResultMeaning(Outcome.FAILED, "the PIN was wrong"),
    9999: ResultMeaning(Outcome.FAILED, "the prompt could not be sent"),
}


def meaning_of(code: int) -> ResultMeaning:
    """A code that nobody has heard of is a failure: only 0 is a success."""
    return _RESULTS.get(code) or ResultMeaning(Outcome.FAILED, f"the provider refused it with code {code}")


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
