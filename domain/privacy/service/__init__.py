"""Asking for exports and erasures, deciding on erasures, and doing both."""

from domain.privacy.service.deciding import approve_erasure, reject_erasure
from domain.privacy.service.requesting import request_erasure, request_export, withdraw_erasure

__all__ = ["approve_erasure", "reject_erasure", "request_erasure", "request_export", "withdraw_erasure"]
