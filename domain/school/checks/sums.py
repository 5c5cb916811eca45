"""The invariants of what the school counts, and of the alerts that follow from what is owed."""

from __future__ import annotations

from typing import Final

from domain.kit.checks import Check
from domain.kit.money import CURRENCIES
from domain.school.queries.alerts import REASSESS
from domain.school.rules.arrears import threshold_in

DOMAIN: Final = "school"

# Above how much arrears are high, in minor units, where the school has not said anything else.
_USUAL: Final = ", ".join(f"('{currency}', {threshold_in(currency).amount_minor})" for currency in sorted(CURRENCIES))

CHECKS: Final = (
    Check(
        DOMAIN,
        "figures_are_the_rows",
        "What the school counts, up to this moment, is what students, enrolments, teachers, marks, fees and transactions "
        "come to.",
        """select lower(metric) || coalesce(' of class ' || class_id, '') || coalesce(' on ' || on_date, '')
                  || coalesce(' in ' || currency, '') || ' is kept as ' || kept || ', the rows say ' || counted
           from school_figures_astray""",
    ),
    Check(
        DOMAIN,
        "alerts_are_of_high_arrears",
        "An alert about a fee is open if and only if more is outstanding than the threshold; another threshold holds once "
        "all fees were looked at.",
        f"""select f.number || ' has arrears of ' || f.arrears_minor || ' against a threshold of ' || t.amount || ', and '
                   || case when a.fee_id is null then 'no alert' else 'an alert' end
            from school_fee f
            cross join lateral (
                select coalesce((select (s.thresholds ->> f.currency)::bigint from school_setting s), u.amount) as amount
                from (values {_USUAL}) u (currency, amount) where u.currency = f.currency) t
            left join arrears_alert a on a.fee_id = f.id and a.cleared_at is null
            where (f.voided_at is null and f.arrears_minor > t.amount) <> (a.fee_id is not null)
              and not exists (select from job_task
                              where name = '{REASSESS}' and state in ('QUEUED', 'RUNNING', 'RETRYING'))""",
    ),
    Check(
        DOMAIN,
        "fees_know_their_alerts",
        "A fee says whether an alert about it is open.",
        """select f.number || ' says otherwise than its alerts' from school_fee f
           where f.arrears_alerted <> exists (select from arrears_alert a where a.fee_id = f.id and a.cleared_at is null)""",
    ),
)
