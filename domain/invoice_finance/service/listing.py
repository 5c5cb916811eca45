"""Offering an invoice: draft, edit, list, withdraw; and the end of an offer that nobody filled."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import asyncpg
from tortoise.exceptions import IntegrityError

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.invoice_finance.errors import (
    DuplicateInvoice,
    InvalidTerms,
    InvoiceHasInvestments,
    InvoiceNotDraft,
    InvoiceNotOpen,
    InvoicePastDue,
)
from domain.invoice_finance.events import InvoiceListed, InvoiceState
from domain.invoice_finance.models import Invoice
from domain.invoice_finance.service.desk import locked, locked_own, save, tell_updated
from domain.invoice_finance.service.releasing import release_everything
from domain.invoice_finance.service.terms import InvoiceTerms, columns_of, terms_of
from domain.invoice_finance.states import ENDED, OPEN, FundingMode, InvoiceChange, InvoiceStatus
from domain.kit import clock
from domain.kit.ids import new_id
from domain.kit.unit_of_work import Work, retried, unit_of_work


@retried
async def create_invoice(
    actor: Actor, *, terms: InvoiceTerms, draft: bool = False, invoice_id: UUID | None = None
) -> Invoice:
    """Put an invoice on the marketplace, or keep it as a draft. ``invoice_id`` is an id that somebody has given it already.

    Refuses with INVALID_TERMS, INVOICE_PAST_DUE, CURRENCY_MISMATCH, DEBTOR_NOT_FOUND and DUPLICATE_INVOICE.
    """
    actor.require(Permission.INVOICE_SELL)
    columns = await columns_of(terms, actor.id)
    async with unit_of_work() as work, _financed_once():
        moment = clock.now()
        invoice = Invoice(
            id=invoice_id or new_id(),
            seller_id=actor.id,
            seller_name=actor.name,
            status=InvoiceStatus.DRAFT,
            created_at=moment,
            updated_at=moment,
            **columns,
        )
        invoice.reckon_yield()
        if not draft:
            invoice.become(InvoiceStatus.LISTED)
        await invoice.save(force_create=True)
        if draft:
            await tell_updated(work, invoice, InvoiceChange.DRAFTED, InvoiceStatus.DRAFT)
        else:
            _tell_listed(work, invoice)
    return invoice


@retried
async def update_invoice(actor: Actor, *, invoice_id: UUID, changes: Mapping[str, Any]) -> Invoice:
    """Change some terms of a draft; ``changes`` is by the field names of :class:`InvoiceTerms`.

    Refuses with INVOICE_NOT_DRAFT once it is listed, and with what :func:`create_invoice` refuses.
    """
    actor.require(Permission.INVOICE_SELL)
    async with unit_of_work() as work, _financed_once():
        invoice = await _own_draft(actor, invoice_id)
        earlier = terms_of(invoice)
        if {"face", "advance_rate"} & changes.keys():
            # The minimum followed from the old amount; unless it is stated anew, the usual one of the new amount holds.
            earlier = dataclasses.replace(earlier, min_investment=None)
        if "due_on" in changes:
            earlier = dataclasses.replace(earlier, funding_deadline_at=None)
        terms = dataclasses.replace(earlier, **changes)
        invoice.update_from_dict(await columns_of(terms, invoice.seller_id))
        invoice.reckon_yield()
        await save(invoice)
        await tell_updated(work, invoice, InvoiceChange.EDITED, InvoiceStatus.DRAFT)
    return invoice


@retried
async def list_invoice(actor: Actor, *, invoice_id: UUID) -> Invoice:
    """Put a draft on the marketplace."""
    actor.require(Permission.INVOICE_SELL)
    async with unit_of_work() as work:
        invoice = await _own_draft(actor, invoice_id)
        if invoice.due_on <= clock.today():
            raise InvoicePastDue(invoice.due_on)
        if invoice.funding_deadline_at <= clock.now():
            raise InvalidTerms("the funding deadline has passed; set a new one", field=("input", "invoiceId"))
        before = invoice.become(InvoiceStatus.LISTED)
        invoice.reckon_yield()
        await save(invoice)
        _tell_listed(work, invoice)
        await tell_updated(work, invoice, InvoiceChange.LISTED, before)
    return invoice


@retried
async def withdraw_invoice(actor: Actor, *, invoice_id: UUID) -> Invoice:
    """Take an invoice back before any money reached the seller; what was held for it is released.

    Refuses with INVOICE_HAS_INVESTMENTS after that, and INVOICE_NOT_OPEN when it is over anyway.
    """
    actor.require(Permission.INVOICE_SELL)
    async with unit_of_work() as work:
        invoice = await locked_own(actor, invoice_id)
        before = invoice.status
        if before in ENDED:
            raise InvoiceNotOpen("this invoice is over already")
        if _money_is_out(invoice):
            raise InvoiceHasInvestments("investors have paid for this invoice; it cannot be withdrawn")
        invoice.give_up(InvoiceStatus.CANCELLED)
        await save(invoice)
        await release_everything(work, invoice)
        await tell_updated(work, invoice, InvoiceChange.WITHDRAWN, before)
    return invoice


@retried
async def expire_offer(invoice_id: UUID) -> bool:
    """End an offer whose deadline passed with no money out: the job's work. False when there was nothing to end."""
    async with unit_of_work() as work:
        invoice = await locked(invoice_id)
        before = invoice.status
        if before not in OPEN or clock.now() < invoice.funding_deadline_at or _money_is_out(invoice):
            return False
        invoice.give_up(InvoiceStatus.EXPIRED)
        await save(invoice)
        await release_everything(work, invoice)
        await tell_updated(work, invoice, InvoiceChange.EXPIRED, before)
    return True


def _money_is_out(invoice: Invoice) -> bool:
    """Whether the seller has received something: at once with every investment, or when all of it is there."""
    if invoice.status in OPEN:
        return invoice.funded_minor > 0 and invoice.funding_mode is FundingMode.IMMEDIATE
    return invoice.status is not InvoiceStatus.DRAFT


async def _own_draft(actor: Actor, invoice_id: UUID) -> Invoice:
    invoice = await locked_own(actor, invoice_id)
    if invoice.status is not InvoiceStatus.DRAFT:
        raise InvoiceNotDraft("the terms of a listed invoice are fixed")
    return invoice


def _tell_listed(work: Work, invoice: Invoice) -> None:
    work.record(InvoiceListed(invoice=InvoiceState.of(invoice), previous_status=InvoiceStatus.DRAFT))


@asynccontextmanager
async def _financed_once() -> AsyncIterator[None]:
    """Say in words what the unique index refuses."""
    try:
        yield
    except IntegrityError as error:
        cause = error.__cause__
        if isinstance(cause, asyncpg.UniqueViolationError) and cause.constraint_name == "invoice_is_financed_once":
            raise DuplicateInvoice("an invoice of this number to this debtor is here already") from None
        raise
