"""The invariants of invoice finance, recomputed from investments, payments, payouts and the ledger."""

from __future__ import annotations

from domain.kit.checks import Check, register

DOMAIN = "invoice_finance"

register(
    Check(
        DOMAIN,
        "shares_sum_to_funded",
        "What is funded of an invoice is the sum of its investments, and all of it once it is financed.",
        """select 'invoice ' || i.id || ' says ' || i.funded_minor || ' is funded, its investments are '
                  || coalesce(s.amount, 0)
           from invoice i
           left join (select invoice_id, sum(amount_minor) as amount from investment where state <> 'RELEASED'
                      group by invoice_id) s on s.invoice_id = i.id
           where i.funded_minor <> coalesce(s.amount, 0)""",
    ),
    Check(
        DOMAIN,
        "repaid_is_payments",
        "What an invoice says was repaid, and to whom it went, is the sum of its payments.",
        """select 'invoice ' || i.id || ' disagrees with its payments' from invoice i
           left join (select invoice_id, sum(amount_minor) as amount, sum(platform_minor) as platform,
                             sum(investors_minor) as investors, sum(seller_minor) as seller
                      from invoice_payment group by invoice_id) p on p.invoice_id = i.id
           where (i.repaid_minor, i.platform_paid_minor, i.investors_paid_minor, i.seller_paid_minor)
                 <> (coalesce(p.amount, 0), coalesce(p.platform, 0), coalesce(p.investors, 0), coalesce(p.seller, 0))""",
    ),
    Check(
        DOMAIN,
        "payouts_sum_to_payments",
        "The payouts of a payment sum exactly to the part that was the investors'.",
        """select 'payment ' || p.id || ' gave investors ' || p.investors_minor || ', its payouts are '
                  || coalesce(o.amount, 0)
           from invoice_payment p
           left join (select payment_id, sum(amount_minor) as amount from payout group by payment_id) o
               on o.payment_id = p.id
           where p.investors_minor <> coalesce(o.amount, 0)""",
    ),
    Check(
        DOMAIN,
        "paid_back_is_payouts",
        "What an investment has paid back is the sum of its payouts.",
        """select 'investment ' || v.id || ' says ' || v.paid_minor || ', its payouts are ' || coalesce(o.amount, 0)
           from investment v
           left join (select investment_id, sum(amount_minor) as amount from payout group by investment_id) o
               on o.investment_id = v.id
           where v.paid_minor <> coalesce(o.amount, 0)""",
    ),
    Check(
        DOMAIN,
        "holds_match",
        "Held investments and standing bids have a pending hold of their amount for their invoice; nothing else has one.",
        """select 'hold ' || coalesce(h.id, m.hold_id) || ' and what it is for disagree'
           from (select hold_id, invoice_id, amount_minor, currency from investment where state = 'HELD'
                 union all
                 select hold_id, invoice_id, amount_minor, currency from bid where state = 'ACTIVE') m
           full join (select * from ledger_hold where reference_kind = 'invoice' and state = 'PENDING') h
               on h.id = m.hold_id
           where h.id is null or m.hold_id is null or h.amount_minor <> m.amount_minor or h.currency <> m.currency
                 or h.reference_id <> m.invoice_id""",
    ),
    Check(
        DOMAIN,
        "sellers_got_what_is_funded",
        "The journal's investment entries of an invoice sum to its active investments.",
        """select 'invoice ' || coalesce(s.invoice_id, e.reference_id) || ' has investments of ' || coalesce(s.amount, 0)
                  || ', the journal says ' || coalesce(e.amount, 0)
           from (select invoice_id, sum(amount_minor) as amount from investment where state = 'ACTIVE' group by invoice_id) s
           full join (select j.reference_id, sum(l.amount_minor) as amount
                      from journal_entry j join journal_line l on l.entry_id = j.id and l.amount_minor > 0
                      where j.kind = 'invoice_finance.investment' group by j.reference_id) e
               on e.reference_id = s.invoice_id
           where s.amount is distinct from e.amount""",
    ),
    Check(
        DOMAIN,
        "repayments_are_in_the_journal",
        "The journal's repayment entries move exactly what the payments on them say.",
        """select 'entry ' || coalesce(p.entry_id, e.id) || ' moves ' || coalesce(e.amount, 0) || ', its payments are '
                  || coalesce(p.amount, 0)
           from (select entry_id, sum(amount_minor) as amount from invoice_payment group by entry_id) p
           full join (select j.id, sum(l.amount_minor) as amount
                      from journal_entry j join journal_line l on l.entry_id = j.id and l.amount_minor > 0
                      where j.kind = 'invoice_finance.repayment' group by j.id) e on e.id = p.entry_id
           where p.amount is distinct from e.amount""",
    ),
    Check(
        DOMAIN,
        "collected_payments_settle_their_invoices",
        "What invoices have of payments from outside is what those have brought them.",
        """select 'payment ' || coalesce(m.id::text, a.number) || ' disagrees with what it brought'
           from (select id, invoice_id, collected_payment_id, amount_minor from invoice_payment
                 where collected_payment_id is not null) m
           full join (select p.id, p.number, p.target_id, a.record_id, a.amount_minor
                      from payment_application a join payment p on p.id = a.payment_id
                      where p.purpose = 'INVOICE_SETTLEMENT' and a.amount_minor > 0) a on a.id = m.collected_payment_id
           where (m.id, m.invoice_id, m.amount_minor) is distinct from (a.record_id, a.target_id, a.amount_minor)""",
    ),
    Check(
        DOMAIN,
        "nobody_finances_themselves",
        "No seller or debtor holds a part of, or a bid on, the own invoice.",
        """select 'invoice ' || i.id || ' is financed by one of its own parties'
           from invoice i join (select invoice_id, investor_id as person from investment
                                union select invoice_id, bidder_id from bid) f on f.invoice_id = i.id
           where f.person in (i.seller_id, i.debtor_id)""",
    ),
)
