"""A callback that says paid and answers no prompt of ours: the money may have come all the same.

It happens when the provider's answer to our request got lost, so that we never learned the prompt's id. Nothing is credited
because of it. Where the provider lets us ask after receipts it is asked, and what it says of the receipt is believed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from domain.identity.actor import SYSTEM
from domain.kit.unit_of_work import Work
from domain.payments import settings
from domain.payments.intake.letters import Letter
from domain.payments.opening import owners_of_receipts
from domain.payments.rules.messages import StkCallback
from domain.payments.service.commanding import check_mpesa_receipt
from domain.payments.states import MessageState

MOST: Final = 20
"""Of one batch so many are asked about, lest somebody who makes up callbacks has us ask without end."""


async def ask_after_unknown(work: Work, letters: Sequence[Letter]) -> None:
    """Leave questions about the receipts of callbacks that nobody expected."""
    if not settings.current().takes_commands:
        return
    receipts = {
        letter.said.receipt
        for letter in letters
        if letter.state is MessageState.UNKNOWN and isinstance(letter.said, StkCallback) and letter.said.receipt
    }
    registered = await owners_of_receipts(work, receipts)
    for receipt in sorted(receipts - registered.keys())[:MOST]:
        await check_mpesa_receipt(SYSTEM, receipt=receipt)
