"""What the rooms hold that serve all businesses."""

from __future__ import annotations

from typing import Final

from domain.privacy.register.kinds import EMAIL, MENTION, NAME, NULL, SECRET, TEXT, Room, deleted, held, mentions

_OF_THEIR_LOANS: Final = (
    "(owner_id = any ($1::uuid[]) and purpose = 'document') or subject_kind = 'loan' and subject_id in"
    " (select id from loan where borrower_id = any ($1::uuid[]))"
)

# Before somebody has signed in, nobody acts, and yet it is they who come from there.
_BY_THEM: Final = (
    "actor_id = any ($1::uuid[]) or actor_id is null and exists"
    " (select from unnest($1::uuid[]) as them (id) where payload::text like '%' || them.id::text || '%')"
)

IDENTITY: Final = Room(
    name="identity",
    purpose="who can sign in, with what, from where",
    kept="as long as the account; sessions for 90 days after they ended",
    holdings=(
        held("app_user", "id", name=NAME, email=EMAIL, phone=NULL, registered_from=NULL),
        held("user_password", "user_id", hash=SECRET),
        deleted("user_session", "user_id", device=TEXT, address=TEXT, ended_because=TEXT),
        deleted(
            "refresh_token",
            "session_id in (select id from user_session where user_id = any ($1::uuid[]))",
            token_hash=SECRET,
        ),
        deleted(
            "api_key",
            "user_id",
            name=TEXT,
            prefix=TEXT,
            key_hash=SECRET,
            previous_prefix=TEXT,
            previous_hash=SECRET,
            allowed_networks=TEXT,
        ),
        deleted(
            "sign_in_attempt",
            "account_hash in (select encode(sha256(convert_to(email, 'UTF8')), 'hex') from app_user"
            " where id = any ($1::uuid[]))",
            account_hash=SECRET,
            address=TEXT,
        ),
    ),
    free={"app_user": "roles", "api_key": "scopes", "branch": "code name"},
)

FILES: Final = Room(
    name="files",
    purpose="papers that were handed in",
    kept="as long as what they belong to; what belongs to nothing for a day",
    holdings=(
        held("stored_file", _OF_THEIR_LOANS, file_name=TEXT, content_type=TEXT, sha256=TEXT),
        held("stored_file_content", f"file_id in (select id from stored_file where {_OF_THEIR_LOANS})", content=TEXT),
        mentions("stored_file", "file_name"),
    ),
    free={"stored_file": "purpose subject_kind"},
)

NOTIFICATIONS: Final = Room(
    name="notifications",
    purpose="what was told to people, and by which way",
    kept="for the time that each says, 90 days at most",
    holdings=(
        deleted(
            "notification_delivery",
            "recipient_id",
            address=TEXT,
            subject=TEXT,
            text=TEXT,
            html=TEXT,
            last_error=TEXT,
            provider_id=TEXT,
        ),
        deleted("notification", "recipient_id", title=TEXT, body=TEXT, data=TEXT),
        deleted("notification_inbox", "user_id"),
        deleted("notification_preferences", "user_id", time_zone=TEXT),
        # Of what others were told.
        mentions("notification", "title", "body", "data"),
        mentions("notification_delivery", "subject", "text", "html", "last_error"),
    ),
    free={
        "notification": "kind priority subject_kind type channels",
        "notification_delivery": "channel state suppressed_because template digest_key transport",
        "notification_preferences": "turned_off",
    },
)

LEDGER: Final = Room(
    name="ledger",
    purpose="the books: amounts, dates and accounts, which name nobody",
    kept="for good",
    holdings=(
        mentions("ledger_account", "name", of="owner_id"),
        held("wallet", "user_id"),
        held("journal_line", "account_id in (select id from ledger_account where owner_id = any ($1::uuid[]))"),
        mentions(
            "journal_entry",
            "description",
            of="id in (select l.entry_id from journal_line l join ledger_account a on a.id = l.account_id"
            " where a.owner_id = any ($1::uuid[]))",
        ),
        mentions(
            "ledger_hold",
            "description",
            of="account_id in (select id from ledger_account where owner_id = any ($1::uuid[]))",
        ),
    ),
    free={
        "ledger_account": "code kind currency",
        "journal_entry": "kind reference_kind",
        "journal_line": "currency",
        "ledger_hold": "currency state reference_kind",
        "ledger_day": "code currency kind business",
        "integrity_result": "domain name",
        "wallet": "currency",
    },
)

OTHERS: Final = Room(
    name="approvals, reports, webhooks and requests about personal data",
    purpose="what waited for a second person, was reported, or was sent on",
    kept="reports for 30 days, attempts of webhooks for some weeks, the rest for good",
    holdings=(
        held("approval", "requested_by", title=MENTION, comment=MENTION),
        held("report", "requested_by", error=MENTION),
        held("report_schedule", "owner_id", last_error=MENTION),
        deleted("webhook_endpoint", "owner_id", name=TEXT, url=TEXT),
        mentions("webhook_attempt", "error"),
        held("personal_data_export", "person_id", reason=TEXT),
        held("personal_data_export", "requested_by", reason=MENTION),
        held("personal_data_erasure", "person_id", reason=TEXT, comment=TEXT),
    ),
    free={
        "approval": "kind currency status",
        "report": "kind title parameters format state error_code",
        "report_schedule": "kind title parameters period format cron last_error_code",
        "webhook_endpoint": "domains types state disabled_because",
        "webhook_attempt": "message_id type",
        "personal_data_export": "person_kind state error_code",
        "personal_data_erasure": "person_kind state refused_code pseudonym rows_changed",
    },
)

JOBS: Final = Room(
    name="jobs",
    purpose="work in the background, which names what to look up and not what is in it",
    kept="for some weeks",
    holdings=(
        mentions("job_task", "last_error", of="requested_by"),
        mentions("job_run", "error"),
        mentions("parked_event", "error"),
    ),
    free={
        "job_task": "name payload state dedupe_key",
        "job_schedule": "name expression",
        "job_run": "name outcome",
        "parked_event": "listener event_name",
        "event_checkpoint": "listener",
    },
)

EVENTS: Final = Room(
    name="events",
    purpose="what happened, for live delivery, and the trail of who did what, from where",
    kept="the log for 30 days and then in its archive, the trail for good, changes of rows for as many years as chosen",
    # Payloads and images are gone through key by key: see domain/privacy/payloads.py.
    holdings=(
        deleted("idempotency_key", "actor_id", key=TEXT, result=TEXT, request=TEXT),
        mentions("idempotency_key", "result"),
        held("outbox", _BY_THEM, address=NULL),
        held("event_log", _BY_THEM, address=NULL),
        held("audit_record", _BY_THEM, address=NULL),
        held(
            "row_change",
            "actor_id = any ($1::uuid[]) or actor_id is null and object_id = any ($1::uuid[])",
            address=NULL,
        ),
        mentions("outbox", "payload"),
        mentions("event_log", "payload"),
        mentions("audit_record", "payload"),
        mentions("row_change", "before", "after"),
    ),
    free={
        "outbox": "name topics audience",
        "event_log": "name topics audience",
        "audit_record": "event_name domain",
        "row_change": "object_kind operation database_user",
    },
)
