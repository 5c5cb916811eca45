"""The settling of payments: everything that is known decides what they are, and all that follows is written at once.

A batch takes as many statements as one payment does. Payments are locked in the order of their ids and receipts in theirs,
so batches that meet wait for each other, and nobody credits a receipt twice. Whoever is killed leaves nothing behind.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from domain.kit import clock
from domain.kit.context import as_part_of
from domain.kit.database import Record
from domain.kit.unit_of_work import Work
from domain.payments.settling import finishing, telling
from domain.payments.settling.cases import Decided, Settled, Wanted, belonging
from domain.payments.settling.deciding import decide
from domain.payments.settling.disagreeing import Subject, Told, keep_discrepancies
from domain.payments.settling.orphans import no_longer_orphans
from domain.payments.settling.reading import (
    covered_periods,
    know_what_is_disposed,
    know_what_we_gave_back,
    open_dossiers,
)
from domain.payments.settling.receipts import adopt, register_receipts
from domain.payments.settling.writing import post, write_credits, write_payments


async def settle_payments(work: Work, wanted: Sequence[Wanted], *, orphans: Collection[str] = ()) -> list[Settled]:
    """Bring payments to where all that was said of them says they are; one answer for each that is wanted, in its order.

    What was said has to be there as evidence by now. ``orphans`` are receipts that are to be settled without a payment in
    the same unit of work, after this: they are registered here, so that all receipts are locked in one order.
    """
    if not wanted:
        return []
    dossiers = await open_dossiers(work, {each.payment_id for each in wanted})
    open_ones = await finishing.open_reconciliations(work, wanted)
    receipts = await register_receipts(work, dossiers, orphans)
    adopted = await adopt(work, dossiers, receipts)
    await know_what_is_disposed(work, dossiers)
    await know_what_we_gave_back(work, dossiers)
    now = clock.now()
    covered = await covered_periods(work, dossiers)
    decided = [decide(dossier, now, covered) for dossier in dossiers]
    rows = await write_payments(work, decided, now)
    await write_credits(work, decided, now)
    await post(decided, now)
    by_id = {each.dossier.id: each for each in decided}
    results, news = await finishing.finish(work, wanted, open_ones, by_id, now)
    told = await _disagree(work, decided, results, now)
    told += await no_longer_orphans(work, adopted, now)
    settled = [
        Settled(by_id[each.payment_id].decision, rows[each.payment_id], result)
        for each, result in zip(wanted, results, strict=True)
    ]
    _tell(work, settled, by_id, news, told, now)
    return settled


async def _disagree(work: Work, decided: Sequence[Decided], results: Sequence[Record], now: datetime) -> list[Told]:
    """What does not agree is known by the last reconciliation that found it."""
    found_by: Mapping[UUID, UUID] = {row["payment_id"]: row["id"] for row in results}
    subjects = [
        Subject(
            payment_id=each.dossier.id,
            branch_id=each.dossier.payment["branch_id"],
            reconciliation_id=found_by[each.dossier.id],
            known=each.dossier.discrepancies,
            issues=each.decision.issues,
        )
        for each in decided
        if each.dossier.discrepancies or each.decision.issues
    ]
    return await keep_discrepancies(work, subjects, now)


def _tell(
    work: Work,
    settled: Sequence[Settled],
    decided: Mapping[UUID, Decided],
    news: set[UUID],
    told: Sequence[Told],
    now: datetime,
) -> None:
    payments: set[UUID] = set()
    results: set[UUID] = set()
    for each in settled:
        payment_id, result_id = each.payment_row["id"], each.reconciliation_row["id"]
        with as_part_of(belonging(each.payment_row)):
            if payment_id not in payments:
                telling.tell_of_payment(work, decided[payment_id], each)
            if result_id in news and result_id not in results:
                telling.tell_of_reconciliation(work, decided[payment_id], each, now)
        payments.add(payment_id)
        results.add(result_id)
    rows = [each.payment_row for each in settled]
    numbers = {row["id"]: row["number"] for row in rows}
    telling.tell_of_discrepancies(work, told, numbers, now, {row["id"]: belonging(row) for row in rows})
