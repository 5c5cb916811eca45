"""Payments that are waited for, as prompting telephones leaves them, and the callbacks that tell how each of them ended.

The rows go through the guards of their tables. Everybody tops up a wallet of their own, so that whoever brings the money
there finds it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

import orjson

from domain.identity.permissions import Role
from domain.kit.ids import new_id
from domain.kit.unit_of_work import unit_of_work
from domain.payments.provider import CURRENCY
from domain.payments.rules.phones import mask
from domain.payments.rules.references import CLEAR, GIVEN
from domain.wallets.service import wallet_of
from tests.support.people import a_user

CLIENTS: Final = 100
SHILLINGS: Final = 2_500

PAYMENTS: Final = """
insert into payment (id, reference, purpose, target_id, title, client_id, client_name, payee_id, payee_name, amount_minor,
                     currency, phone_masked, status, status_at, expires_at, created_by, created_at, updated_at,
                     correlation_id)
select asked.id, reference, 'WALLET_TOP_UP', wallet_id, 'Wallet top-up', client_id, 'Asha Patel', client_id, 'Asha Patel',
       $6 * 100, $7, masked, 'CREATED', now(), now() + interval '1 hour', client_id, now(), now(), asked.id
from unnest($1::uuid[], $2::text[], $3::uuid[], $4::uuid[], $5::text[])
     as asked (id, reference, wallet_id, client_id, masked)
"""

PROMPTS: Final = """
insert into payment_prompt (id, payment_id, attempt_no, phone, amount_minor, currency, state, requested_by, created_at)
select asked.id, asked.id, 1, phone, amount_minor, currency, 'WAITING', created_by, now()
from unnest($1::uuid[], $2::text[]) as asked (id, phone) join payment on payment.id = asked.id
"""

ASKED: Final = "update payment_prompt set state = 'ASKED', asked_at = now() where payment_id = any($1::uuid[])"

ACCEPTED: Final = """
update payment_prompt
set state = 'ACCEPTED', accepted_at = now(), callback_due_at = now() + interval '75 seconds',
    expires_at = now() + interval '5 minutes', checkout_request_id = accepted.checkout,
    merchant_request_id = accepted.checkout
from unnest($1::uuid[], $2::text[]) as accepted (payment_id, checkout)
where payment_prompt.payment_id = accepted.payment_id
"""

SENT: Final = "update payment set status = 'STK_SENT', version = version + 1 where id = any($1::uuid[])"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A payment whose telephone shows a prompt."""

    id: UUID
    number: int
    client_id: UUID
    wallet_id: UUID

    @property
    def phone(self) -> str:
        return f"2547{10_000_000 + self.number}"

    @property
    def reference(self) -> str:
        return f"P{_written(self.number, CLEAR, GIVEN)}"

    @property
    def checkout(self) -> str:
        return f"ws_CO_{self.number:017}{self.phone[-9:]}"

    @property
    def callback(self) -> bytes:
        """M-Pesa says that it was paid."""
        particulars = {
            "Amount": float(SHILLINGS),
            "MpesaReceiptNumber": f"T{_written(self.number, '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ', 9)}",
            "TransactionDate": int(datetime.now(UTC).strftime("%Y%m%d%H%M%S")),
            "PhoneNumber": int(self.phone),
        }
        ended = {
            "MerchantRequestID": self.checkout,
            "CheckoutRequestID": self.checkout,
            "ResultCode": 0,
            "ResultDesc": "The service request is processed successfully.",
            "CallbackMetadata": {"Item": [{"Name": name, "Value": value} for name, value in particulars.items()]},
        }
        return orjson.dumps({"Body": {"stkCallback": ended}})


async def prompt_everybody(payments: int) -> list[Waiting]:
    """So many payments of which nothing has been heard yet."""
    wallets = [await wallet_of((await a_user(Role.BORROWER)).id, CURRENCY) for _ in range(CLIENTS)]
    waiting = [
        Waiting(new_id(), number, wallets[number % CLIENTS].user_id, wallets[number % CLIENTS].id)
        for number in range(payments)
    ]
    ids, phones = [each.id for each in waiting], [each.phone for each in waiting]
    async with unit_of_work() as work:
        await work.execute(
            PAYMENTS,
            ids,
            [each.reference for each in waiting],
            [each.wallet_id for each in waiting],
            [each.client_id for each in waiting],
            [mask(phone) for phone in phones],
            SHILLINGS,
            CURRENCY,
        )
        await work.execute(PROMPTS, ids, phones)
        await work.execute(ASKED, ids)
        await work.execute(ACCEPTED, ids, [each.checkout for each in waiting])
        await work.execute(SENT, ids)
    return waiting


def _written(number: int, digits: str, places: int) -> str:
    return "".join(digits[number // len(digits) ** place % len(digits)] for place in reversed(range(places)))
