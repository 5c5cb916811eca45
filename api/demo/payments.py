"""Five weeks of payments by M-Pesa: sessions with a counsellor, instalments, top-ups, a sale and an invoice; and everything
that can go wrong with them, found, dealt with, or left for whoever tries the demo.

Administrators are told for three days of what is of high severity; whatever is found in this story was found earlier.
What waits: a session to be paid, discrepancies that nobody or somebody has in hand, and money of which nobody knows what it
is for.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from decimal import Decimal
from typing import Final

from api.demo.books import kes
from api.demo.crossings import (
    a_fee_is_paid_late_and_told_of_twice,
    a_loan_is_paid_in_two_parts,
    a_loan_pays_a_fee,
    an_investor_pays_for_wheat,
)
from api.demo.mpesa_then import CANCELLED, UNREACHABLE
from api.demo.payment_weeks import A_SECOND, TELEPHONES, THE_PIN, Weeks, payer_of
from api.demo.people import (
    ADMIN,
    BORROWER,
    CASHIER,
    CLIENT,
    COUNSELLOR,
    DEBTOR,
    SECOND_CLIENT,
    SECOND_SELLER,
    THIRD_INVESTOR,
)
from api.demo.stage import A_MOMENT, Stage
from domain.files.service import store_file
from domain.invoice_finance import service as invoices
from domain.invoice_finance.models import Invoice
from domain.invoice_finance.rules import FeeTerms
from domain.invoice_finance.service import InvoiceTerms
from domain.invoice_finance.states import FeeMethod, Industry
from domain.kit import clock
from domain.lending.models import Loan
from domain.lending.states import LoanStatus
from domain.milling.models import Sale
from domain.payments import provider, settings
from domain.payments.models import Payment
from domain.payments.provider import CURRENCY
from domain.payments.rules.rule_matching import Criterion, MatchField, Strategy
from domain.payments.service.daily import daily_reconciliation
from domain.payments.service.initiating import initiate_mpesa_payment, resend_mpesa_prompt
from domain.payments.service.match_rules import create_match_rule
from domain.payments.service.sessions import cancel_service_session
from domain.payments.service.statements import STATEMENT, import_statement
from domain.payments.service.thresholds import update_alert_thresholds
from domain.payments.states import DiscrepancyType, MessageKind, Purpose, Resolution

BEGAN_DAYS_AGO: Final = 35


async def tell(stage: Stage) -> None:
    weeks, chosen = Weeks(stage), settings.current()
    settings.configure(replace(chosen, has_account=True, takes_commands=True))
    try:
        with provider.installed(weeks.mpesa):
            for days_ago, chapter in CHAPTERS:
                weeks.begin(days_ago)
                await chapter(weeks)
    finally:
        settings.configure(chosen)


async def _rules_of_the_house(weeks: Weeks) -> None:
    """When administrators are alarmed, and how rows of statements are matched with payments."""
    thresholds = {"discrepancy_rate": Decimal(20), "least_processed": 20, "window_minutes": 60}
    await weeks.does(ADMIN, update_alert_thresholds, **thresholds)
    day, typed = Criterion(MatchField.DATE, drift=Decimal(86_400)), Criterion(MatchField.REFERENCE, drift=Decimal(25))
    for title, strategy, criteria in (
        ("The reference, to the letter", Strategy.ONE_TO_ONE, [Criterion(MatchField.REFERENCE)]),
        ("A reference with typing mistakes, within a day", Strategy.ONE_TO_ONE, [typed, day]),
        ("Paid in parts within a day", Strategy.MANY_TO_ONE, [Criterion(MatchField.REFERENCE), day]),
    ):
        await weeks.does(ADMIN, create_match_rule, title=title, strategy=strategy, criteria=criteria)


async def _as_it_should_be(weeks: Weeks) -> None:
    first = await weeks.session(CLIENT, 2_500, "Counselling, first talk")
    top_up = await weeks.asks(BORROWER, Purpose.WALLET_TOP_UP, weeks.stage.actors[BORROWER], 3_000)
    await weeks.pays(CLIENT, first)
    await weeks.pays(BORROWER, top_up)
    await weeks.is_over()


async def _at_the_second_try(weeks: Weeks) -> None:
    """One declines and pays when asked again; of another M-Pesa says that he cannot be reached, and then that he paid."""
    declined = await weeks.session(SECOND_CLIENT, 3_000, "Counselling for couples")
    await weeks.declines(declined, CANCELLED)
    await weeks.is_over()
    again = await weeks.does(SECOND_CLIENT, resend_mpesa_prompt, payment_id=declined.id)
    await weeks.pays(SECOND_CLIENT, again)
    contradicted = await weeks.session(CLIENT, 2_500, "Counselling, second talk")
    await weeks.declines(contradicted, UNREACHABLE)
    await weeks.pays(CLIENT, contradicted)
    await weeks.is_over()
    note = "The statement has it: she paid at the second look."
    await weeks.resolves(contradicted, DiscrepancyType.STATUS_MISMATCH, Resolution.CORRECTED, note)


async def _late_and_missing(weeks: Weeks) -> None:
    """A callback comes after its time; another one never, and M-Pesa, asked, says that it was paid."""
    late = await _towards_a_loan(weeks)
    missing = await weeks.session(CLIENT, 2_500, "Counselling, third talk")
    await weeks.goes_by(A_SECOND)
    with clock.clock_set_to(weeks.now + THE_PIN):
        told = weeks.mpesa.pays(late.reference, payer=payer_of(BORROWER))
        weeks.mpesa.pays(missing.reference, payer=payer_of(CLIENT))
    await weeks.goes_by(settings.current().callback_within + THE_PIN)
    await weeks.hears(told)
    await weeks.is_over()
    await weeks.resolves(late, DiscrepancyType.LATE_CALLBACK, Resolution.NO_ACTION, "M-Pesa was slow that morning.")
    await weeks.takes_on(missing, DiscrepancyType.MISSING_CALLBACK)


async def _towards_a_loan(weeks: Weeks) -> Payment:
    """She pays early; into her wallet where somebody has paid her loan off meanwhile."""
    her = weeks.stage.actors[BORROWER]
    loan = await Loan.filter(borrower_id=her.id, status=LoanStatus.ACTIVE).first()
    if loan is None:
        return await weeks.asks(BORROWER, Purpose.WALLET_TOP_UP, her, 5_000)
    return await weeks.asks(BORROWER, Purpose.LOAN_INSTALMENT, loan, 5_000)


async def _twice_and_too_late(weeks: Weeks) -> None:
    """One pays the prompt and the Paybill, and has it back; one pays for a session that was called off meanwhile."""
    twice = await weeks.session(CLIENT, 2_500, "Counselling, fourth talk")
    await weeks.pays(CLIENT, twice)
    await weeks.pays_bill(CLIENT, twice.reference, 2_500)
    called_off = await weeks.books(SECOND_CLIENT, 1_500, "A short talk")
    paid_late = await weeks.asks(SECOND_CLIENT, Purpose.SERVICE_SESSION, called_off)
    await weeks.goes_by(A_SECOND)
    await weeks.does_at_once(COUNSELLOR, cancel_service_session, service_session_id=called_off.id)
    await weeks.pays(SECOND_CLIENT, paid_late)
    await weeks.is_over()
    note = "She paid twice and asked for the second one."
    await weeks.resolves(twice, DiscrepancyType.DUPLICATE_PAYMENT, Resolution.REFUNDED, note)
    await weeks.goes_by(A_SECOND)
    with clock.clock_set_to(weeks.now):
        result = weeks.mpesa.gives_back(weeks.mpesa.receipt_of(twice.reference))
    await weeks.hears(result, kind=MessageKind.REVERSAL_RESULT)
    await weeks.is_over()


async def _other_amounts(weeks: Weeks) -> None:
    """A part of what was asked for came, and is as welcome; for a session too little came, and the client is talked to."""
    less = await _towards_a_loan(weeks)
    await weeks.pays(BORROWER, less, amount=kes(4_500))
    unreachable = await weeks.session(SECOND_CLIENT, 2_500, "Counselling for couples, second talk")
    await weeks.declines(unreachable, UNREACHABLE)
    await weeks.pays_bill(SECOND_CLIENT, unreachable.reference, 2_400)
    await weeks.is_over()
    note = "Any amount is welcome."
    await weeks.resolves(less, DiscrepancyType.AMOUNT_MISMATCH, Resolution.ACCEPTED, note)
    await weeks.takes_on(unreachable, DiscrepancyType.AMOUNT_MISMATCH)


async def _other_telephones(weeks: Weeks) -> None:
    """The husband's telephone answers; a reference is typed that nobody knows, until somebody says whose it is."""
    husbands = await weeks.session(CLIENT, 2_500, "Counselling, fifth talk")
    await weeks.pays(CLIENT, husbands, phone="254712000199")
    unanswered = await weeks.session(SECOND_CLIENT, 2_500, "Counselling for couples, third talk")
    await weeks.goes_by(settings.current().expires_after + THE_PIN)
    await weeks.pays_bill(SECOND_CLIENT, "ODONGO P", 2_500)
    await weeks.is_over()
    note = "His name and the price of the session."
    await weeks.resolves(
        None, DiscrepancyType.ORPHAN_TRANSACTION, Resolution.MATCHED_BY_HAND, note, payment_id=unanswered.id
    )
    await weeks.pays_bill(CLIENT, "KISIMA SHOP", 35)
    await weeks.is_over()
    note = "Thirty-five shillings, and nobody asks for them."
    await weeks.resolves(None, DiscrepancyType.ORPHAN_TRANSACTION, Resolution.WRITTEN_OFF, note)


async def _a_statement(weeks: Weeks) -> None:
    """The administrator imports the statement of three weeks. It knows a receipt that nobody has heard of, lacks one that
    we were told of, and says that a top-up went back."""
    top_up = await Payment.filter(purpose=Purpose.WALLET_TOP_UP).order_by("serial").first()
    husbands = await Payment.filter(title="Counselling, fifth talk").get()
    assert top_up is not None and top_up.transaction_id and husbands.transaction_id, "both were paid"
    with clock.clock_set_to(weeks.now):
        weeks.mpesa.takes_back(top_up.transaction_id)
        weeks.mpesa.pays_bill("COUNSELING WAMBUI", kes(2_500), phone=TELEPHONES[CLIENT], payer=payer_of(CLIENT))
        content = weeks.mpesa.statement(without={husbands.transaction_id})
    handed_in = {"file_name": "mpesa-statement.csv", "content": content, "purpose": STATEMENT.name}
    file = await weeks.does(ADMIN, store_file, **handed_in)
    await weeks.does(ADMIN, import_statement, file_id=file.id)
    await weeks.goes_by(A_MOMENT)
    await weeks.does(ADMIN, daily_reconciliation, on_date=weeks.stage.day(18))
    await weeks.goes_by(A_MOMENT)


async def _an_invoice_is_funded(weeks: Weeks) -> None:
    """An investor brings money by M-Pesa, and puts it into an invoice."""
    terms = InvoiceTerms(
        number="BM-1002",
        debtor_name=DEBTOR.name,
        debtor_id=weeks.stage.actors[DEBTOR].id,
        face=kes(45_000),
        due_on=weeks.stage.day(-20),
        industry=Industry.AGRICULTURE,
        description="Flour for the shops in Nakuru.",
        advance_rate=Decimal(80),
        fee=FeeTerms(FeeMethod.FLAT, rate_bps=300),
    )
    top_up = await weeks.asks(THIRD_INVESTOR, Purpose.WALLET_TOP_UP, weeks.stage.actors[THIRD_INVESTOR], 40_000)
    await weeks.pays(THIRD_INVESTOR, top_up)
    await weeks.is_over()
    invoice = await weeks.does(SECOND_SELLER, invoices.create_invoice, terms=terms)
    await weeks.does(THIRD_INVESTOR, invoices.fund_invoice, invoice_id=invoice.id, amount=kes(36_000))


async def _the_debtor_pays(weeks: Weeks) -> None:
    """Metro Retail pays a part of what it owes for flour, asked by the cashier, and a part of an invoice."""
    owed = Sale.filter(customer_name=DEBTOR.name, due_minor__gte=kes(12_380).amount_minor)
    sale, invoice = await owed.filter(currency=CURRENCY, finance_status=None).first(), await Invoice.get(number="BM-1002")
    paid = [await weeks.asks(DEBTOR, Purpose.INVOICE_SETTLEMENT, invoice, 20_000)]
    if sale is not None:
        said = {"purpose": Purpose.MILL_SALE, "target_id": sale.id, "phone": TELEPHONES[DEBTOR], "amount": kes(12_380)}
        paid.append(await weeks.does(CASHIER, initiate_mpesa_payment, **said))
    await weeks.pays(DEBTOR, *paid)
    await weeks.is_over()
    await weeks.does(ADMIN, daily_reconciliation, on_date=weeks.stage.day(9))
    await weeks.goes_by(A_MOMENT)


async def _of_late(weeks: Weeks) -> None:
    """Nobody has anything to complain about."""
    paid = await weeks.session(SECOND_CLIENT, 3_000, "Counselling for couples, fourth talk")
    await weeks.pays(SECOND_CLIENT, paid)
    await weeks.is_over()


async def _to_be_paid(weeks: Weeks) -> None:
    """The sessions of the next days, which nobody has paid."""
    await weeks.books(CLIENT, 2_500, "Counselling, sixth talk", days_ahead=3)
    await weeks.books(SECOND_CLIENT, 3_000, "Counselling for couples, last talk", days_ahead=4)


CHAPTERS: Final[tuple[tuple[int, Callable[[Weeks], Awaitable[None]]], ...]] = (
    (BEGAN_DAYS_AGO, _rules_of_the_house),
    (33, _as_it_should_be),
    (31, _at_the_second_try),
    (28, _late_and_missing),
    (25, _twice_and_too_late),
    (22, _other_amounts),
    (20, _an_invoice_is_funded),
    (18, _other_telephones),
    (16, a_loan_is_paid_in_two_parts),
    (15, a_fee_is_paid_late_and_told_of_twice),
    (14, a_loan_pays_a_fee),
    (12, _a_statement),
    (9, _the_debtor_pays),
    (7, an_investor_pays_for_wheat),
    (4, _of_late),
    (2, _to_be_paid),
)
