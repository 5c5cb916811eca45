"""What can be seen from outside of how M-Pesa is asked: what came of it, how long it took, and in whose trace."""

from __future__ import annotations

from dataclasses import replace

import pytest
from opentelemetry.trace import SpanKind, StatusCode
from prometheus_client import REGISTRY

from api.mpesa import Daraja, Patience
from domain.kit import tracing
from domain.kit.context import CallContext, call_context
from domain.kit.money import Money
from domain.payments.provider import FateUnknown, ProviderAway, StkPush
from tests.api.observability.memory import remembered
from tests.support.mpesa import PHONE, Mpesa

PUSH = StkPush(phone=PHONE, amount=Money.of(2500, "KES"), reference="INV-1", description="School fee")


def counted(act: str, outcome: str) -> float:
    return REGISTRY.get_sample_value("daftari_mpesa_calls_total", {"act": act, "outcome": outcome}) or 0.0


async def test_an_answer_and_a_loss_are_told_apart(daraja: Daraja, mpesa: Mpesa) -> None:
    answered, lost = counted("stk_push", "answered"), counted("stk_push", "lost")
    call = CallContext()
    with remembered() as memory:
        with call_context(call), tracing.act("pay"):
            await daraja.stk_push(PUSH)
            await mpesa.breaks(kind="HANG_UP", path="stkpush/")
            assert isinstance(await daraja.stk_push(PUSH), FateUnknown)
        first, second = [span for span in memory.spans(call.correlation_id) if span.name == "mpesa stk_push"]
        assert PHONE not in "".join(span.to_json() for span in memory.spans())
    assert (counted("stk_push", "answered"), counted("stk_push", "lost")) == (answered + 1, lost + 1)
    assert first.kind is second.kind is SpanKind.CLIENT
    assert first.status.status_code is StatusCode.UNSET
    assert second.status.status_code is StatusCode.ERROR and second.attributes == {"error.type": "AnswerLost"}


async def test_that_it_is_left_alone_is_told(daraja: Daraja) -> None:
    nowhere = replace(daraja._account, url="http://127.0.0.1:1")
    async with Daraja(nowhere, patience=Patience(attempts=1, failures_to_open=1)) as another:
        with pytest.raises(ProviderAway):
            await another.stk_query("ws_CO_1")
    assert REGISTRY.get_sample_value("daftari_mpesa_breaker_open") == 1
    await daraja.stk_push(PUSH)
    assert REGISTRY.get_sample_value("daftari_mpesa_breaker_open") == 0
