"""What M-Pesa sends to a merchant: callbacks, confirmations and results, in all the forms in which they are met.

Most are written plainly. Some have texts where others have numbers, items in another order, and a balance that is absent,
without a value, or a text that is no JSON.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from api.mpesa.account import timestamp_of
from api.mpesa.simulator.book import Payment, State
from api.mpesa.simulator.fates import RESULTS
from domain.payments.rules.phones import hashed, mask

Body = dict[str, Any]

PROCESSED: Final = "The service request is processed successfully."
ALREADY_REVERSED: Final = "R000001"
NO_SUCH_TRANSACTION: Final = "R000002"
NO_SUCH_RECEIPT: Final = 2032
WRONG_INITIATOR: Final = 2001
NOT_ENOUGH: Final = 1

COMMAND_RESULTS: Final[Mapping[int | str, str]] = {
    0: PROCESSED,
    ALREADY_REVERSED: "The transaction has already been reversed.",
    NO_SUCH_TRANSACTION: "The OriginalTransactionID is invalid.",
    NO_SUCH_RECEIPT: "The transaction receipt number does not exist.",
    WRONG_INITIATOR: "The initiator information is invalid.",
    NOT_ENOUGH: "The balance is insufficient for the transaction.",
}
_STATUSES: Final = {State.PAID: "Completed", State.REVERSED: "Reversed", State.PARTIALLY_REVERSED: "Completed"}


def stk_callback(payment: Payment, code: int, *, balance: Decimal, odd: random.Random | None) -> Body:
    """How a prompt ended. ``odd`` are dice for how it is written; without them it is written plainly."""
    callback: Body = {
        "MerchantRequestID": payment.merchant_request_id,
        "CheckoutRequestID": payment.checkout_request_id,
        "ResultCode": code if odd is None else str(code),
        "ResultDesc": RESULTS[code],
    }
    if code == 0:
        callback["CallbackMetadata"] = {"Item": _items(payment, balance, odd)}
    return {"Body": {"stkCallback": callback}}


def _items(payment: Payment, balance: Decimal, odd: random.Random | None) -> list[Body]:
    assert payment.paid is not None and payment.settled_at is not None
    transacted, phone = timestamp_of(payment.settled_at), payment.phone
    items: list[Body] = [
        {"Name": "Amount", "Value": float(payment.paid)},
        {"Name": "MpesaReceiptNumber", "Value": payment.receipt},
        {"Name": "Balance"},
        {"Name": "TransactionDate", "Value": int(transacted)},
        {"Name": "PhoneNumber", "Value": int(phone)},
    ]
    if odd is None:
        return items
    items[0]["Value"] = odd.choice([int(payment.paid), float(payment.paid), f"{payment.paid:.2f}"])
    items[2] = odd.choice(
        [
            {"Name": "Balance", "Value": f"{{Amount={{BasicAmount={balance:.2f}, MinimumAmount={balance * 100:.0f}}}}}"},
            {"Name": "Balance", "Value": None},
            {"Name": "Balance", "Value": float(balance)},
        ]
    )
    items[3]["Value"] = odd.choice([int(transacted), transacted])
    items[4]["Value"] = odd.choice([int(phone), phone])
    odd.shuffle(items)
    return items


def c2b(
    payment: Payment, receipt: str, amount: Decimal, at: datetime, *, short_code: str, balance: Decimal | None, odd: bool
) -> Body:
    """A payment at the Paybill: to be validated while ``balance`` is None, confirmed when it is there.

    The customer's number is masked, or hashed where the form is odd.
    """
    first, _, last = payment.payer.partition(" ")
    return {
        "TransactionType": "Pay Bill",
        "TransID": receipt,
        "TransTime": timestamp_of(at),
        "TransAmount": f"{amount:.2f}",
        "BusinessShortCode": int(short_code) if odd else short_code,
        "BillRefNumber": payment.reference,
        "InvoiceNumber": "",
        "OrgAccountBalance": "" if balance is None else f"{balance:.2f}",
        "ThirdPartyTransID": "",
        "MSISDN": hashed(payment.phone) if odd else mask(payment.phone),
        "FirstName": first,
        "MiddleName": "",
        "LastName": last,
    }


def result(code: int | str, ids: Mapping[str, str], transaction: str, parameters: Mapping[str, Any]) -> Body:
    """What came of a command. Without success there are no parameters."""
    body: Body = {
        "ResultType": 0,
        "ResultCode": code,
        "ResultDesc": COMMAND_RESULTS[code],
        **ids,
        "TransactionID": transaction,
        "ReferenceData": {"ReferenceItem": {"Key": "Occasion", "Value": ""}},
    }
    if code == 0:
        listed = [{"Key": name, "Value": value} for name, value in parameters.items()]
        body["ResultParameters"] = {"ResultParameter": listed}
    return {"Result": body}


def status_parameters(payment: Payment, short_code: str) -> Body:
    assert payment.paid is not None and payment.settled_at is not None
    return {
        "ReceiptNo": payment.receipt,
        "TransactionStatus": _STATUSES[payment.state],
        "Amount": float(payment.paid),
        "InitiatedTime": int(timestamp_of(payment.begun_at)),
        "FinalisedTime": int(timestamp_of(payment.settled_at)),
        "DebitPartyName": f"{mask(payment.phone)} - {payment.payer}",
        "CreditPartyName": f"{short_code} - Daftari",
        "ReasonType": "Pay Utility",
    }


def reversal_parameters(payment: Payment, amount: Decimal, at: datetime, short_code: str, balance: Decimal) -> Body:
    return {
        "OriginalTransactionID": payment.receipt,
        "Amount": float(amount),
        "TransCompletedTime": int(timestamp_of(at)),
        "Charge": 0,
        "CreditPartyPublicName": f"{mask(payment.phone)} - {payment.payer}",
        "DebitPartyPublicName": f"{short_code} - Daftari",
        "DebitAccountBalance": f"Utility Account|KES|{balance:.2f}|{balance:.2f}|0.00|0.00",
    }
