"""The invariants of purchases, recomputed from lines, returns, landed costs, payments and the journal."""

from __future__ import annotations

from typing import Final

from domain.kit.checks import Check

DOMAIN: Final = "milling"

# What the journal has on an account of the chart for each purchase: its own entries, and those of its returns. Credits are
# positive.
_OF_PURCHASES: Final = """
select p.id, -sum(l.amount_minor) as amount
from journal_entry e
     join journal_line l on l.entry_id = e.id
     join ledger_account a on a.id = l.account_id and a.code = '{code}'
     left join mill_purchase_return r on e.reference_kind = 'purchase_return' and r.id = e.reference_id
     join mill_purchase p on p.id = case when e.reference_kind = 'purchase' then e.reference_id else r.purchase_id end
group by p.id
"""

CHECKS: Final = (
    Check(
        DOMAIN,
        "received_but_not_billed",
        "What the journal holds as received but not billed for a purchase is what was received, less what went back, until "
        "there is a bill; then it is nothing.",
        f"""select 'purchase ' || p.number || ' has ' || coalesce(j.amount, 0) || ' received but not billed, not '
                   || w.amount
            from mill_purchase p
            cross join lateral (select case when p.status in ('DRAFT', 'CANCELLED') or p.billed_minor is not null then 0
                                            else p.amount_minor - p.returned_minor end as amount) w
            left join ({_OF_PURCHASES.format(code="2210")}) j on j.id = p.id
            where coalesce(j.amount, 0) <> w.amount""",
    ),
    Check(
        DOMAIN,
        "payables_are_bills",
        "What the journal owes a supplier for a purchase is its bill, less what went back after it, less payments, plus "
        "refunds.",
        f"""select 'purchase ' || p.number || ' owes ' || p.due_minor || ', the journal says ' || coalesce(j.amount, 0)
            from mill_purchase p left join ({_OF_PURCHASES.format(code="2120")}) j on j.id = p.id
            where coalesce(j.amount, 0) <> case when p.status = 'CANCELLED' then 0 else p.due_minor end""",
    ),
    Check(
        DOMAIN,
        "purchases_are_their_lines",
        "A purchase's amount, bill, landed cost and returns are the sums of its lines.",
        """select 'purchase ' || p.number || ' disagrees with its lines' from mill_purchase p
           left join (select purchase_id, sum(amount_minor) as amount, sum(billed_minor) as billed,
                             sum(landed_minor) as landed, sum(returned_minor) as returned
                      from mill_purchase_line group by purchase_id) l on l.purchase_id = p.id
           where (p.amount_minor, coalesce(p.billed_minor, 0), p.landed_minor, p.returned_minor)
                 <> (coalesce(l.amount, 0), coalesce(l.billed, 0), coalesce(l.landed, 0), coalesce(l.returned, 0))""",
    ),
    Check(
        DOMAIN,
        "purchases_count_their_returns",
        "What of a purchase's line went back, and what the supplier gave for it, is the sum of the returns that stand.",
        """select 'line ' || l.line_no || ' of purchase ' || p.number || ' disagrees with its returns'
           from mill_purchase_line l join mill_purchase p on p.id = l.purchase_id
           left join (select r.purchase_line_id, sum(r.base_quantity) as quantity, sum(r.amount_minor) as amount
                      from mill_purchase_return_line r
                           join mill_purchase_return d on d.id = r.purchase_return_id and d.status = 'POSTED'
                      group by r.purchase_line_id) r on r.purchase_line_id = l.id
           where (l.returned_quantity, l.returned_minor) <> (coalesce(r.quantity, 0), coalesce(r.amount, 0))""",
    ),
    Check(
        DOMAIN,
        "purchases_count_their_credits",
        "What was taken off the bill of a purchase is the sum of the returns that stand.",
        """select 'purchase ' || p.number || ' was credited ' || p.credited_minor || ', its returns say '
                  || coalesce(r.credited, 0)
           from mill_purchase p
           left join (select purchase_id, sum(credited_minor) as credited from mill_purchase_return
                      where status = 'POSTED' group by purchase_id) r on r.purchase_id = p.id
           where p.credited_minor <> coalesce(r.credited, 0)""",
    ),
    Check(
        DOMAIN,
        "purchases_count_their_payments",
        "What a purchase says was paid and paid back is the sum of the payments that stand.",
        """select 'purchase ' || p.number || ' disagrees with its payments' from mill_purchase p
           left join (select purchase_id, sum(amount_minor) filter (where kind = 'SUPPLIER_PAYMENT') as paid,
                             sum(amount_minor) filter (where kind = 'SUPPLIER_REFUND') as refunded
                      from mill_payment where reversed_at is null group by purchase_id) m on m.purchase_id = p.id
           where (p.paid_minor, p.refunded_minor) <> (coalesce(m.paid, 0), coalesce(m.refunded, 0))""",
    ),
    Check(
        DOMAIN,
        "landed_costs_are_their_shares",
        "A landed cost is shared out to the cent, and a line carries the shares that stand.",
        """select 'landed cost ' || c.number || ' is ' || c.amount_minor || ', its shares are ' || s.amount
           from mill_landed_cost c
           join (select landed_cost_id, sum(amount_minor) as amount from mill_landed_cost_share group by landed_cost_id) s
               on s.landed_cost_id = c.id
           where s.amount <> c.amount_minor
           union all
           select 'line ' || l.line_no || ' of purchase ' || p.number || ' carries ' || l.landed_minor
           from mill_purchase_line l join mill_purchase p on p.id = l.purchase_id
           left join (select s.purchase_line_id, sum(s.amount_minor) as amount from mill_landed_cost_share s
                      join mill_landed_cost c on c.id = s.landed_cost_id and c.status = 'POSTED'
                      group by s.purchase_line_id) s on s.purchase_line_id = l.id
           where l.landed_minor <> coalesce(s.amount, 0)""",
    ),
    Check(
        DOMAIN,
        "receipts_are_movements",
        "A line of a purchase that was received has its movement, of its quantity and its amount, which holds unless the "
        "purchase was cancelled.",
        """select 'line ' || l.line_no || ' of purchase ' || p.number || ' disagrees with its movement'
           from mill_purchase_line l join mill_purchase p on p.id = l.purchase_id
           join stock_movement m on m.id = l.movement_id
           left join stock_cancellation c on c.movement_id = m.id
           where (m.kind, m.quantity, m.value_minor, m.document_id)
                 <> ('PURCHASE_RECEIPT', l.received_quantity, l.amount_minor, p.id)
                 or (c.movement_id is not null) <> (p.status = 'CANCELLED')""",
    ),
)
