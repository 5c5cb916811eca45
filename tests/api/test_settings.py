"""Settings: where they come from, what they mean together, and what a production server does not start with."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from api.choices import Environment, Live, LogFormat
from api.processes.answering import _config
from api.processes.crew import DRAIN_LIMIT_S
from api.settings import Settings
from api.sockets.endpoint import FINISH_S, Sockets
from domain.kit.money import Money
from subscriptions.limits import HubLimits, SocketLimits
from subscriptions.relay import POLL_S

SAFE: dict[str, Any] = {
    "environment": "production",
    "secret": "a secret of forty characters, random ones",
    "database_url": "postgresql://daftari:hunter2@db.example/daftari?sslmode=verify-full",
    "redis_url": "rediss://:hunter2@redis.example",
    "allowed_origins": "https://app.example.org, https://admin.example.org/",
    "opening_credit": "0.00",
}
MPESA: dict[str, Any] = {
    "mpesa_url": "https://api.safaricom.co.ke",
    "mpesa_consumer_key": "key",
    "mpesa_consumer_secret": "hunter2",
    "mpesa_short_code": "600123",
    "mpesa_passkey": "hunter2",
    "mpesa_callback_url": "https://pay.example.org/webhooks/mobile-money",
    "mpesa_webhook_secret": "sixteen-letters-or-more",
}


@pytest.fixture(autouse=True)
def empty_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing of the developer's own environment or ``.env``."""
    monkeypatch.chdir(tmp_path)
    bare = ("PORT", "DATABASE_URL", "REDIS_URL", "REAL_TIME_ENABLED", "WS_HEARTBEAT_INTERVAL")
    intervals = ("NOTIFICATION_CHECK_INTERVAL_MS", "DASHBOARD_REFRESH_INTERVAL")
    for name in (*bare, *intervals, "SMTP_URL", "MAIL_FROM", "SMS_URL", "SMS_TOKEN", "SMS_SENDER"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(f"DAFTARI_{name}", raising=False)


def test_a_developer_needs_to_choose_nothing() -> None:
    settings = Settings()
    assert settings.is_development
    assert (settings.host, settings.port) == ("127.0.0.1", 8000), "nobody else on the network gets in"
    assert settings.shows_graphiql and settings.allows_introspection and settings.shows_demo_users
    assert settings.wallets.opening_credit == Money.of("1000000.00", "INR")


def test_names_that_platforms_know_are_accepted_bare(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "9001")
    monkeypatch.setenv("DATABASE_URL", "postgresql://db.example/x")
    monkeypatch.setenv("REDIS_URL", "")
    monkeypatch.setenv("WS_HEARTBEAT_INTERVAL", "7.5")
    monkeypatch.setenv("REAL_TIME_ENABLED", "false")
    monkeypatch.setenv("DAFTARI_OPENING_CREDIT", "0.00")
    settings = Settings()
    assert settings.port == 9001
    assert settings.database_url is not None
    assert settings.redis_url is None, "an empty variable is none"
    assert settings.ws_heartbeat_interval_s == 7.5
    assert settings.real_time_enabled is False
    assert settings.opening_credit == Decimal("0.00")


def test_signs_of_life_are_said_in_seconds_or_milliseconds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WS_HEARTBEAT_INTERVAL", "30000")
    monkeypatch.setenv("WS_RECONNECT_DELAY", "5000")
    payments = Settings().payments
    assert (payments.heartbeat_interval, payments.reconnect_delay) == (timedelta(seconds=30), timedelta(seconds=5))


def test_payments_are_looked_at_as_often_as_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = Settings().payments
    assert (usual.recon_interval, usual.recon_batch) == (timedelta(minutes=15), 10)
    monkeypatch.setenv("RECON_INTERVAL_S", "300")
    monkeypatch.setenv("RECON_BATCH", "25")
    chosen = Settings().payments
    assert (chosen.recon_interval, chosen.recon_batch) == (timedelta(minutes=5), 25)


def test_the_mill_looks_as_often_as_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = Settings().milling
    assert (usual.notification_check.total_seconds(), usual.dashboard_refresh.total_seconds()) == (60, 30)
    monkeypatch.setenv("NOTIFICATION_CHECK_INTERVAL_MS", "90000")
    monkeypatch.setenv("DASHBOARD_REFRESH_INTERVAL", "15000")
    assert Settings(school_currency="UGX").school.currency == "UGX"
    chosen = Settings(milling_currency="UGX").milling
    assert (chosen.notification_check.total_seconds(), chosen.dashboard_refresh.total_seconds()) == (90, 15)
    assert chosen.currency == "UGX"
    for name, value in (("DASHBOARD_REFRESH_INTERVAL", "10"), ("NOTIFICATION_CHECK_INTERVAL_MS", "soon")):
        with monkeypatch.context() as broken, pytest.raises(ValidationError):
            broken.setenv(name, value)
            Settings()
    with pytest.raises(ValidationError, match="MILLING_CURRENCY"):
        Settings(milling_currency="XXX")


def test_our_own_name_goes_before_the_bare_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "9001")
    monkeypatch.setenv("DAFTARI_PORT", "9002")
    assert Settings().port == 9002


def test_a_file_in_the_working_directory(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("DAFTARI_MAX_DEPTH=7\nSOMETHING_ELSE=1\n")
    assert Settings().limits.depth == 7


def test_production_hides_what_developers_need() -> None:
    settings = Settings(**SAFE)
    assert settings.environment is Environment.PRODUCTION
    assert settings.app, "the app is for everybody"
    assert not settings.shows_graphiql
    assert not settings.allows_introspection
    assert not settings.shows_demo_users
    assert settings.logs_as_json
    assert settings.origins == ["https://app.example.org", "https://admin.example.org"]
    assert Settings(**SAFE, log_format=LogFormat.CONSOLE).logs_as_json is False


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"secret": "daftari-development-secret-which-everybody-knows"}, "DAFTARI_SECRET is the one from the source code"),
        ({"secret": "short"}, "DAFTARI_SECRET needs at least"),
        ({"secret": "abc" * 20}, "DAFTARI_SECRET can be guessed"),
        ({"database_url": "postgresql://db.example/daftari"}, "DATABASE_URL goes to another machine unencrypted"),
        ({"database_url": "postgresql://db.example/daftari?sslmode=prefer"}, "DATABASE_URL goes to another machine"),
        ({"redis_url": "redis://redis.example"}, "REDIS_URL goes to another machine unencrypted"),
        ({"allowed_origins": ","}, "must name the origins"),
        ({"allowed_origins": "https://app.example.org,http://app.example.org"}, "use https: http://app.example.org"),
        ({"graphiql": True}, "DAFTARI_GRAPHIQL"),
        ({"introspection": True}, "DAFTARI_INTROSPECTION"),
        (MPESA | {"mpesa_url": "http://127.0.0.1:8600"}, "MPESA_URL is a simulator"),
        (MPESA | {"mpesa_url": "http://daraja.example"}, "sends payments unencrypted"),
        (MPESA | {"mpesa_callback_url": "http://pay.example.org/hooks"}, "sends payments unencrypted"),
        (MPESA | {"mpesa_webhook_secret": None}, "anybody may say that a payment was made"),
        ({"database_url": None}, "DATABASE_URL is not set"),
        ({"redis_url": None}, "REDIS_URL is not set"),
        ({"allowed_origins": "*"}, "must name the origins"),
        ({"allowed_origins": "https://app.example.org,*"}, "must name the origins"),
        ({"demo_users": True}, "DAFTARI_DEMO_USERS"),
        ({"webhooks_public_only": False}, "DAFTARI_WEBHOOKS_PUBLIC_ONLY"),
        ({"demo_traffic": True}, "DAFTARI_DEMO_TRAFFIC"),
        ({"smtp_url": "smtp://us:hunter2@mail.example", "mail_from": "books@daftari.example"}, "SMTP_URL sends a password"),
        ({"sms_url": "http://sms.example", "sms_token": "hunter2"}, "SMS_URL sends SMS_TOKEN"),
    ],
)
def test_production_refuses_what_is_only_safe_at_home(change: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        Settings(**(SAFE | change))


def test_all_reasons_are_told_at_once_each_in_a_line() -> None:
    with pytest.raises(ValidationError) as refused:
        Settings(environment=Environment.PRODUCTION, smtp_url="http://mail.example")
    [told] = refused.value.errors()
    names = [line.split()[0] for line in told["msg"].removeprefix("Value error, ").splitlines()]
    carriers = ["SMTP_URL", "the"]
    servers = ["DATABASE_URL", "REDIS_URL"]
    assert names == [*carriers, "DAFTARI_SECRET", *servers, "DAFTARI_ALLOWED_ORIGINS", "DAFTARI_OPENING_CREDIT"]


@pytest.mark.parametrize(
    "change",
    [
        {},
        MPESA,
        {"private_network": True, "database_url": "postgresql://db/daftari", "redis_url": "redis://valkey"},
        {"database_url": "postgresql:///daftari?host=/run/postgresql", "redis_url": "redis://127.0.0.1"},
        {"database_url": "postgresql://localhost/daftari", "redis_url": "unix:///run/valkey.sock"},
        {"opening_credit": "1000000.00"},
    ],
)
def test_production_starts_with_what_is_safe(change: dict[str, Any]) -> None:
    assert Settings(**(SAFE | change)).environment is Environment.PRODUCTION


@pytest.mark.parametrize(
    "change",
    [
        {"port": 70_000},
        {"log_level": "LOUD"},
        {"allowed_origins": "app.example.org"},
        {"allowed_origins": "https://app.example.org/path"},
        {"opening_credit": "1.005"},
        {"opening_credit": "NaN"},
        {"default_currency": "XXX"},
        {"trusted_documents_only": True},
        {"trusted_proxies": -1},
        {"operation_timeout_s": 0},
        {"smtp_url": "http://mail.example", "mail_from": "books@daftari.example"},
        {"smtp_url": "smtp://mail.example"},
        {"sms_url": "https://sms.example"},
        {"sms_url": "sms.example", "sms_token": "let-me-in"},
        {"digest_minutes": 0},
    ],
)
def test_what_makes_no_sense_anywhere(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Settings(**change)


def test_messages_are_recorded_until_somebody_carries_them(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (Settings().notifications.mailer.name, Settings().notifications.texter.name) == ("RECORDED", "RECORDED")
    monkeypatch.setenv("SMTP_URL", "smtp://us:pass@mail.example?starttls")
    monkeypatch.setenv("MAIL_FROM", "books@daftari.example")
    monkeypatch.setenv("SMS_URL", "https://sms.example/v1")
    monkeypatch.setenv("SMS_TOKEN", "let-me-in")
    carried = Settings(digest_minutes=5).notifications
    assert (carried.mailer.name, carried.texter.name) == ("SMTP", "HTTP")
    assert carried.digest_window.total_seconds() == 300


def test_delivery_is_as_prompt_and_as_patient_as_it_is_said_to_be() -> None:
    """By default; clients and proxies reckon with these."""
    live, sockets = Live(), SocketLimits()
    assert POLL_S <= 0.1, "an event that nobody rang for is found in this time"
    assert (live.real_time_enabled, live.event_retention_days) == (True, 30)
    assert (live.ws_heartbeat_interval_s, sockets.heartbeat_s, sockets.answer_s) == (25, 25, 8)
    assert (sockets.expiry_grace_s, sockets.message_bytes) == (25, 64 * 1024)
    assert HubLimits().coalesce_s == 0.25
    assert _config(lambda: None).ws_per_message_deflate is False  # type: ignore[arg-type]


def test_a_server_has_taken_leave_within_its_grace() -> None:
    """Answers that have begun, what is on its way, everybody in batches, and then the last connections."""
    leave = Sockets.drain.__kwdefaults__
    closing_s = _config(lambda: None).timeout_graceful_shutdown  # type: ignore[arg-type]
    assert closing_s is not None
    assert FINISH_S + leave["flush_s"] + leave["part_within_s"] + closing_s <= 25 < DRAIN_LIMIT_S


def test_secrets_do_not_show() -> None:
    carriers = {"smtp_url": "smtps://us:hunter2@mail.example", "mail_from": "us@daftari.example", "sms_token": "hunter2"}
    shown = repr(Settings(**SAFE, **carriers, sms_url="https://sms.example"))
    assert "hunter2" not in shown
    assert "forty characters" not in shown


def test_each_purpose_has_a_secret_of_its_own() -> None:
    settings = Settings(**SAFE)
    other = Settings(**(SAFE | {"secret": "another secret of forty characters, also"}))
    derived = {settings.identity.secret, settings.cursor_secret, other.identity.secret, other.cursor_secret}
    assert len(derived) == 4
    assert SAFE["secret"] not in derived
    assert Settings(**SAFE).cursor_secret == settings.cursor_secret, "the same in every process"
