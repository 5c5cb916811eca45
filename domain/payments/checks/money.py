"""The invariants of money that came: receipts and whose they are, what is credited, suspense, and the cash of all that."""

from __future__ import annotations

from typing import Final

from domain.kit.checks import Check
from domain.payments.accounts import CORRECTED, MOVED, MPESA_CLEARING, MPESA_SUSPENSE, RECEIVED, REVERSED
from domain.payments.states import TAKEN

DOMAIN: Final = "payments"

_TAKEN: Final = ", ".join(f"'{status.value}'" for status in sorted(TAKEN))
_KINDS: Final = ", ".join(f"'{kind}'" for kind in (RECEIVED, REVERSED, MOVED, CORRECTED))

CHECKS: Final = (
    Check(
        DOMAIN,
        "suspense_is_what_nobody_has_placed",
        "M-Pesa suspense is the money that reached no purpose, less what a person took out of there.",
        f"""select 'in suspense is ' || coalesce(b.amount, 0) || ' ' || coalesce(b.currency, m.currency)
                   || ', the receipts say ' || coalesce(m.amount, 0)
            from (select a.currency, -sum(h.amount_minor) as amount
                  from ledger_account a join house_balance h on h.account_id = a.id
                  where a.code = '{MPESA_SUSPENSE.code}' group by a.currency) b
            full join (select currency, sum(amount) as amount
                       from (select currency, net_minor as amount from payment_credit where destination = 'SUSPENSE'
                             union all
                             select currency, -amount_minor from suspense_disposal) each_ group by currency) m
                on m.currency = b.currency
            where coalesce(b.amount, 0) <> coalesce(m.amount, 0)""",
    ),
    Check(
        DOMAIN,
        "cash_is_what_receipts_brought",
        "What payments booked as cash with M-Pesa is all that came and was not taken back, less what was booked elsewhere.",
        f"""select 'cash is ' || coalesce(b.amount, 0) || ' ' || coalesce(b.currency, m.currency) || ', the receipts say '
                   || coalesce(m.amount, 0)
            from (select l.currency, sum(l.amount_minor) as amount
                  from ledger_account a
                  join journal_line l on l.account_id = a.id
                  join journal_entry e on e.id = l.entry_id and e.kind in ({_KINDS})
                  where a.code = '{MPESA_CLEARING.code}' group by l.currency) b
            full join (select currency, sum(amount) as amount
                       from (select currency, net_minor as amount from payment_credit
                             union all
                             select currency, -amount_minor from suspense_disposal where kind = 'CORRECTED') each_
                       group by currency) m on m.currency = b.currency
            where coalesce(b.amount, 0) <> coalesce(m.amount, 0)""",
    ),
    Check(
        DOMAIN,
        "payments_say_what_came",
        "What a payment says is at its purpose and in suspense are the sums of its credits in its currency.",
        """select 'payment ' || p.number || ' says ' || p.purpose_minor || ' and ' || p.suspense_minor
                  || ', its credits say ' || coalesce(k.purpose, 0) || ' and ' || coalesce(k.suspense, 0)
           from payment p
           left join (select payment_id, currency, sum(net_minor) filter (where destination = 'PURPOSE') as purpose,
                             sum(net_minor) filter (where destination = 'SUSPENSE') as suspense
                      from payment_credit where payment_id is not null group by payment_id, currency) k
               on k.payment_id = p.id and k.currency = p.currency
           where (p.purpose_minor, p.suspense_minor) <> (coalesce(k.purpose, 0), coalesce(k.suspense, 0))""",
    ),
    Check(
        DOMAIN,
        "paid_means_that_money_came",
        "Money came for a payment if and only if it is paid, or was and is taken back.",
        f"""select 'payment ' || p.number || ' is ' || p.status || ' with ' || count(k.id) || ' credits'
            from payment p left join payment_credit k on k.payment_id = p.id
            group by p.id, p.number, p.status
            having (p.status in ({_TAKEN})) <> (count(k.id) > 0)""",
    ),
    Check(
        DOMAIN,
        "paid_by_a_receipt_of_its_own",
        "The receipt that a payment is paid with is one of its credits.",
        """select 'payment ' || p.number || ' is paid with ' || p.transaction_id || ', which it has not'
           from payment p where p.transaction_id is not null
             and not exists (select from payment_credit k where k.payment_id = p.id and k.receipt = p.transaction_id)""",
    ),
    Check(
        DOMAIN,
        "receipts_are_credited_to_their_payment",
        "The money of a receipt is at the payment that the receipt belongs to, and nowhere else.",
        """select 'receipt ' || r.receipt || ' is credited to another payment than its own'
           from mpesa_receipt r join payment_credit k on k.receipt = r.receipt
           where k.payment_id is distinct from r.payment_id""",
    ),
    Check(
        DOMAIN,
        "receipts_are_registered",
        "Every receipt that is told of as paid is registered.",
        """select distinct 'receipt ' || e.receipt || ' is told of as paid, and not registered'
           from payment_evidence e
           where e.outcome = 'PAID' and e.receipt is not null
             and not exists (select from mpesa_receipt r where r.receipt = e.receipt)""",
    ),
    Check(
        DOMAIN,
        "what_is_said_is_where_the_receipt_is",
        "What is said of a payment's receipt is said of that payment, and is not left without one.",
        """select distinct 'what is said of receipt ' || r.receipt || ' is left without its payment'
           from mpesa_receipt r
           join payment_evidence e on e.payment_id is null
               and coalesce(e.reverses, e.receipt) = r.receipt
           where r.payment_id is not null""",
    ),
    Check(
        DOMAIN,
        "orphans_are_known",
        "Of money that waits without a payment a person is told.",
        """select 'receipt ' || k.receipt || ' waits without a payment, and nobody is told'
           from payment_credit k
           where k.payment_id is null
             and k.net_minor > coalesce((select sum(d.amount_minor) from suspense_disposal d where d.receipt = k.receipt), 0)
             and not exists (select from discrepancy d where d.payment_id is null and d.receipt = k.receipt
                             and d.type = 'ORPHAN_TRANSACTION')""",
    ),
    Check(
        DOMAIN,
        "results_are_counted",
        "Every reconciliation that came to an end is counted; results may be purged, and their counts stay.",
        """select r.found || ' reconciliations are ' || r.status || ', and ' || t.counted || ' are counted'
           from (select status, count(*) as found from reconciliation where finished_at is not null group by status) r
           join (select 'MATCHED' as status, coalesce(sum(matched), 0) as counted from reconciliation_tally
                 union all select 'FAILED', coalesce(sum(failed), 0) from reconciliation_tally
                 union all select 'DISCREPANCY', coalesce(sum(discrepancies), 0) from reconciliation_tally) t
               on t.status = r.status
           where r.found > t.counted""",
    ),
)
