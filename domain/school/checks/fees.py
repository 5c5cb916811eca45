"""The invariants of fees: each is its lines, its money, and one row of the books under its number."""

from __future__ import annotations

from typing import Final

from domain.kit.checks import Check

DOMAIN: Final = "school"

CHECKS: Final = (
    Check(
        DOMAIN,
        "fees_are_their_lines",
        "What is due of each fee is the sum of the lines of its present edition.",
        """select f.number || ' says ' || f.due_minor || ' is due, its lines say ' || coalesce(l.amount, 0)
           from school_fee f
           left join (select fee_id, edition, sum(amount_minor) as amount from fee_line group by 1, 2) l
               on l.fee_id = f.id and l.edition = f.edition
           where f.due_minor <> coalesce(l.amount, 0)""",
    ),
    Check(
        DOMAIN,
        "fees_are_their_payments",
        "What is paid of each fee, and what of it was refunded, is the sum of what came and went back.",
        """select f.number || ' says ' || f.paid_minor || ' is paid and ' || f.refunded_minor || ' refunded, payments say '
                  || coalesce(p.paid, 0) || ' and ' || coalesce(p.refunded, 0)
           from school_fee f
           left join (select fee_id, sum(amount_minor) as paid,
                             -sum(amount_minor) filter (where kind = 'REFUND') as refunded
                      from fee_payment group by 1) p on p.fee_id = f.id
           where (f.paid_minor, f.refunded_minor) <> (coalesce(p.paid, 0), coalesce(p.refunded, 0))""",
    ),
    Check(
        DOMAIN,
        "fees_are_in_the_books",
        "The books have one transaction that stands under the number of each fee of which something is paid, and it is as "
        "much as is paid; of other fees they have none.",
        """select f.number || ' says ' || f.paid_minor || ' is paid, ' || coalesce(t.rows, 0)
                  || ' transactions of the books say ' || coalesce(t.amount, 0)
           from school_fee f
           left join (select fee_id, count(*) as rows, sum(amount_minor) as amount, min(reference) as reference,
                             min(currency) as currency
                      from school_transaction where fee_id is not null and reversed_at is null group by 1) t
               on t.fee_id = f.id
           where coalesce(t.amount, 0) <> f.paid_minor or coalesce(t.rows, 0) <> (f.paid_minor > 0)::int
              or (t.reference, t.currency) <> (f.number, f.currency)""",
    ),
    Check(
        DOMAIN,
        "fees_stand_as_their_figures_say",
        "The status of each fee, and its arrears, are those that follow from what is due, paid and refunded.",
        """select number || ' is ' || status || ' with arrears of ' || arrears_minor || ', and its figures say otherwise'
           from school_fee
           where arrears_minor <> due_minor - paid_minor
              or status <> case when voided_at is not null then 'VOID'
                                when paid_minor > due_minor then 'OVERPAID'
                                when paid_minor < due_minor and paid_minor > 0 then 'PARTIALLY_PAID'
                                when paid_minor < due_minor then 'UNPAID'
                                when paid_minor = 0 and refunded_minor > 0 then 'REFUNDED'
                                else 'PAID' end""",
    ),
    Check(
        DOMAIN,
        "deleted_fees_have_nothing",
        "A fee that was deleted has no money, nothing that stands in the books, and no alert.",
        """select f.number || ' was deleted, and has something left' from school_fee f
           where f.voided_at is not null
             and (f.paid_minor <> 0
                  or exists (select from school_transaction t where t.fee_id = f.id and t.reversed_at is null)
                  or exists (select from arrears_alert a where a.fee_id = f.id and a.cleared_at is null))""",
    ),
    Check(
        DOMAIN,
        "money_of_a_fee_is_in_its_currency",
        "Payments and transactions of a fee are in the fee's currency, and transactions at its branch.",
        """select 'payment ' || p.id || ' of ' || f.number || ' is in ' || p.currency
           from fee_payment p join school_fee f on f.id = p.fee_id where p.currency <> f.currency
           union all
           select 'transaction ' || t.id || ' of ' || f.number || ' is of another currency or branch'
           from school_transaction t join school_fee f on f.id = t.fee_id
           where t.currency <> f.currency or t.branch_id is distinct from f.branch_id""",
    ),
    Check(
        DOMAIN,
        "receipts_are_given_once",
        "No two receipts have one number, be they for fees or for advances.",
        """select 'receipt ' || receipt_number || ' was given ' || count(*) || ' times'
           from (select receipt_number from fee_payment union all select receipt_number from student_advance) given
           where receipt_number is not null group by receipt_number having count(*) > 1""",
    ),
    Check(
        DOMAIN,
        "payments_are_undone_whole",
        "What undoes money of a fee is its opposite.",
        """select 'payment ' || u.id || ' undoes ' || p.amount_minor || ' with ' || u.amount_minor
           from fee_payment u join fee_payment p on p.id = u.undoes_id
           where (u.fee_id, u.amount_minor, u.method) <> (p.fee_id, -p.amount_minor, p.method)""",
    ),
    Check(
        DOMAIN,
        "collected_payments_pay_their_fees",
        "What fees have of payments from outside is what those have brought them.",
        """select 'payment ' || coalesce(f.id, a.record_id) || ' of a fee disagrees with the payment that it came by'
           from (select p.id, p.fee_id, p.amount_minor from fee_payment p
                 where p.payment_id is not null and p.undoes_id is null
                   and not exists (select from fee_payment u where u.undoes_id = p.id)) f
           full join (select p.target_id, a.record_id, a.amount_minor
                      from payment_application a join payment p on p.id = a.payment_id
                      where p.purpose = 'SCHOOL_FEE' and a.amount_minor > 0) a on a.record_id = f.id
           where (f.fee_id, f.amount_minor) is distinct from (a.target_id, a.amount_minor)""",
    ),
)
