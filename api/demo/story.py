"""The story so far: invoice finance, lending, the books, the mill, the school and payments. It is the same on every machine
but for the dates, which end today."""

from __future__ import annotations

from typing import Final

from api.demo import books, invoices, loans, mill, payments, people, school
from api.demo.people import DemoPerson, bring_in
from api.demo.stage import Say, Stage
from domain.identity.models import User
from domain.kit import clock


async def already_told() -> bool:
    return not await _untold()


async def tell(say: Say = lambda line: None) -> None:
    """Seed people and what they did, as far as it has not been told here: invoices in every state, loans in every state,
    the books of some months, some weeks of a mill, a school and of payments."""
    untold = await _untold()
    stage = Stage()
    say("registering the demo people and opening their wallets")
    with clock.clock_set_to(stage.midnight(loans.BEGAN_DAYS_AGO)):
        await people.open_branches()
        for person in people.EVERYBODY:
            stage.actors[person] = await bring_in(person)
    if people.SELLER in untold:
        await invoices.tell(stage, say)
    if people.MANAGER in untold:
        say("lending money and keeping the books for seven months")
        await stage.play([*books.scripts(stage), *loans.scripts(stage)])
    if people.MILLER in untold:
        say("milling wheat and selling flour for six weeks")
        await stage.play(mill.scripts(stage))
    if people.REGISTRAR in untold:
        say("enrolling, teaching and charging students for eight weeks")
        await stage.play(school.scripts(stage))
    if people.COUNSELLOR in untold:
        say("paying by M-Pesa for five weeks, and reconciling it")
        await payments.tell(stage)


LEADS: Final = (people.SELLER, people.MANAGER, people.MILLER, people.REGISTRAR, people.COUNSELLOR)
"""Who is there when a part of the story has been told."""


async def _untold() -> set[DemoPerson]:
    """The leads of those parts of the story that have not been told in this installation."""
    known = {user.email for user in await User.filter(email__in=[lead.email for lead in LEADS])}
    return {lead for lead in LEADS if lead.email not in known}
