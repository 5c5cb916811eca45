"""Alerts of high arrears: what becomes of them when a fee changes, and when it is the threshold that does."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from domain.kit import clock
from domain.kit.ids import new_id
from domain.kit.unit_of_work import Work
from domain.school.fees import telling
from domain.school.fees.locking import Desk
from domain.school.models import ArrearsAlert
from domain.school.rules import arrears
from domain.school.states import ArrearsMove

_MARK: Final = "update school_fee set arrears_alerted = $2 where id = $1"
_CLEAR: Final = "update arrears_alert set cleared_at = greatest($2, raised_at) where id = $1"


def alert_move(desk: Desk) -> ArrearsMove | None:
    """What becomes of the alert of a fee with the figures that it has now; the fee says so from here on."""
    move = arrears.move(desk.fee.figures.outstanding, desk.threshold, raised=desk.fee.arrears_alerted)
    if move is not None:
        desk.fee.arrears_alerted = move is ArrearsMove.RAISED
    return move


def raised_alert(desk: Desk, at: datetime) -> ArrearsAlert:
    """An alert about a fee as it stands, which is not written yet."""
    fee = desk.fee
    return ArrearsAlert(
        id=new_id(),
        fee_id=fee.id,
        currency=fee.currency,
        arrears_minor=fee.figures.outstanding.amount_minor,
        threshold_minor=desk.threshold.amount_minor,
        raised_at=at,
    )


async def look_at_arrears(work: Work, desk: Desk) -> ArrearsMove | None:
    """Raise or clear the alert of a fee that is as it was, against the threshold that holds now.

    The fee has not changed by this, and neither has its version: who is about to change it need not read it anew.
    """
    move, moment = alert_move(desk), clock.now()
    if move is None:
        return None
    await work.execute(_MARK, desk.fee.id, desk.fee.arrears_alerted)
    if move is ArrearsMove.RAISED:
        raised = raised_alert(desk, moment)
        await raised.save(force_create=True)
        work.record(telling.alert_raised(desk, raised))
    else:
        await work.execute(_CLEAR, desk.alert_id, moment)
        work.record(telling.alert_cleared(desk, moment))
    return move
