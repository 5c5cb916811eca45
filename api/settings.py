"""What an installation chooses, read from the environment (and from ``.env``) once, when a process starts.

Names begin with ``DAFTARI_``; those that platforms know by themselves (``DATABASE_URL``, ``REDIS_URL``, ``PORT``) and
those that clients' or providers' documentation names (``WS_HEARTBEAT_INTERVAL``, all of ``MPESA_``) are accepted bare as
well. A process that cannot start with what was chosen tells all that is wrong at once, in a sentence each.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Final, Self
from urllib.parse import urlsplit

from pydantic import ValidationInfo, field_validator, model_validator
from pydantic_settings import SettingsConfigDict

from api.carriers import MailServer, SmsProvider, WebhookCarrier
from api.choices import (
    NO_SENDER,
    Books,
    Environment,
    FilesAndJobs,
    Installation,
    Live,
    LogFormat,
    Messages,
    Observability,
    OperationLimits,
    Reconciling,
    Servers,
    SigningIn,
    WebClients,
)
from api.mpesa.settings import MpesaSettings
from api.safety import unsafe
from domain.accounting.settings import AccountingSettings
from domain.events.settings import EventSettings
from domain.files.settings import FileSettings
from domain.identity.rules import clean_email, clean_phone
from domain.identity.settings import IdentitySettings
from domain.jobs.settings import JobSettings
from domain.kit.errors import DomainError
from domain.kit.money import CURRENCIES, Money
from domain.lending.settings import LendingSettings
from domain.milling.settings import MillingSettings
from domain.notifications.settings import NotificationSettings
from domain.notifications.transports import Recorder
from domain.payments.provider import CURRENCY
from domain.payments.settings import PaymentSettings
from domain.privacy.settings import PrivacySettings
from domain.school.settings import SchoolSettings
from domain.wallets.settings import WalletSettings
from domain.webhooks.settings import WebhookSettings
from schema.pipeline import Limits

DEMO_CURRENCY: Final = "KES"
"""The demo's branches lend shillings, its mill buys and sells for them, and the books are kept in them."""
DEMO_SCHOOL_CURRENCY: Final = "GHS"
"""The older campus of the demo's school is in Accra."""


class Settings(
    MpesaSettings,
    Messages,
    Reconciling,
    Books,
    FilesAndJobs,
    Live,
    OperationLimits,
    WebClients,
    SigningIn,
    Observability,
    Servers,
    Installation,
):
    """One for a process. What may be chosen is in :mod:`api.choices`; here is what it means together."""

    model_config = SettingsConfigDict(
        env_prefix="DAFTARI_", env_file=".env", extra="ignore", populate_by_name=True, env_ignore_empty=True
    )

    @field_validator("admin_email", "admin_phone")
    @classmethod
    def _reachable(cls, value: str | None, field: ValidationInfo) -> str | None:
        if value is None:
            return None
        try:
            return clean_email(value) if field.field_name == "admin_email" else clean_phone(value)
        except DomainError as refusal:
            raise ValueError(refusal.message) from None

    @field_validator("ws_heartbeat_interval_s")
    @classmethod
    def _in_seconds(cls, value: float) -> float:
        """One document of clients has it in seconds, another in milliseconds: nobody waits a thousand seconds for a sign."""
        return value / 1_000 if value >= 1_000 else value

    @field_validator("log_level")
    @classmethod
    def _known_level(cls, value: str) -> str:
        if value.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"}:
            raise ValueError("the log level is one of DEBUG, INFO, WARNING, ERROR, CRITICAL")
        return value.upper()

    @field_validator("otlp_endpoint")
    @classmethod
    def _is_a_collector(cls, value: str | None) -> str | None:
        parts = urlsplit(value or "http://none")
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("a collector has the form http://collector:4318")
        return value

    @field_validator("allowed_origins")
    @classmethod
    def _well_formed(cls, value: str) -> str:
        for origin in _listed(value):
            parts = urlsplit(origin)
            if origin != "*" and (parts.scheme not in ("http", "https") or not parts.netloc or parts.path):
                raise ValueError(f"{origin!r} is not an origin such as https://app.example.org")
        return value

    @model_validator(mode="after")
    def _fit_together(self) -> Self:
        problems = [*self._misfits(), *self._carriers_misfits()]
        if self.environment is Environment.PRODUCTION:
            problems += unsafe(self)
        if problems:
            raise ValueError("\n".join(problems))
        return self

    def _misfits(self) -> Iterator[str]:
        try:
            Money.of(self.opening_credit, self.default_currency)
        except DomainError as refusal:
            yield f"DAFTARI_OPENING_CREDIT with DAFTARI_DEFAULT_CURRENCY: {refusal.message}"
        for name in ("lending_currency", "accounting_currency", "milling_currency", "school_currency"):
            if getattr(self, name) not in (None, *CURRENCIES):
                yield f"DAFTARI_{name.upper()} is one of {', '.join(sorted(CURRENCIES))}"
        if self.trusted_documents_only and self.trusted_documents is None:
            yield "DAFTARI_TRUSTED_DOCUMENTS_ONLY needs DAFTARI_TRUSTED_DOCUMENTS, or nothing could be run"

    def _carriers_misfits(self) -> Iterator[str]:
        """Whoever is to carry messages and money is named well, or the process does not start."""
        if self.smtp_url is not None and self.mail_from == NO_SENDER:
            yield "SMTP_URL needs MAIL_FROM, the address that mail comes from"
        if self.sms_url is not None and self.sms_token is None:
            yield "SMS_URL needs SMS_TOKEN, which lets us in there"
        for carrier in ("mail_server", "sms_provider", "mpesa"):
            try:
                getattr(self, carrier)
            except ValueError as problem:
                yield str(problem)

    @property
    def is_development(self) -> bool:
        return self.environment is Environment.DEVELOPMENT

    @property
    def origins(self) -> list[str]:
        """Where web clients may come from, for CORS and for the handshake of sockets."""
        return _listed(self.allowed_origins)

    @property
    def shows_graphiql(self) -> bool:
        return self.environment is not Environment.PRODUCTION if self.graphiql is None else self.graphiql

    @property
    def allows_introspection(self) -> bool:
        return self.environment is not Environment.PRODUCTION if self.introspection is None else self.introspection

    @property
    def shows_demo_users(self) -> bool:
        return self.is_development if self.demo_users is None else self.demo_users

    @property
    def logs_as_json(self) -> bool:
        if self.log_format is None:
            return self.environment is Environment.PRODUCTION
        return self.log_format is LogFormat.JSON

    @property
    def limits(self) -> Limits:
        return Limits(
            document_bytes=self.max_document_bytes,
            tokens=self.max_tokens,
            depth=self.max_depth,
            aliases=self.max_aliases,
            root_fields=self.max_root_fields,
            cost=self.max_cost,
            timeout_s=self.operation_timeout_s,
        )

    @property
    def identity(self) -> IdentitySettings:
        return IdentitySettings(
            secret=self._derived("tokens"),
            points_of_keys=self.points_per_minute or None,
            access_ttl=timedelta(minutes=self.access_token_minutes),
            refresh_ttl=timedelta(days=self.refresh_token_days),
            session_ttl=timedelta(days=self.session_days),
            failures_per_account=self.sign_in_failures_per_account,
            failures_per_address=self.sign_in_failures_per_address,
        )

    @property
    def events(self) -> EventSettings:
        """Zero years mean for ever."""
        return EventSettings(activity_years=self.activity_retention_years or None)

    @property
    def privacy(self) -> PrivacySettings:
        return PrivacySettings(
            retention_years=self.personal_data_retention_years,
            exports_kept_for=timedelta(days=self.personal_data_export_days),
            archive=self.archive,
        )

    @property
    def archive(self) -> Path:
        """The folder of archived events."""
        return self.home / "archive"

    @property
    def wallets(self) -> WalletSettings:
        return WalletSettings(opening_credit=Money.of(self.opening_credit, self.default_currency))

    @property
    def lending(self) -> LendingSettings:
        return LendingSettings(currency=self.lending_currency or self._demo_currency)

    @property
    def milling(self) -> MillingSettings:
        return MillingSettings(
            chosen_currency=self.milling_currency or self._demo_currency,
            alert_percent=self.milling_alert_percent,
            notification_check=timedelta(milliseconds=self.notification_check_interval_ms),
            dashboard_refresh=timedelta(milliseconds=self.dashboard_refresh_interval),
        )

    @property
    def school(self) -> SchoolSettings:
        return SchoolSettings(
            chosen_currency=self.school_currency or (DEMO_SCHOOL_CURRENCY if self.shows_demo_users else None)
        )

    @property
    def payments(self) -> PaymentSettings:
        return PaymentSettings(
            recon_interval=timedelta(seconds=self.recon_interval_s),
            recon_batch=self.recon_batch,
            callback_within=timedelta(seconds=self.callback_within_s),
            expires_after=timedelta(seconds=self.prompt_expires_after_s),
            park_for=timedelta(seconds=self.park_messages_for_s),
            keep_results=timedelta(days=self.keep_reconciliations_days),
            keep_bodies=timedelta(days=self.keep_messages_days),
            confirm_callbacks=self.confirm_callbacks,
            short_codes=frozenset(code for code in (self.mpesa_short_code, self.mpesa_till) if code),
            has_account=self.mpesa is not None,
            most=Money.of(self.mpesa_most, CURRENCY),
            takes_commands=self.mpesa is not None and self.mpesa_initiator is not None,
            heartbeat_interval=timedelta(seconds=self.ws_heartbeat_interval_s),
            reconnect_delay=timedelta(milliseconds=self.ws_reconnect_delay_ms),
        )

    @property
    def accounting(self) -> AccountingSettings:
        return AccountingSettings(
            approval_threshold=self.accounting_approval_threshold, currency=self.accounting_currency or self._demo_currency
        )

    @property
    def _demo_currency(self) -> str | None:
        return DEMO_CURRENCY if self.shows_demo_users else None

    @property
    def files(self) -> FileSettings:
        return FileSettings(
            max_bytes=self.max_file_bytes,
            unattached_bytes=5 * self.max_file_bytes,
            keep_unattached=timedelta(hours=self.unattached_file_hours),
        )

    @property
    def jobs(self) -> JobSettings:
        return JobSettings(lease_s=self.job_lease_s, poll_s=self.job_poll_s, places=self.job_places)

    @property
    def mail_server(self) -> MailServer | None:
        return MailServer.at(self.smtp_url.get_secret_value(), sender=self.mail_from) if self.smtp_url else None

    @property
    def sms_provider(self) -> SmsProvider | None:
        if self.sms_url is None or self.sms_token is None:
            return None
        return SmsProvider(url=self.sms_url, token=self.sms_token.get_secret_value(), sender=self.sms_sender)

    @property
    def notifications(self) -> NotificationSettings:
        return NotificationSettings(
            mailer=self.mail_server or Recorder(),
            texter=self.sms_provider or Recorder(),
            digest_window=timedelta(minutes=self.digest_minutes),
            house_mail=self.admin_email,
            house_phone=self.admin_phone,
        )

    @property
    def webhooks(self) -> WebhookSettings:
        public_only = not self.is_development if self.webhooks_public_only is None else self.webhooks_public_only
        return WebhookSettings(
            secret=self._derived("webhooks"),
            carrier=WebhookCarrier(public_only=public_only),
            public_only=public_only,
            disable_after=timedelta(hours=self.webhooks_disable_after_hours),
        )

    @property
    def cursor_secret(self) -> str:
        return self._derived("cursors")

    def _derived(self, purpose: str) -> str:
        """A secret of its own for each purpose, so that one that leaks says nothing of the others."""
        key = self.secret.get_secret_value().encode()[:64]
        return hashlib.blake2b(purpose.encode(), key=key, digest_size=32).hexdigest()


def _listed(value: str) -> list[str]:
    return [each.strip().rstrip("/") for each in value.split(",") if each.strip()]
