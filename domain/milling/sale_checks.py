"""The invariants of sales, recomputed from lines, returns, payments, reservations, movements and the journal."""

from __future__ import annotations

from typing import Final

from domain.kit.checks import Check
from domain.milling.accounts import COST_OF_GOODS_SOLD, TRADE_RECEIVABLES
from domain.milling.states import AT_THE_CUSTOMER

DOMAIN: Final = "milling"

_DELIVERED: Final = ", ".join(f"'{status.value}'" for status in sorted(AT_THE_CUSTOMER))
_OWED: Final = f"case when s.status in ({_DELIVERED}) then s.due_minor else 0 end"


def _balance_of(code: str) -> str:
    """The balance of a house account under its code, debits positive."""
    return f"""coalesce((select sum(h.amount_minor) from ledger_account a join house_balance h on h.account_id = a.id
                         where a.code = '{code}'), 0)"""


CHECKS: Final = (
    Check(
        DOMAIN,
        "receivables_are_due",
        "Trade receivables are what all sales together say is due.",
        f"""select 'trade receivables are ' || {_balance_of(TRADE_RECEIVABLES.code)} || ', sales say ' || owed.amount
            from (select coalesce(sum({_OWED}), 0) as amount from mill_sale s) owed
            where {_balance_of(TRADE_RECEIVABLES.code)} <> owed.amount""",
    ),
    Check(
        DOMAIN,
        "receivables_are_sales",
        "What the journal says is owed for a sale, its returns included, is what the sale says.",
        f"""select 'sale ' || s.number || ' says ' || {_OWED} || ' is due, the journal says ' || coalesce(j.amount, 0)
            from mill_sale s
            left join (
                select coalesce(r.sale_id, e.reference_id) as sale_id, sum(l.amount_minor) as amount
                from journal_entry e
                join journal_line l on l.entry_id = e.id
                join ledger_account a on a.id = l.account_id and a.code = '{TRADE_RECEIVABLES.code}'
                left join mill_sale_return r on e.reference_kind = 'sale_return' and r.id = e.reference_id
                where e.reference_kind in ('sale', 'sale_return')
                group by 1
            ) j on j.sale_id = s.id
            where {_OWED} <> coalesce(j.amount, 0)""",
    ),
    Check(
        DOMAIN,
        "cost_of_sales_is_movements",
        "Cost of goods sold is what the goods were worth that were delivered, less those that came back.",
        f"""select 'cost of goods sold is ' || {_balance_of(COST_OF_GOODS_SOLD.code)} || ', the movements say ' || m.cost
            from (select coalesce(-sum(p.value_minor + p.variance_minor), 0) as cost
                  from stock_movement m join stock_posting p on p.movement_id = m.id
                  where m.kind in ('SALE_DELIVERY', 'SALE_RETURN')) m
            where {_balance_of(COST_OF_GOODS_SOLD.code)} <> m.cost""",
    ),
    Check(
        DOMAIN,
        "sales_are_their_lines",
        "A sale's amount, discount and returns are the sums of its lines.",
        """select 'sale ' || s.number || ' disagrees with its lines' from mill_sale s
           left join (select sale_id, sum(amount_minor) as amount, sum(discount_minor) as discount,
                             sum(returned_minor) as returned
                      from mill_sale_line group by sale_id) l on l.sale_id = s.id
           where (s.amount_minor, s.discount_minor, s.returned_minor)
                 <> (coalesce(l.amount, 0), coalesce(l.discount, 0), coalesce(l.returned, 0))""",
    ),
    Check(
        DOMAIN,
        "sales_count_their_returns",
        "What of a sale's line came back, and what it was credited with, is the sum of the returns that stand.",
        """select 'line ' || l.line_no || ' of sale ' || s.number || ' disagrees with its returns'
           from mill_sale_line l join mill_sale s on s.id = l.sale_id
           left join (select r.sale_line_id, sum(r.base_quantity) as quantity, sum(r.amount_minor) as amount
                      from mill_sale_return_line r
                           join mill_sale_return d on d.id = r.sale_return_id and d.status = 'POSTED'
                      group by r.sale_line_id) r on r.sale_line_id = l.id
           where (l.returned_quantity, l.returned_minor) <> (coalesce(r.quantity, 0), coalesce(r.amount, 0))""",
    ),
    Check(
        DOMAIN,
        "sales_count_their_payments",
        "What a sale, or a return of it, says was paid and given back is the sum of the payments that stand.",
        """select 'sale ' || s.number || ' disagrees with its payments' from mill_sale s
           left join (select sale_id, sum(amount_minor) filter (where kind <> 'SALE_REFUND') as paid,
                             sum(amount_minor) filter (where kind = 'SALE_REFUND') as refunded
                      from mill_payment where reversed_at is null group by sale_id) m on m.sale_id = s.id
           where (s.paid_minor, s.refunded_minor) <> (coalesce(m.paid, 0), coalesce(m.refunded, 0))
           union all
           select 'return ' || r.number || ' disagrees with its refunds' from mill_sale_return r
           left join (select sale_return_id, sum(amount_minor) as refunded from mill_payment
                      where reversed_at is null group by sale_return_id) m on m.sale_return_id = r.id
           where r.refunded_minor <> coalesce(m.refunded, 0)""",
    ),
    Check(
        DOMAIN,
        "collected_payments_pay_their_sales",
        "What sales have of payments from outside is what those have brought them.",
        """select 'payment ' || coalesce(m.number, a.number) || ' disagrees with what it brought'
           from (select id, number, sale_id, collected_payment_id, amount_minor from mill_payment
                 where collected_payment_id is not null and reversed_at is null) m
           full join (select p.id, p.number, p.target_id, a.record_id, a.amount_minor
                      from payment_application a join payment p on p.id = a.payment_id
                      where p.purpose = 'MILL_SALE' and a.amount_minor > 0) a on a.id = m.collected_payment_id
           where (m.id, m.sale_id, m.amount_minor) is distinct from (a.record_id, a.target_id, a.amount_minor)""",
    ),
    Check(
        DOMAIN,
        "confirmed_sales_hold_back",
        "What is held back for sales is what confirmed sales are to deliver, and for no others.",
        """select 'sale ' || coalesce(s.number, r.document_id::text) || ' holds back ' || coalesce(r.quantity, 0) || ', not '
                  || coalesce(s.quantity, 0)
           from (select s.id, s.number, s.warehouse_id, l.item_id, sum(l.base_quantity) as quantity
                 from mill_sale s join mill_sale_line l on l.sale_id = s.id
                 where s.status = 'CONFIRMED' group by s.id, l.item_id) s
           full join (select document_id, item_id, warehouse_id, quantity from stock_reservation
                      where document_kind = 'SALE') r
               on (r.document_id, r.item_id, r.warehouse_id) = (s.id, s.item_id, s.warehouse_id)
           where r.quantity is distinct from s.quantity""",
    ),
    Check(
        DOMAIN,
        "deliveries_are_movements",
        "A line of a sale that went out has its movement, of its quantity, which holds unless the sale was cancelled.",
        f"""select 'line ' || l.line_no || ' of sale ' || s.number || ' disagrees with its movement'
            from mill_sale_line l
            join mill_sale s on s.id = l.sale_id
            left join stock_movement m on m.id = l.movement_id
            left join stock_cancellation c on c.movement_id = m.id
            where (l.movement_id is null and s.status in ({_DELIVERED}))
               or (m.kind, m.quantity, m.document_id) <> ('SALE_DELIVERY', -l.base_quantity, s.id)
               or (m.id is not null and (c.movement_id is not null) <> (s.status = 'CANCELLED'))""",
    ),
    Check(
        DOMAIN,
        "paid_sales_owe_nothing",
        "A sale without returns is PAID if and only if nothing is due.",
        """select 'sale ' || number || ' is ' || status || ' and ' || due_minor || ' is due' from mill_sale
           where status in ('DELIVERED', 'PAID') and (status = 'PAID') <> (due_minor <= 0)""",
    ),
)
