"""The papers of a voucher: receipts and invoices that were handed in to the files room become part of it here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from domain.accounting.accounts import REFERENCES
from domain.accounting.errors import NotUnposted, TooManyPapers
from domain.accounting.models import Voucher
from domain.accounting.queries import vouchers_seen
from domain.accounting.service import desk
from domain.accounting.service.telling import tell_changed
from domain.accounting.states import VoucherChange, VoucherKind, VoucherState
from domain.files.access import readable
from domain.files.models import StoredFile
from domain.files.service import attach
from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit.errors import InvalidInput
from domain.kit.unit_of_work import retried, unit_of_work

MAX_AT_ONCE: Final = 10
MAX_OF_VOUCHER: Final = 20


@retried
async def add_papers(actor: Actor, *, kind: VoucherKind, voucher_id: UUID, file_ids: Sequence[UUID]) -> Voucher:
    """Let files that the actor handed in belong to a voucher, in the books or not, as long as it was not thrown away.

    Whoever may see the voucher can read them from now on, and nobody can delete them. Refuses with FILE_NOT_FOUND,
    FILE_ALREADY_ATTACHED and TOO_MANY_PAPERS, and then adds none.
    """
    actor.require(Permission.ACCOUNTING_WRITE)
    if not 1 <= len(file_ids) <= MAX_AT_ONCE:
        raise TooManyPapers(f"1 to {MAX_AT_ONCE} papers can be added at once")
    if len(set(file_ids)) < len(file_ids):
        raise InvalidInput("each file is one paper", field=TooManyPapers.field)
    async with unit_of_work() as work:
        voucher = await desk.locked(actor, desk.MODELS[kind], voucher_id)
        if voucher.state is VoucherState.VOIDED:
            raise NotUnposted("it was thrown away", field=("input", "voucherId"))
        subject = REFERENCES[kind]
        if await StoredFile.filter(subject_kind=subject, subject_id=voucher.id).count() + len(file_ids) > MAX_OF_VOUCHER:
            raise TooManyPapers(f"a voucher has up to {MAX_OF_VOUCHER} papers")
        for file_id in file_ids:
            await attach(work, file_id, subject, voucher.id, by=actor)
        tell_changed(work, voucher, VoucherChange.PAPERS_ADDED)
    return voucher


for _kind, _subject in REFERENCES.items():
    readable(_subject, vouchers_seen(desk.MODELS[_kind]))
