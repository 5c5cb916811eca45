"""A school fee that is paid by a prompt on a telephone, through the schema and the provider; and given back."""

from __future__ import annotations

import pytest

from domain.identity.permissions import Role
from domain.payments.models import Payment
from domain.school.models import FeePayment, SchoolFee, SchoolTransaction
from domain.school.states import FeeStatus
from tests.domain.payments.test_commanding import told
from tests.support.collected import in_transit, kes
from tests.support.graphql import do, do_refused, encode_id
from tests.support.happenings import assert_integrity, names_of_events
from tests.support.mpesa import Merchant, Mpesa
from tests.support.operations import money, operation
from tests.support.paying import WRITTEN, worked
from tests.support.people import configure_identity, somebody
from tests.support.school import a_guardian, a_pupil, a_school, known
from tests.support.school_fees import charged, ghs

pytestmark = pytest.mark.usefixtures("mpesa")

PAY, REVERSE = operation("payments/InitiateMpesaPayment"), operation("payments/ReversePayment")


async def test_a_fee_is_paid_by_telephone_and_given_back(mpesa: Mpesa, merchant: Merchant) -> None:
    configure_identity()
    school = await a_school()
    student = await a_pupil(school, "Ama Mensah")
    guardian = await a_guardian(student)
    fee, in_cedis = [await charged(school.bursar, student, due) for due in (kes(1500), ghs(1500))]
    said = {"purpose": "SCHOOL_FEE", "targetId": encode_id("SchoolFee", fee.id), "phone": WRITTEN}
    foreign = said | {"targetId": encode_id("SchoolFee", in_cedis.id)}
    assert (await do_refused(guardian, PAY, input=foreign))[0] == "CURRENCY_MISMATCH"
    wrong = {"amount": money("1500", "GHS")}
    assert await do_refused(guardian, PAY, input=said | wrong) == (
        "CURRENCY_MISMATCH", ["input", "amount", "currency"],
    )  # fmt: skip
    assert await do_refused(await known(Role.GUARDIAN), PAY, input=said) == ("FEE_NOT_FOUND", ["input", "targetId"])

    asked = (await do(guardian, PAY, input=said))["payment"]
    assert asked["title"] == f"School fee {fee.number}, Ama Mensah"
    await worked()
    await told(mpesa, merchant)
    payment = await Payment.get()
    row = await FeePayment.get(payment_id=payment.id)
    assert (row.amount, row.reference, row.payer_id) == (kes(1500), payment.transaction_id, guardian.id)
    assert ((await SchoolFee.get(id=fee.id)).status, await in_transit()) == (FeeStatus.PAID, kes(0))
    [live] = await SchoolTransaction.filter(fee_id=fee.id, reversed_at__isnull=True)
    assert (live.reference, live.amount, live.on_date) == (fee.number, kes(1500), row.paid_on)
    for name in ("fee_receipt_given", "arrears_alert_cleared"):
        assert (await names_of_events()).count(f"school.{name}") == 1
    await assert_integrity()

    reverse = {"paymentId": encode_id("Payment", payment.id), "reason": "Paid by mistake"}
    await do(somebody(Role.ADMIN), REVERSE, input=reverse)
    await worked()
    await told(mpesa, merchant)
    assert ((await SchoolFee.get(id=fee.id)).status, await in_transit()) == (FeeStatus.UNPAID, kes(0))
    assert not await SchoolTransaction.filter(fee_id=fee.id, reversed_at__isnull=True).exists()
    assert (await FeePayment.get(undoes_id=row.id)).amount == kes(-1500)
    await assert_integrity()
