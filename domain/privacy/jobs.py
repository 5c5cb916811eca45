"""Work about personal data in the background."""

from __future__ import annotations

from uuid import UUID

from domain.jobs.queue import Attempt, Payload, queued
from domain.kit.jobs import job
from domain.privacy.service.deciding import ERASE
from domain.privacy.service.erasing import erase
from domain.privacy.service.exporting import expire_exports, export
from domain.privacy.service.requesting import EXPORT


@queued(EXPORT, purpose="Put together what is held of a person.", max_attempts=3, concurrency=1, timeout_s=1_800.0)
async def make_export(payload: Payload, attempt: Attempt) -> str:
    return await export(UUID(payload["export_id"]), attempt)


@queued(ERASE, purpose="Erase what is held of a person.", max_attempts=500, concurrency=1, timeout_s=3_600.0)
async def make_erasure(payload: Payload, attempt: Attempt) -> str:
    return await erase(UUID(payload["erasure_id"]), attempt)


@job("privacy.expire_exports", schedule="41 * * * *", purpose="Delete archives of personal data whose time is over.")
async def expire() -> int:
    return await expire_exports()
