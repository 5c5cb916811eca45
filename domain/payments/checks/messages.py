"""The invariants of what was said to us: what became evidence, of which payment, and where whole numbers are."""

from __future__ import annotations

from typing import Final

from domain.kit.checks import Check

DOMAIN: Final = "payments"

WHOLE_NUMBER: Final = r"(^|[^0-9A-Za-z])\+?(254|0)[17][0-9]{8}($|[^0-9A-Za-z])"

TEXTS: Final = (
    ("payment_evidence", "reference"),
    ("payment_evidence", "payer_name"),
    ("payment", "title"),
    ("mpesa_message", "problem"),
    ("mpesa_command", "remarks"),
    ("mpesa_command", "result_text"),
    ("payment_prompt", "error_text"),
    ("statement_row", "details"),
    ("statement_row", "reference"),
    ("discrepancy", "message"),
    ("discrepancy", "expected"),
    ("discrepancy", "received"),
    ("discrepancy", "note"),
    ("reconciliation", "error"),
)
"""Texts that come from payers, clerks and the provider."""

_NUMBERS: Final = " union all ".join(
    f"select '{table}.{column} of ' || id || ' shows a whole telephone number' from {table} "
    f"where {column} ~ '{WHOLE_NUMBER}'"
    for table, column in TEXTS
)

CHECKS: Final = (
    Check(
        DOMAIN,
        "what_messages_say_is_evidence",
        "Each answer to a prompt and each confirmation that was worked through has become evidence; nothing else that was "
        "not worked through, or was rejected, has.",
        """select 'message ' || m.id || ' is ' || m.state || ' and claims ' || count(e.id) || ' things'
           from mpesa_message m left join payment_evidence e on e.message_id = m.id
           where m.state <> 'DONE' or m.kind in ('STK_CALLBACK', 'C2B_CONFIRMATION', 'C2B_VALIDATION')
           group by m.id
           having count(e.id) <> (m.state = 'DONE' and m.kind <> 'C2B_VALIDATION')::int""",
    ),
    Check(
        DOMAIN,
        "prompts_speak_of_their_payment",
        "What was said of a prompt is evidence of the payment that it was for.",
        """select 'evidence ' || e.id || ' is of another payment than its prompt'
           from payment_evidence e join payment_prompt p on p.checkout_request_id = e.prompt
           where e.payment_id is distinct from p.payment_id""",
    ),
    Check(
        DOMAIN,
        "numbers_are_masked",
        "Whole telephone numbers are with prompts, senders and the words of messages, and nowhere else.",
        _NUMBERS,
    ),
)
