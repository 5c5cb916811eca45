"""What comes from the provider: kept word by word, then read, and brought to the payment that it is about.

    storing     a message is kept before anything is made of it, and left for later
    letters     what a message says, and what becomes of it
    finding     which payment it is about: by prompt, by receipt, by what we asked for, by the reference that a payer typed
    commands    what came of the requests that the provider answers later
    evidence    what it claims is written down
    lost        prompts whose request was taken, when the answer that says so got lost
    confirming  what callbacks say is asked back, where it is not to be believed
    unknown     receipts that callbacks name which nobody expected
    draining    a batch of messages, from reading to settling, in one unit of work
    waiting     reconciliations that ask nobody, in batches too

Nothing that is said here is believed because it was said: it has to fit a prompt of ours, a request of ours, or a payment
that is waited for. What fits nothing yet is parked and looked at again, for the message may be quicker than our own commit.
"""

from domain.payments.intake.draining import drain
from domain.payments.intake.evidence import write_evidence
from domain.payments.intake.storing import keep_message, keep_refused, store_message

__all__ = ["drain", "keep_message", "keep_refused", "store_message", "write_evidence"]
