"""The invariants of money that reached its purpose: what is in transit, and what businesses have taken from there."""

from __future__ import annotations

from typing import Final

from domain.kit.checks import Check
from domain.payments.accounts import IN_TRANSIT, SESSION_PAID, TOPPED_UP

DOMAIN: Final = "payments"

CHECKS: Final = (
    Check(
        DOMAIN,
        "transit_is_what_purposes_have_not_taken",
        "Payments in transit is the money that came for purposes, with what the house gave up, less what those have taken.",
        f"""select 'in transit is ' || coalesce(b.amount, 0) || ' ' || coalesce(b.currency, m.currency)
                   || ', the payments say ' || coalesce(m.amount, 0)
            from (select a.currency, -sum(h.amount_minor) as amount
                  from ledger_account a join house_balance h on h.account_id = a.id
                  where a.code = '{IN_TRANSIT.code}' group by a.currency) b
            full join (select currency, sum(amount) as amount
                       from (select currency, net_minor as amount from payment_credit where destination = 'PURPOSE'
                             union all
                             select currency, written_off_minor - amount_minor from payment_application) each_
                       group by currency) m
                on m.currency = b.currency
            where coalesce(b.amount, 0) <> coalesce(m.amount, 0)""",
    ),
    Check(
        DOMAIN,
        "purposes_have_their_payments_currency",
        "What a purpose has of a payment is in the payment's currency.",
        """select 'payment ' || p.number || ' is in ' || p.currency || ', its purpose has ' || a.currency
           from payment_application a join payment p on p.id = a.payment_id where a.currency <> p.currency""",
    ),
    Check(
        DOMAIN,
        "what_purposes_refuse_is_known",
        "Of each payment that its purpose refuses, in whole or in part, a person is told.",
        """select 'payment ' || p.number || ' is refused (' || a.refused_code || '), and nobody is told'
           from payment_application a join payment p on p.id = a.payment_id
           where a.refused_code is not null
             and not exists (select from discrepancy d where d.payment_id = p.id and d.type = 'PURPOSE_REFUSED')""",
    ),
    Check(
        DOMAIN,
        "paid_sessions_have_their_money",
        "A session is paid if and only if it has the money of the payment that it names.",
        """select 'session ' || coalesce(s.number, m.target_id::text) || ' and its payment disagree'
           from (select id, number, payment_id from service_session where status = 'PAID') s
           full join (select p.id, p.target_id from payment_application a join payment p on p.id = a.payment_id
                      where p.purpose = 'SERVICE_SESSION' and a.amount_minor > 0) m on m.id = s.payment_id
           where s.id is null or m.id is null or s.id <> m.target_id""",
    ),
    Check(
        DOMAIN,
        "wallets_got_what_came_for_them",
        "Each top-up and each paid session is in the books with exactly what the wallet has of the payment.",
        f"""select 'payment ' || p.number || ' has brought ' || a.amount_minor || ', not ' || coalesce(e.amount, 0)
            from payment_application a join payment p on p.id = a.payment_id
            left join (select j.id, j.kind, j.reference_id, sum(l.amount_minor) as amount
                       from journal_entry j join journal_line l on l.entry_id = j.id and l.amount_minor > 0
                       where j.kind in ('{TOPPED_UP}', '{SESSION_PAID}') group by j.id) e
                on e.id = a.record_id and e.reference_id = p.id
            where p.purpose in ('WALLET_TOP_UP', 'SERVICE_SESSION') and a.amount_minor <> coalesce(e.amount, 0)""",
    ),
)
