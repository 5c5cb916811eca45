"""Opening and closing requests, for businesses; deciding on them, for people."""

from domain.approvals.service.deciding import approve, reject
from domain.approvals.service.queueing import close_approval, open_approval

__all__ = ["approve", "close_approval", "open_approval", "reject"]
