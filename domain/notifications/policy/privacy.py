"""Personal data: whoever asked for an export or an erasure hears what became of it."""

from __future__ import annotations

from typing import Any, Final

from domain.events.event import LoggedEvent
from domain.identity.permissions import Permission
from domain.notifications.recipients import Recipients, persons, who_may
from domain.notifications.rule import BY_MAIL, HIGH, MEDIUM, WEEK, Rule, Subject
from domain.privacy.events import ErasureRefused, ErasureRequested, ExportFailed, ExportReady, PersonalDataErased


def who_asked(fact: Any, logged: LoggedEvent) -> Recipients:
    return persons(fact.requested_by)


def other_officers(fact: Any, logged: LoggedEvent) -> Recipients:
    return who_may(Permission.PERSONAL_DATA_MANAGE, None, but=(fact.requested_by, fact.person_id))


def whoever_asked_for_another(fact: Any, logged: LoggedEvent) -> Recipients:
    """Not the person, of whom nothing is kept any more."""
    return Recipients() if fact.requested_by in fact.erased_ids else persons(fact.requested_by)


def the_export(fact: Any) -> Subject:
    return Subject("personal_data_export", fact.export_id)


def the_erasure(fact: Any) -> Subject:
    return Subject("personal_data_erasure", fact.erasure_id)


RULES: Final[tuple[Rule[Any], ...]] = (
    Rule(
        on=ExportReady,
        to=who_asked,
        priority=HIGH,
        channels=BY_MAIL,
        title="Personal data can be fetched",
        body=lambda fact: (
            f"The archive of {fact.records} records can be fetched until {fact.expires_at:%d %B %Y}, from "
            f"/files/{fact.file_id}. "
            "If it was not you who asked for it, change your password now."
        ),
        kept_for=WEEK,
        about=the_export,
    ),
    Rule(
        on=ExportFailed,
        to=who_asked,
        priority=MEDIUM,
        title="Personal data could not be put together",
        body=lambda fact: f"The archive could not be made ({fact.error_code}). Ask for it again.",
        kept_for=WEEK,
        about=the_export,
    ),
    Rule(
        on=ErasureRequested,
        to=other_officers,
        priority=MEDIUM,
        title="An erasure of personal data waits",
        body=lambda fact: "Somebody has asked for the erasure of personal data. It waits for you among the approvals.",
        kept_for=WEEK,
        about=the_erasure,
    ),
    Rule(
        on=ErasureRefused,
        to=who_asked,
        priority=HIGH,
        title="Personal data were not erased",
        body=lambda fact: f"Something came up against the erasure ({fact.code}), and nothing was erased.",
        kept_for=WEEK,
        about=the_erasure,
    ),
    Rule(
        on=PersonalDataErased,
        to=whoever_asked_for_another,
        priority=MEDIUM,
        title="Personal data were erased",
        body=lambda fact: f"What was held of the person is kept as “{fact.pseudonym}” from now on.",
        kept_for=WEEK,
        about=the_erasure,
    ),
)
