"""The invariants of what sellers hold of the mill's money, recomputed from what came and went and from the journal."""

from __future__ import annotations

from typing import Final

from domain.kit.checks import Check
from domain.milling.accounts import FINANCE_ADVANCES, FINANCE_PROCEEDS

DOMAIN: Final = "milling"

# What entries have on an account of the chart, debits positive.
_ON: Final = """(select l.entry_id, sum(l.amount_minor) as amount from journal_line l
                 join ledger_account a on a.id = l.account_id and a.code = '{code}' group by l.entry_id)"""

CHECKS: Final = (
    Check(
        DOMAIN,
        "proceeds_are_in_the_books",
        "What came into a seller's wallet for the mill, or left it, is what its entry says; and no other entry says so. "
        "(Repayments that were booked before this was kept are left out.)",
        f"""select 'entry ' || e.number || ' says ' || coalesce(j.amount, 0) || ', not ' || coalesce(p.amount, 0)
            from {_ON.format(code=FINANCE_PROCEEDS.code)} j
            full join (select entry_id, sum(amount_minor) as amount from mill_proceeds group by entry_id) p
                on p.entry_id = j.entry_id
            join journal_entry e on e.id = coalesce(j.entry_id, p.entry_id)
            where e.kind <> 'milling.sale_paid' and j.amount is distinct from p.amount""",
    ),
    Check(
        DOMAIN,
        "advances_are_of_unpaid_invoices",
        "What investors paid for a sale is an advance until the customer has paid them, and as far as the customer has not.",
        f"""select 'sale ' || s.number || ' has advances of ' || coalesce(j.amount, 0) || ', not ' || w.amount
            from mill_sale s
            join (select sale_id, sum(amount_minor) as amount from mill_proceeds where kind = 'RECEIVED' group by sale_id) p
                on p.sale_id = s.id
            left join (select sale_id, sum(amount_minor) as amount from mill_payment
                       where kind = 'SALE_FINANCED' and reversed_at is null group by sale_id) f on f.sale_id = s.id
            cross join lateral (select p.amount - least(p.amount, coalesce(f.amount, 0)) as amount) w
            left join (select e.reference_id, -sum(l.amount) as amount
                       from {_ON.format(code=FINANCE_ADVANCES.code)} l join journal_entry e on e.id = l.entry_id
                       where e.reference_kind = 'sale' group by e.reference_id) j on j.reference_id = s.id
            where coalesce(j.amount, 0) <> w.amount""",
    ),
    Check(
        DOMAIN,
        "proceeds_spent_are_payments",
        "What paid a supplier out of a seller's wallet was taken from there, to the cent.",
        """select 'payment ' || m.number || ' disagrees with what was taken for it'
           from mill_payment m left join mill_proceeds p on p.payment_id = m.id
           where m.kind = 'SUPPLIER_PAYMENT' and m.method = 'WALLET'
             and (p.id is null or p.amount_minor <> -m.amount_minor or p.seller_id <> m.wallet_owner_id)""",
    ),
    Check(
        DOMAIN,
        "proceeds_are_there",
        "Nobody took more out of a seller's wallet for the mill than investors had paid into it.",
        """select 'seller ' || seller_id || ' is at ' || sum(amount_minor) from mill_proceeds
           group by seller_id, currency having sum(amount_minor) < 0""",
    ),
)
