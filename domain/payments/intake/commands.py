"""What came of requests that the provider answers later: money given back, and what a receipt is.

An answer to what we never asked for counts for nothing, and one that is about something else than we asked, neither.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from domain.kit.context import as_part_of
from domain.kit.database import Record
from domain.kit.money import Money
from domain.kit.unit_of_work import Work
from domain.payments.events import CommandChanged, CommandFigures
from domain.payments.intake.letters import Letter
from domain.payments.models import MpesaCommand
from domain.payments.rules.evidence import Evidence, of_reversal, of_transaction_status
from domain.payments.rules.messages import Result
from domain.payments.rules.phones import scrubbed
from domain.payments.states import CommandKind, CommandState, MessageKind, MessageState

ANSWERS: Final = {
    MessageKind.STATUS_RESULT: CommandKind.STATUS,
    MessageKind.STATUS_TIMEOUT: CommandKind.STATUS,
    MessageKind.REVERSAL_RESULT: CommandKind.REVERSAL,
    MessageKind.REVERSAL_TIMEOUT: CommandKind.REVERSAL,
}
TIMEOUTS: Final = frozenset({MessageKind.STATUS_TIMEOUT, MessageKind.REVERSAL_TIMEOUT})
OPEN: Final = frozenset({CommandState.ASKED, CommandState.ACCEPTED, CommandState.UNKNOWN})

# Locked in one order, as two answers to one request may come at once.
ASKED_FOR: Final = """
select * from mpesa_command
where originator_conversation_id = any($1::text[]) or conversation_id = any($2::text[])
order by id for no key update
"""

TELL: Final = """
update mpesa_command
set state = $2, result_code = $3, result_text = $4, finished_at = $5, version = version + 1
where id = $1 returning *
"""


async def answer_commands(work: Work, letters: Sequence[Letter], now: datetime, *, park_for: timedelta) -> None:
    """Bring answers to what we asked for, and have them claim what they say of payments."""
    answers = [(letter, letter.said) for letter in letters if letter.kind in ANSWERS and isinstance(letter.said, Result)]
    if not answers:
        return
    by_id = await _asked_for(work, [said for _, said in answers])
    for letter, said in answers:
        command = by_id.get(said.originator_conversation_id or "") or by_id.get(said.conversation_id or "")
        if command is None:
            letter.park(now, "it answers nothing that we asked for", at_most=park_for)
            continue
        changed = await _answer(work, letter, said, command, now)
        if changed is not None:
            by_id |= _by_ids([changed])


async def _asked_for(work: Work, answers: Sequence[Result]) -> dict[str, Record]:
    originators = [said.originator_conversation_id for said in answers if said.originator_conversation_id]
    conversations = [said.conversation_id for said in answers if said.conversation_id]
    return _by_ids(await work.fetch(ASKED_FOR, originators, conversations))


def _by_ids(commands: Sequence[Record]) -> dict[str, Record]:
    ids = ("conversation_id", "originator_conversation_id")
    return {command[name]: command for command in commands for name in ids if command[name]}


async def _answer(work: Work, letter: Letter, said: Result, command: Record, now: datetime) -> Record | None:
    """The request as it stands after this answer, if that changed it."""
    letter.payment_id = command["payment_id"]
    if ANSWERS[letter.kind] != command["kind"] or (said.receipt is not None and said.receipt != command["receipt"]):
        letter.reject(MessageState.REFUSED, "it is about something else than we asked for")
        return None
    is_timeout = letter.kind in TIMEOUTS
    is_done = said.is_success and not is_timeout
    if is_done:
        letter.claim = _claim(letter, said, command)
    state = CommandState(command["state"])
    if state is CommandState.DONE or not (is_done or state in OPEN):
        return None
    text = "the provider did not come to it in time" if is_timeout else said.result_text
    changed: Record | None = await work.fetchrow(
        TELL,
        command["id"],
        CommandState.DONE if is_done else CommandState.FAILED,
        said.result_code[:20],
        scrubbed(text)[:200] if text else None,
        now,
    )
    assert changed is not None, "it is locked"
    with as_part_of(changed["correlation_id"]):
        work.record(CommandChanged(command=CommandFigures.of(MpesaCommand._init_from_db(**changed))))
    return changed


def _claim(letter: Letter, said: Result, command: Record) -> Evidence | None:
    """A reversal that does not say how much went back is of what we asked for."""
    if command["kind"] == CommandKind.STATUS:
        return of_transaction_status(said, letter.received_at)
    claim = of_reversal(said, command["receipt"], letter.received_at)
    if claim is None or claim.amount is not None:
        return claim
    return replace(claim, amount=Money(command["amount_minor"], command["currency"]))
