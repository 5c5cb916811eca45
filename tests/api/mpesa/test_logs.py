"""What is written down while M-Pesa is asked: that it was, and what came of it, and about whom nothing."""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
from pathlib import Path

import pytest

from tests.support.mpesa import PHONE, Mpesa

# In a process of its own, because what is logged and how is a matter of the whole process.
ASK_EVERYTHING = """
import asyncio, sys
from api.logs import configure_logs
from api.mpesa import Daraja, DarajaAccount, Patience
from domain.kit.context import CallContext, call_context
from domain.kit.money import Money
from domain.payments.provider import ProviderError, Reversal, StatusInquiry, StkPush, WhenWeAreSilent

async def ask(url, callbacks, phone):
    account = DarajaAccount(url=url, callbacks=callbacks, consumer_key="simulator-key", consumer_secret="simulator-secret",
                            short_code="600000", passkey="simulator-passkey", initiator="simulator-operator",
                            security_credential="encrypted-hunter2")
    push = StkPush(phone=phone, amount=Money.of(2500, "KES"), reference=phone, description="School fee")
    async with Daraja(account, patience=Patience(first_pause_s=0.001, longest_pause_s=0.002)) as daraja:
        with call_context(CallContext()) as call:
            print(call.correlation_id)
            for _ in range(4):
                answer = await daraja.stk_push(push)
            await daraja.register_urls(WhenWeAreSilent.COMPLETE)
            await daraja.stk_query(answer.checkout_request_id)
            await daraja.transaction_status(StatusInquiry(receipt="TC51ABCD2E", remarks=phone))
            await daraja.reverse(Reversal(receipt="TC51ABCD2E", amount=Money.of(1, "KES"), remarks=phone))
            try:
                await daraja.stk_query(phone)
            except ProviderError as error:
                print(error)

configure_logs(as_json=True, level="DEBUG")
asyncio.run(ask(*sys.argv[1:]))
"""


@pytest.mark.timeout(60)
async def test_no_number_and_no_secret_is_written_down(mpesa: Mpesa) -> None:
    await mpesa.answers(429, "500.003.02", f"Too many prompts for {PHONE}", path="stkpush/")
    await mpesa.answers(502, "502.1", f"What about {PHONE}?", path="stkpush/", done=True)
    await mpesa.breaks(kind="HANG_UP", path="stkpush/")
    await mpesa.breaks(kind="HANG_UP", path="stkpushquery")
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        ASK_EVERYTHING,
        mpesa.address,
        mpesa.merchant.address,
        PHONE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={"PATH": os.environ.get("PATH", ""), "PYTHONPATH": str(Path.cwd())},
    )
    told, logged = (each.decode() for each in await process.communicate())
    assert process.returncode == 0, logged
    correlation_id = told.split()[0]
    lines = [json.loads(line) for line in logged.splitlines()]
    requests = [line for line in lines if line["event"] == "mpesa_request"]
    assert [line["act"] for line in requests].count("stk_push") == 4
    assert {line["outcome"] for line in requests} == {"answered", "lost", "refused"}
    assert {line["correlation_id"] for line in requests} == {correlation_id}
    assert any(line["event"] == "stamina.retry_scheduled" for line in lines)
    assert not re.search(PHONE[3:], told + logged), "not even without the country"
    assert not re.search("simulator-secret|simulator-passkey|hunter2|Bearer|Basic", told + logged)
