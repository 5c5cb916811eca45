"""The invariants of productions, recomputed from their movements, pools and the ledger."""

from __future__ import annotations

from typing import Final

from domain.kit.checks import Check
from domain.milling.accounts import WORK_IN_PROGRESS

DOMAIN: Final = "milling"

CHECKS: Final = (
    Check(
        DOMAIN,
        "production_lines_are_movements",
        "What each line of a production has taken or brought, and what that is worth, is as its movements are posted.",
        """select 'line ' || l.line_no || ' of production ' || d.number || ' says ' || l.actual_quantity || ' for '
                  || l.cost_minor || ', its movements ' || coalesce(s.quantity, 0) || ' for ' || coalesce(s.cost, 0)
           from mill_production_line l
           join mill_production d on d.id = l.production_id
           left join (select m.document_id, m.line_no, m.item_id, sum(p.quantity) as quantity,
                             sum(p.value_minor + p.variance_minor) as cost
                      from stock_movement m join stock_posting p on p.movement_id = m.id
                      where m.document_kind = 'PRODUCTION' group by 1, 2, 3) s
               on s.document_id = l.production_id and s.line_no = l.line_no and s.item_id = l.item_id
           where (l.actual_quantity, l.cost_minor)
                 <> (coalesce(case when l.role = 'INPUT' then -s.quantity else s.quantity end, 0),
                     coalesce(case when l.role = 'INPUT' then -s.cost else s.cost end, 0))""",
    ),
    Check(
        DOMAIN,
        "productions_are_lines",
        "Costs and output of a production are the sums of its lines; one that is planned or cancelled has taken nothing.",
        """select 'production ' || d.number || ' is ' || d.status || ' and says ' || d.input_cost_minor || ', '
                  || d.output_cost_minor || ' and ' || d.by_product_cost_minor || ', its lines say ' || s.input || ', '
                  || s.output || ' and ' || s.by_product
           from mill_production d
           join (select production_id, coalesce(sum(cost_minor) filter (where role = 'INPUT'), 0) as input,
                        coalesce(sum(cost_minor) filter (where role = 'OUTPUT'), 0) as output,
                        coalesce(sum(cost_minor) filter (where role = 'BY_PRODUCT'), 0) as by_product,
                        coalesce(sum(actual_quantity) filter (where role = 'OUTPUT'), 0) as made,
                        sum(actual_quantity) as moved
                 from mill_production_line group by production_id) s on s.production_id = d.id
           where (d.input_cost_minor, d.output_cost_minor, d.by_product_cost_minor, d.output_quantity)
                 <> (s.input, s.output, s.by_product, s.made)
              or (d.status in ('PLANNED', 'CANCELLED') and s.moved <> 0)
              or (d.status = 'IN_PROGRESS' and s.output + s.by_product + s.made <> 0)""",
    ),
    Check(
        DOMAIN,
        "outputs_carry_inputs_and_overhead",
        "Output and by-products of a completed production carry exactly what went in, and its overhead.",
        """select 'production ' || number || ' took ' || input_cost_minor + overhead_minor || ' and brought '
                  || output_cost_minor + by_product_cost_minor
           from mill_production
           where status = 'COMPLETED'
             and input_cost_minor + overhead_minor <> output_cost_minor + by_product_cost_minor""",
    ),
    Check(
        DOMAIN,
        "overheads_are_pools",
        "A completed production has given its overhead to its pool, and any other production nothing.",
        """select 'production ' || d.number || ' has ' || coalesce(o.amount, 0) || ' of overhead in its pool'
           from mill_production d
           left join (select pool_id, sum(amount_minor) as amount from stock_pool group by pool_id) o on o.pool_id = d.id
           where coalesce(o.amount, 0) <> case when d.status = 'COMPLETED' then d.overhead_minor else 0 end""",
    ),
    Check(
        DOMAIN,
        "work_in_progress_is_productions",
        "Work in progress in the books is what productions have taken that are started and not completed.",
        f"""select 'work in progress is ' || b.amount || ', productions in progress have taken ' || p.amount
            from (select coalesce(sum(h.amount_minor), 0) as amount
                  from ledger_account a join house_balance h on h.account_id = a.id
                  where a.code = '{WORK_IN_PROGRESS.code}') b,
                 (select coalesce(sum(input_cost_minor), 0) as amount from mill_production
                  where status = 'IN_PROGRESS') p
            where b.amount <> p.amount""",
    ),
    Check(
        DOMAIN,
        "shares_are_at_most_all",
        "By-products of a bill of materials carry at most all of the cost, and what is made is not among its lines.",
        """select 'bill of materials ' || b.code || ' shares ' || coalesce(sum(l.cost_value), 0) || ' of 10000'
           from mill_bom b join mill_bom_line l on l.bom_id = b.id
           group by b.id, b.code
           having coalesce(sum(l.cost_value) filter (where l.cost_rule = 'SHARE'), 0) > 10000
               or bool_or(l.item_id = b.item_id)""",
    ),
)
