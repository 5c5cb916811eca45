"""What was claimed of payments is written down, in one statement for a batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from domain.kit.unit_of_work import Work
from domain.payments.rules.evidence import Evidence
from domain.payments.rules.phones import scrubbed

# In the order in which it was told.
INSERT: Final = """
insert into payment_evidence (payment_id, message_id, channel, outcome, received_at, prompt, receipt, reverses, amount_minor,
                              currency, transacted_at, sender, reference, payer_name, result_code)
select payment_id, message_id, channel, outcome, received_at, prompt, receipt, reverses, amount_minor, currency,
       transacted_at, sender, reference, payer_name, result_code
from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::timestamptz[], $6::text[], $7::text[], $8::text[],
            $9::bigint[], $10::text[], $11::timestamptz[], $12::text[], $13::text[], $14::text[], $15::int[]) with ordinality
     as e (payment_id, message_id, channel, outcome, received_at, prompt, receipt, reverses, amount_minor, currency,
           transacted_at, sender, reference, payer_name, result_code, place)
order by place
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A claim, whose payment it is about if that is known, and the message that makes it; none for an answer."""

    evidence: Evidence
    payment_id: UUID | None
    message_id: UUID | None = None
    payer: str | None = field(default=None, repr=False)


async def write_evidence(work: Work, claims: Sequence[Claim]) -> None:
    """Texts that payers typed are kept with the numbers in them masked: the only whole number is the sender's."""
    if not claims:
        return
    said = [claim.evidence for claim in claims]
    await work.execute(
        INSERT,
        [claim.payment_id for claim in claims],
        [claim.message_id for claim in claims],
        [each.channel.value for each in said],
        [each.outcome.value for each in said],
        [each.received_at for each in said],
        [each.prompt for each in said],
        [each.receipt for each in said],
        [each.reverses for each in said],
        [each.amount and each.amount.amount_minor for each in said],
        [each.amount and each.amount.currency for each in said],
        [each.transacted_at for each in said],
        [each.sender and each.sender.stored for each in said],
        [each.reference and scrubbed(each.reference) for each in said],
        [claim.payer and scrubbed(claim.payer) for claim in claims],
        [each.result_code for each in said],
    )
