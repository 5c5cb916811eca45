"""The invariants of personal data."""

from __future__ import annotations

from domain.kit.checks import Check, register

register(
    Check(
        "privacy",
        "erased_people_cannot_sign_in",
        "Whoever was erased is deactivated, has no session and no API key.",
        """select 'user ' || u.id || ' was erased and can sign in' from app_user u
           where u.id in (select unnest(erased_ids) from personal_data_erasure where state = 'ERASED')
             and (u.active or exists (select from user_session s where s.user_id = u.id)
                  or exists (select from api_key k where k.user_id = u.id))""",
    ),
    Check(
        "privacy",
        "archives_are_not_kept_longer",
        "Each export that can be fetched has its file, and no other has one.",
        """select 'export ' || id || ' is ' || state from personal_data_export
           where (state = 'READY') <> (file_id is not null)""",
    ),
)
