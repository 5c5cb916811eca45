"""The invariants of stock, recomputed from movements, their postings, reservations and the ledger."""

from __future__ import annotations

from domain.kit.checks import Check, Proof, register, register_proof
from domain.milling.accounts import STOCK_IN_TRANSFER, STOCK_OF, WORK_IN_PROGRESS
from domain.milling.days_checks import CHECKS as OF_DAYS
from domain.milling.proceeds_checks import CHECKS as OF_PROCEEDS
from domain.milling.production_checks import CHECKS as OF_PRODUCTIONS
from domain.milling.purchase_checks import CHECKS as OF_PURCHASES
from domain.milling.sale_checks import CHECKS as OF_SALES
from domain.milling.stock.writing import DAYS
from domain.milling.verification import verify_stock

DOMAIN = "milling"

_CODES = ", ".join(f"('{category.value}', '{account.code}')" for category, account in STOCK_OF.items())


def _balance_of(code: str) -> str:
    """The balance of a house account under its code, debits positive."""
    return f"""coalesce((select sum(h.amount_minor) from ledger_account a join house_balance h on h.account_id = a.id
                         where a.code = '{code}'), 0)"""


register(
    *OF_PURCHASES,
    *OF_SALES,
    *OF_PROCEEDS,
    *OF_PRODUCTIONS,
    *OF_DAYS,
    Check(
        DOMAIN,
        "movements_are_posted_until_cancelled",
        "Every movement has a posting, but for those that are cancelled.",
        """select 'movement ' || m.id || case when c.movement_id is null then ' has no posting'
                                              else ' is cancelled and has a posting' end
           from stock_movement m
           left join stock_cancellation c on c.movement_id = m.id
           left join stock_posting p on p.movement_id = m.id
           where (p.movement_id is null) <> (c.movement_id is not null)""",
    ),
    Check(
        DOMAIN,
        "bins_are_postings",
        "What is on hand in each bin and what it is worth are the sums of its movements' postings.",
        """select 'item ' || i.code || ' in ' || w.code || ' says ' || b.on_hand || ' worth ' || b.value_minor
                  || ', its postings say ' || coalesce(s.quantity, 0) || ' worth ' || coalesce(s.value, 0)
           from stock_bin b
           join mill_item i on i.id = b.item_id
           join mill_warehouse w on w.id = b.warehouse_id
           left join (select m.item_id, m.warehouse_id, sum(p.quantity) as quantity, sum(p.value_minor) as value
                      from stock_posting p join stock_movement m on m.id = p.movement_id
                      group by m.item_id, m.warehouse_id) s
               on s.item_id = b.item_id and s.warehouse_id = b.warehouse_id
           where (b.on_hand, b.value_minor) <> (coalesce(s.quantity, 0), coalesce(s.value, 0))""",
    ),
    Check(
        DOMAIN,
        "nothing_is_worth_nothing",
        "Where nothing is on hand, nothing is worth anything; and nothing is under zero that may not be.",
        """select 'item ' || i.code || ' in ' || w.code || ' has ' || b.on_hand || ' worth ' || b.value_minor
           from stock_bin b join mill_item i on i.id = b.item_id join mill_warehouse w on w.id = b.warehouse_id
           where (b.on_hand = 0 and b.value_minor <> 0) or (b.on_hand < 0 and not i.allow_negative)""",
    ),
    Check(
        DOMAIN,
        "stock_is_in_the_books",
        "The stock accounts of the ledger are what the bins of their categories are worth.",
        f"""select 'account ' || k.code || ' has ' || coalesce(l.amount, 0) || ', the bins are worth '
                   || coalesce(s.value, 0)
            from (values {_CODES}) k (category, code)
            left join (select i.category, sum(b.value_minor) as value from stock_bin b join mill_item i on i.id = b.item_id
                       group by i.category) s on s.category = k.category
            left join (select a.code, sum(h.amount_minor) as amount
                       from ledger_account a join house_balance h on h.account_id = a.id group by a.code) l
                on l.code = k.code
            where coalesce(l.amount, 0) <> coalesce(s.value, 0)""",
    ),
    Check(
        DOMAIN,
        "transfers_arrive",
        "Stock in transfer is zero: what went out of one warehouse came into another.",
        f"""select 'stock in transfer is ' || {_balance_of(STOCK_IN_TRANSFER.code)}
            where {_balance_of(STOCK_IN_TRANSFER.code)} <> 0""",
    ),
    Check(
        DOMAIN,
        "work_in_progress_is_pools",
        "Work in progress is what productions and repacks have taken and not given back yet.",
        f"""select 'work in progress is ' || {_balance_of(WORK_IN_PROGRESS.code)} || ', the pools have ' || pools.amount
            from (select coalesce((select sum(amount_minor) from stock_pool), 0)
                         - coalesce((select sum(p.value_minor + p.variance_minor) from stock_posting p
                                     join stock_movement m on m.id = p.movement_id where m.pool_id is not null), 0) as amount
                 ) pools
            where {_balance_of(WORK_IN_PROGRESS.code)} <> pools.amount""",
    ),
    Check(
        DOMAIN,
        "outputs_take_all",
        "Where an output takes the rest of what a production or repack cost, nothing is left over.",
        """select 'pool ' || m.pool_id || ' has ' || coalesce(max(o.amount), 0) - sum(p.value_minor + p.variance_minor)
                  || ' left'
           from stock_movement m
           join stock_posting p on p.movement_id = m.id
           left join (select pool_id, sum(amount_minor) as amount from stock_pool group by pool_id) o
               on o.pool_id = m.pool_id
           where m.pool_id is not null
           group by m.pool_id
           having bool_or(m.cost_rule = 'REST')
              and coalesce(max(o.amount), 0) <> sum(p.value_minor + p.variance_minor)""",
    ),
    Check(
        DOMAIN,
        "reserved_is_reservations",
        "What each bin holds back is the sum of the reservations of documents.",
        """select 'item ' || i.code || ' in ' || w.code || ' holds back ' || b.reserved || ', documents say '
                  || coalesce(r.quantity, 0)
           from stock_bin b
           join mill_item i on i.id = b.item_id
           join mill_warehouse w on w.id = b.warehouse_id
           left join (select item_id, warehouse_id, sum(quantity) as quantity from stock_reservation group by 1, 2) r
               on r.item_id = b.item_id and r.warehouse_id = b.warehouse_id
           where b.reserved <> coalesce(r.quantity, 0)""",
    ),
    Check(
        DOMAIN,
        "stock_days_are_postings",
        "The sums of each bin by day are those of its movements' postings.",
        f"""with rows as ({DAYS} group by 1, 2, 3),
                 kept as (select item_id, warehouse_id, day, received, issued, sold, received_value_minor,
                                 issued_value_minor, movements from stock_day)
            select 'item ' || item_id || ' in ' || warehouse_id || ' on ' || day
                   || ' is kept otherwise than its postings say'
            from ((table kept except table rows) union all (table rows except table kept)) days""",
    ),
    Check(
        DOMAIN,
        "alerts_have_a_cause",
        "An alert about an item stands while it is low, or out, in that warehouse.",
        """select 'alert ' || a.id || ' stands, and ' || i.code || ' has ' || b.on_hand || ' in ' || w.code
           from stock_alert a
           join mill_item i on i.id = a.item_id
           join mill_warehouse w on w.id = a.warehouse_id
           join stock_bin b on b.item_id = a.item_id and b.warehouse_id = a.warehouse_id
           where a.state <> 'RESOLVED'
             and a.kind <> case when b.on_hand <= 0 then 'OUT_OF_STOCK'
                                when b.on_hand <= coalesce(b.reorder_level, i.reorder_level) then 'LOW_STOCK'
                                else 'OK' end""",
    ),
)

register_proof(
    Proof(
        DOMAIN,
        "stock_follows_from_movements",
        "Postings, bins and snapshots are what a replay of all movements comes to.",
        verify_stock,
    )
)
