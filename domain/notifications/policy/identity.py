"""Accounts: what the owner of one should know of it, above all when somebody else may be using it."""

from __future__ import annotations

from typing import Any, Final

from domain.identity.events import (
    AccessChanged,
    ApiKeyChanged,
    ApiKeyCreated,
    ApiKeyExpiring,
    ApiKeyRevoked,
    ApiKeyRotated,
    PasswordChanged,
    PhoneChanged,
    RefreshTokenReused,
    SignInFailed,
    UserSignedIn,
)
from domain.notifications.recipients import the_user
from domain.notifications.rule import CRITICAL, HIGH, MEDIUM, MONTH, QUARTER, Rule, a_session, an_api_key

RULES: Final[tuple[Rule[Any], ...]] = (
    Rule(
        on=PhoneChanged,
        to=the_user,
        priority=HIGH,
        template="security",
        title="Your telephone number was changed",
        body=lambda fact: (
            f"Text messages go to {fact.masked_phone} from now on. If it was not you, change your password now."
            if fact.masked_phone
            else "No text messages come any more. If it was not you, change your password now."
        ),
        kept_for=QUARTER,
    ),
    Rule(
        on=UserSignedIn,
        when=lambda fact: fact.new_address,
        to=the_user,
        priority=HIGH,
        template="security",
        title="Sign-in from a new place",
        body=lambda fact: (
            f"Somebody signed in to your account from {fact.address}, where you had not been before. "
            "If it was not you, change your password now."
        ),
        kept_for=QUARTER,
        about=a_session,
    ),
    Rule(
        on=SignInFailed,
        when=lambda fact: fact.blocked_until is not None,
        to=the_user,
        priority=HIGH,
        template="security",
        title="Sign-in was stopped",
        body=lambda fact: (
            f"{fact.failures} wrong passwords were tried for your account, the last from "
            f"{fact.address or 'an unknown address'}. Sign-in opens again at {fact.blocked_until:%H:%M} UTC."
        ),
        kept_for=MONTH,
    ),
    Rule(
        on=RefreshTokenReused,
        to=the_user,
        priority=CRITICAL,
        template="security",
        title="A session was ended for your safety",
        body=lambda fact: (
            "Your sign-in was used in two places, so somebody may have a copy of it. "
            "Sign in again, and change your password."
        ),
        kept_for=QUARTER,
    ),
    Rule(
        on=PasswordChanged,
        to=the_user,
        priority=HIGH,
        template="security",
        title="Your password was changed",
        body=lambda fact: "All your other sessions have ended. If it was not you, ask an administrator for help now.",
        kept_for=QUARTER,
    ),
    Rule(
        on=AccessChanged,
        when=lambda fact: fact.reason == "ROLES_CHANGED",
        to=the_user,
        priority=MEDIUM,
        type="ROLES_CHANGED",
        title="Your roles have changed",
        body=lambda fact: f"From now on you are: {', '.join(fact.roles)}.",
        kept_for=MONTH,
    ),
    Rule(
        on=AccessChanged,
        when=lambda fact: fact.reason == "BRANCH_CHANGED",
        to=the_user,
        priority=MEDIUM,
        type="BRANCH_CHANGED",
        title="Your branch has changed",
        body=lambda fact: (
            "You belong to another branch now, and see what is there."
            if fact.branch_id
            else "You belong to no branch any more."
        ),
        kept_for=MONTH,
    ),
    Rule(
        on=ApiKeyCreated,
        to=the_user,
        priority=HIGH,
        template="security",
        title="An API key acts for you",
        body=lambda fact: (
            f"“{fact.key_name}” ({fact.prefix}) may {', '.join(fact.scopes)} until {fact.expires_at:%d %B %Y}. "
            "If it was not you who made it, revoke it and change your password now."
        ),
        kept_for=QUARTER,
        about=an_api_key,
    ),
    Rule(
        on=ApiKeyChanged,
        to=the_user,
        priority=HIGH,
        template="security",
        title="An API key was changed",
        body=lambda fact: (
            f"“{fact.key_name}” ({fact.prefix}) may {', '.join(fact.scopes)} until {fact.expires_at:%d %B %Y}, from "
            f"{'its networks alone' if fact.network_count else 'anywhere'}. If it was not you who changed it, revoke it and "
            "change your password now."
        ),
        kept_for=QUARTER,
        about=an_api_key,
    ),
    Rule(
        on=ApiKeyRotated,
        to=the_user,
        priority=HIGH,
        template="security",
        title="An API key has another secret",
        body=lambda fact: (
            f"“{fact.key_name}” begins with {fact.prefix} now. The secret before, {fact.previous_prefix}, is good until "
            f"{fact.previous_until:%d %B %Y %H:%M} UTC. If it was not you, revoke the key and change your password now."
        ),
        kept_for=QUARTER,
        about=an_api_key,
    ),
    Rule(
        on=ApiKeyExpiring,
        to=the_user,
        priority=HIGH,
        title="An API key ends soon",
        body=lambda fact: (
            f"“{fact.key_name}” ({fact.prefix}) ends at {fact.expires_at:%d %B %Y %H:%M} UTC. Give it another secret and a "
            "later end if its program is to go on."
        ),
        kept_for=MONTH,
        about=an_api_key,
    ),
    Rule(
        on=ApiKeyRevoked,
        to=the_user,
        priority=MEDIUM,
        title="An API key was revoked",
        body=lambda fact: f"“{fact.key_name}” ({fact.prefix}) acts for you no longer.",
        kept_for=MONTH,
        about=an_api_key,
    ),
)
