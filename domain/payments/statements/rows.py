"""A batch of rows of a statement: which are new, what they claim, and whose payments they are about.

A row that was told before, by this file or another, is known and changes nothing. What a new row claims is kept as
evidence and settled with all that was ever said of the payment; money of which no payment is known waits in suspense.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from domain.kit import clock
from domain.kit.ids import new_id
from domain.kit.unit_of_work import Work
from domain.payments.rules.evidence import Evidence, of_row
from domain.payments.rules.phones import scrubbed
from domain.payments.rules.statements import RowError, RowKind, StatementRow
from domain.payments.settling import Wanted, settle_orphans, settle_payments
from domain.payments.statements.owners import about, owners_of
from domain.payments.states import Outcome, ReconTrigger, RowState

_MONEY: Final = frozenset({Outcome.PAID, Outcome.REVERSED})
_Key = tuple[str, str, str, int, datetime, str | None]

# Rows of other files, or earlier ones of this, about the same receipts.
_TOLD: Final = """
select receipt, kind, outcome, amount_minor, completed_at, reference from statement_row where receipt = any ($1::text[])
"""

_INSERT_ROWS: Final = """
insert into statement_row (id, import_id, number, kind, outcome, receipt, reverses, completed_at, amount_minor, currency,
                           details, reference, payment_id, state)
select id, $1, number, kind, outcome, receipt, reverses, completed_at, amount_minor, currency, details, reference,
       payment_id, state
from unnest($2::uuid[], $3::int[], $4::text[], $5::text[], $6::text[], $7::text[], $8::timestamptz[], $9::bigint[],
            $10::text[], $11::text[], $12::text[], $13::uuid[], $14::text[])
     as movement (id, number, kind, outcome, receipt, reverses, completed_at, amount_minor, currency, details, reference,
                  payment_id, state)
"""

_INSERT_ERRORS: Final = """
insert into statement_row_error (id, import_id, number, problem, "column")
select id, $1, number, problem, place
from unnest($2::uuid[], $3::int[], $4::text[], $5::text[]) as bad (id, number, problem, place)
"""

_INSERT_EVIDENCE: Final = """
insert into payment_evidence (payment_id, statement_row_id, channel, outcome, received_at, receipt, reverses, amount_minor,
                              currency, transacted_at, sender, reference, payer_name)
select payment_id, row_id, 'STATEMENT', outcome, $1, receipt, reverses, amount_minor, currency, transacted_at, sender,
       reference, payer_name
from unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::text[], $9::timestamptz[],
            $10::text[], $11::text[], $12::text[])
     as told (payment_id, row_id, outcome, receipt, reverses, amount_minor, currency, transacted_at, sender, reference,
              payer_name)
"""


@dataclass(slots=True)
class Told:
    """A row with what it claims and what becomes of it."""

    row: StatementRow
    claims: list[Evidence]
    state: RowState
    payment_id: UUID | None = None
    id: UUID = field(default_factory=new_id)

    @property
    def counts(self) -> bool:
        """Whether it says anything new of money that is ours."""
        return self.state in (RowState.MATCHED, RowState.ORPHAN)


@dataclass(frozen=True, slots=True)
class Counts:
    """How a batch fell out."""

    rows: int
    payments_in: int
    reversals: int
    others: int
    known: int
    matched: int
    orphans: int
    bad_rows: int


async def book_rows(work: Work, import_id: UUID, batch: Sequence[StatementRow | RowError], *, by: UUID | None) -> Counts:
    """Write a batch down and settle what it is about. The caller lets no two batches in at once."""
    errors = [each for each in batch if isinstance(each, RowError)]
    rows = [each for each in batch if isinstance(each, StatementRow)]
    told = await _told(work, rows, by)
    await _write_errors(work, import_id, errors)
    await _write_rows(work, import_id, told)
    await _write_evidence(work, told)
    await _settle(work, told, by)
    return _counted(told, errors)


async def _told(work: Work, rows: Sequence[StatementRow], by: UUID | None) -> list[Told]:
    """Each row with its state."""
    told_before = await _keys_told(work, rows)
    told = []
    for row in rows:
        is_known = _key_of(row) in told_before
        told_before.add(_key_of(row))
        claims = of_row(row, clock.now())
        state = RowState.KNOWN if is_known else RowState.ORPHAN if claims else RowState.IGNORED
        told.append(Told(row, claims, state))
    await _find_owners(work, told, by)
    return told


async def _keys_told(work: Work, rows: Iterable[StatementRow]) -> set[_Key]:
    found = await work.fetch(_TOLD, sorted({row.receipt for row in rows}))
    return {tuple(row.values()) for row in found}


def _key_of(row: StatementRow) -> _Key:
    """What makes two rows one: everything that they claim."""
    reference = _shown(row.reference)
    return row.receipt, row.kind.value, row.outcome.value, row.amount.amount_minor, row.completed_at, reference


def _shown(reference: str | None) -> str | None:
    """A reference as rows keep it: payers type their telephone numbers there."""
    return scrubbed(reference) if reference else None


async def _find_owners(work: Work, told: Sequence[Told], by: UUID | None) -> None:
    """Say of each row whose payment it is about."""
    claiming = [each for each in told if each.claims]
    owners = await owners_of(work, [each.row for each in claiming], created_by=by)
    for each in claiming:
        each.payment_id = owners.get(about(each.row))
        if each.state is RowState.KNOWN:
            continue
        if each.payment_id is not None:
            each.state = RowState.MATCHED
        elif each.claims[0].outcome not in _MONEY:
            # It failed or is under way, and is nobody's: no money waits for anybody.
            each.state = RowState.IGNORED


async def _write_errors(work: Work, import_id: UUID, errors: Sequence[RowError]) -> None:
    if errors:
        await work.execute(
            _INSERT_ERRORS,
            import_id,
            [new_id() for _ in errors],
            [error.number for error in errors],
            [error.problem.value for error in errors],
            [error.column for error in errors],
        )


async def _write_rows(work: Work, import_id: UUID, told: Sequence[Told]) -> None:
    rows = [each.row for each in told]
    await work.execute(
        _INSERT_ROWS,
        import_id,
        [each.id for each in told],
        [row.number for row in rows],
        [row.kind.value for row in rows],
        [row.outcome.value for row in rows],
        [row.receipt for row in rows],
        [row.reverses for row in rows],
        [row.completed_at for row in rows],
        [row.amount.amount_minor for row in rows],
        [row.amount.currency for row in rows],
        [row.details for row in rows],
        [_shown(row.reference) for row in rows],
        [each.payment_id for each in told],
        [each.state.value for each in told],
    )


async def _write_evidence(work: Work, told: Sequence[Told]) -> None:
    claims = [(each, claim) for each in told if each.counts for claim in each.claims]
    if not claims:
        return
    await work.execute(
        _INSERT_EVIDENCE,
        clock.now(),
        [each.payment_id for each, _ in claims],
        [each.id for each, _ in claims],
        [claim.outcome.value for _, claim in claims],
        [claim.receipt for _, claim in claims],
        [claim.reverses for _, claim in claims],
        [claim.amount and claim.amount.amount_minor for _, claim in claims],
        [claim.amount and claim.amount.currency for _, claim in claims],
        [claim.transacted_at for _, claim in claims],
        [claim.sender and claim.sender.stored for _, claim in claims],
        [_shown(claim.reference) for _, claim in claims],
        [each.row.other_party for each, _ in claims],
    )


async def _settle(work: Work, told: Sequence[Told], by: UUID | None) -> None:
    """Bring together what is known now of each payment, and keep what is nobody's for somebody to place."""
    now = clock.now()
    counting = [each for each in told if each.counts]
    orphans = sorted({about(each.row) for each in counting if each.payment_id is None})
    payments = sorted({each.payment_id for each in counting if each.payment_id is not None})
    wanted = [
        Wanted(payment_id=payment_id, trigger=ReconTrigger.PERIODIC, requested_by=by, started_at=now)
        for payment_id in payments
    ]
    await settle_payments(work, wanted, orphans=orphans)
    await settle_orphans(work, orphans)


def _counted(told: Sequence[Told], errors: Sequence[RowError]) -> Counts:
    kinds = [each.row.kind for each in told]
    states = [each.state for each in told]
    return Counts(
        rows=len(told) + len(errors),
        payments_in=kinds.count(RowKind.PAYMENT_IN),
        reversals=kinds.count(RowKind.REVERSAL),
        others=kinds.count(RowKind.CHARGE) + kinds.count(RowKind.PAYMENT_OUT),
        known=states.count(RowState.KNOWN),
        matched=states.count(RowState.MATCHED),
        orphans=states.count(RowState.ORPHAN),
        bad_rows=len(errors),
    )
