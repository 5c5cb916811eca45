"""The invariants of identity."""

from __future__ import annotations

from domain.kit.checks import Check, register

register(
    Check(
        "identity",
        "an_admin_remains",
        "When there are users who were ever administrators, one of them is active.",
        """select 'nobody active is an administrator' where exists (select from app_user where 'ADMIN' = any (roles))
           and not exists (select from app_user where active and 'ADMIN' = any (roles))""",
    ),
    Check(
        "identity",
        "deactivated_users_have_no_sessions",
        "Nobody who was deactivated is still signed in.",
        """select 'user ' || u.id || ' is deactivated and has session ' || s.id
           from app_user u join user_session s on s.user_id = u.id where not u.active and s.ended_at is null
             and s.expires_at > now()""",
    ),
    Check(
        "identity",
        "live_sessions_can_be_refreshed",
        "Each session that has not ended has exactly one refresh token that is still good.",
        """select 'session ' || s.id || ' has ' || count(t.token_hash) || ' good refresh tokens'
           from user_session s left join refresh_token t on t.session_id = s.id and t.replaced_at is null
           where s.ended_at is null group by s.id having count(t.token_hash) <> 1""",
    ),
    Check(
        "identity",
        "every_user_has_a_password",
        "Nobody is in the books who could not sign in.",
        "select 'user ' || id || ' has no password' from app_user u where not exists"
        " (select from user_password p where p.user_id = u.id)",
    ),
)
