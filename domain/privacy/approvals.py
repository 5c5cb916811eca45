"""What the approvals centre does with erasures."""

from __future__ import annotations

from domain.approvals.kinds import ApprovalKind, register_kind
from domain.identity.permissions import Permission
from domain.privacy.service.deciding import approve_erasure, reject_erasure
from domain.privacy.service.requesting import APPROVAL

register_kind(ApprovalKind(APPROVAL, Permission.PERSONAL_DATA_MANAGE, approve_erasure, reject_erasure))
