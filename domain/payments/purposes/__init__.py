"""What is paid for: businesses register their purposes here, and money that came is brought to them.

registry          what a purpose is, and which there are
locking           the order in which what is paid for is locked
applying          money comes to its purpose out of transit, and goes back when the provider takes it back
refusals          a purpose that does not take what came for it, or does not give back what was taken back
service_sessions  a booked session, and
top_ups           somebody's wallet: purposes that are nobody else's business
"""

from domain.payments.purposes.registry import (
    Due,
    PaidFor,
    PurposeKind,
    book_on_its_day,
    candidates,
    due_by_reference,
    every_purpose,
    near,
    purpose_kind,
    register_purpose,
    require_collector,
)

__all__ = [
    "Due",
    "PaidFor",
    "PurposeKind",
    "book_on_its_day",
    "candidates",
    "due_by_reference",
    "every_purpose",
    "near",
    "purpose_kind",
    "register_purpose",
    "require_collector",
]
