"""Talking about an invoice: those who may see it read it all, and investors stay unknown to each other."""

from __future__ import annotations

from typing import Any

import pytest

from domain.identity.actor import ANONYMOUS
from domain.identity.permissions import Role
from domain.kit.ids import new_id
from tests.support.graphql import ask, ask_refused, do, do_refused, encode_id, feed_refused, heard, refused_to_strangers
from tests.support.invoices import a_funded_invoice, a_listed_invoice, a_seller, an_actor_of, an_investor
from tests.support.operations import operation

pytestmark = pytest.mark.usefixtures("database")

SEND = operation("invoice_finance/SendInvoiceMessage")
READ = operation("invoice_finance/InvoiceMessages").replace("  asOf\n", "")
LIVE = operation("invoice_finance/InvoiceMessageSent")


async def test_a_conversation_names_no_investor() -> None:
    seller, ravi, meera = a_seller(), an_investor("Ravi Kapoor"), an_investor("Meera Shah")
    invoice_id = encode_id("Invoice", (await a_listed_invoice(seller)).id)

    def saying(body: str, **more: Any) -> dict[str, Any]:
        return {"invoiceId": invoice_id, "body": body} | more

    await refused_to_strangers(SEND, input=saying("Hello"))
    await refused_to_strangers(READ, invoiceId=invoice_id)
    assert (await ask(ravi, READ, invoiceId=invoice_id))["nodes"] == []
    question = saying("Is it delivered?", idempotencyKey="q")
    sent = (await do(ravi, SEND, input=question))["message"]
    assert (sent["authorParty"], sent["authorLabel"]) == ("INVESTOR", "Investor 1")
    assert (await do(ravi, SEND, input=question))["replayed"]
    await do(seller, SEND, input=saying("Yes, last week."))
    await do(meera, SEND, input=saying("Signed for?"))
    read = (await ask(meera, READ, invoiceId=invoice_id))["nodes"]
    assert [(message["authorLabel"], message["body"], message["mine"]) for message in read] == [
        ("Investor 1", "Is it delivered?", False),
        ("Sita Mills", "Yes, last week.", False),
        ("Investor 2", "Signed for?", True),
    ]
    [last] = (await ask(seller, READ, invoiceId=invoice_id, last=1))["nodes"]
    assert last["body"] == "Signed for?"
    told = await heard(seller, LIVE)
    assert [item["body"] for item in told] == ["Is it delivered?", "Yes, last week.", "Signed for?"]
    assert [item["body"] for item in await heard(meera, LIVE, invoiceId=invoice_id)] == [item["body"] for item in told]
    assert "Ravi" not in str(told)
    assert await heard(a_seller(), LIVE) == []
    assert await feed_refused(a_seller(), LIVE, invoiceId=invoice_id) == "INVOICE_NOT_FOUND"
    assert await feed_refused(ANONYMOUS, LIVE) == "UNAUTHENTICATED"


@pytest.mark.parametrize("body", ["", "   ", "x" * 2001, "bell \x07"])
async def test_what_cannot_be_said(body: str) -> None:
    seller = a_seller()
    message = {"invoiceId": encode_id("Invoice", (await a_listed_invoice(seller)).id), "body": body}
    assert await do_refused(seller, SEND, input=message) == ("INVALID_INPUT", ["input", "body"])


async def test_who_may_not_see_an_invoice_neither_reads_nor_speaks() -> None:
    invoice = await a_funded_invoice(a_seller(), an_investor())
    message = {"invoiceId": encode_id("Invoice", invoice.id), "body": "Hello"}
    for stranger in (an_investor(), a_seller()):
        assert await do_refused(stranger, SEND, input=message) == ("INVOICE_NOT_FOUND", ["input", "invoiceId"])
        assert await ask_refused(stranger, READ, invoiceId=message["invoiceId"]) == "INVOICE_NOT_FOUND"
    assert await ask_refused(an_actor_of(Role.TEACHER), READ, invoiceId=message["invoiceId"]) == "FORBIDDEN"
    unknown = message | {"invoiceId": encode_id("Invoice", new_id())}
    assert await do_refused(an_investor(), SEND, input=unknown) == ("INVOICE_NOT_FOUND", ["input", "invoiceId"])
