"""A discrepancy on its way: from the provider's callback over the webhook and the worker to an administrator's open feed."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from api.demo import people
from domain.kit import clock
from domain.payments.rules.timing import CALLBACK_DELAY
from schema.kit.ids import encode_id, read_id
from tests.api.processes.cast import everybody_at_work
from tests.api.processes.till import a_till
from tests.support.crowds import purses_of

PHONE = "0711 222 333"
HEARD = "select received_at, work_at from mpesa_message where payment_id = $1"


@pytest.mark.timeout(180)
async def test_what_a_callback_tells_wrong_reaches_the_administrator(told_home: Path, record_property: Any) -> None:
    async with a_till(told_home, "--seed", "feed", "--delay", "0") as till:
        address = await till.place.start_server("one")
        await till.place.start_worker()
        database = await asyncpg.connect(till.place.servers.database_url)
        wallet = next(purse for purse in await purses_of(database) if purse.email == people.BORROWER.email)
        feeds = {people.ADMIN: ["ReconciliationFeed"], people.BORROWER: []}
        async with everybody_at_work(address, "payments", feeds) as cast:
            await till.mpesa.chosen(misbehaviour="MISMATCHED", paid="40.00")
            asked = {"purpose": "WALLET_TOP_UP", "targetId": encode_id("Wallet", wallet.id), "phone": PHONE}
            money = {"amount": "50", "currency": "KES"}
            made = (await cast[people.BORROWER].does("InitiateMpesaPayment", **asked, amount=money))["payment"]

            def about(item: dict[str, Any]) -> bool:
                return item.get("sessionId") == made["id"]

            result = await cast[people.ADMIN].hears("ReconciliationFeed", about)
            alert = await cast[people.ADMIN].hears("ReconciliationFeed", about)
            heard_at = clock.now()
        received_at, work_at = await database.fetchrow(HEARD, read_id("Payment", made["id"]))
        await database.close()
        assert (result["__typename"], result["status"]) == ("ReconciliationFinished", "DISCREPANCY")
        assert (alert["__typename"], alert["severity"]) == ("DiscrepancyAlert", "HIGH")
        assert [issue["type"] for issue in alert["issues"]] == ["AMOUNT_MISMATCH"]
        assert work_at - received_at == CALLBACK_DELAY
        assert received_at + CALLBACK_DELAY <= datetime.fromisoformat(alert["timestamp"]) <= heard_at
        # How long it took is for who reads the report: a busy machine is no defect.
        record_property("seconds_from_callback_to_feed", (heard_at - received_at).total_seconds())
        print(f"from the callback to the feed: {(heard_at - received_at).total_seconds():.2f} s")
