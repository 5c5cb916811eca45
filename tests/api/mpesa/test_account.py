"""What an installation says about M-Pesa, and what it does not start with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from api.mpesa import DarajaAccount
from api.mpesa.account import TransactionType
from api.mpesa.settings import MpesaSettings
from api.settings import Settings
from tests.api.test_settings import SAFE

WHOLE: dict[str, str] = {
    "MPESA_URL": "https://api.safaricom.co.ke/",
    "MPESA_CONSUMER_KEY": "key",
    "MPESA_CONSUMER_SECRET": "hunter2",
    "MPESA_SHORT_CODE": "600000",
    "MPESA_PASSKEY": "hunter2",
    "MPESA_CALLBACK_URL": "https://pay.example.org/webhooks",
}

SECRET = "only-told-to-the-provider"


@pytest.fixture(autouse=True)
def empty_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing of the developer's own environment or ``.env``."""
    monkeypatch.chdir(tmp_path)
    for name in MpesaSettings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
        monkeypatch.delenv(f"DAFTARI_{name.upper()}", raising=False)


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name, value in WHOLE.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("MPESA_WEBHOOK_SECRET", SECRET)
    return monkeypatch


def test_without_an_address_there_is_no_m_pesa() -> None:
    assert Settings().mpesa is None
    assert all(field.description for field in MpesaSettings.model_fields.values())


def test_an_account(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("MPESA_INITIATOR", "operator")
    environment.setenv("DAFTARI_MPESA_SECURITY_CREDENTIAL", "hunter2")
    environment.setenv("MPESA_TIMEOUT_S", "3")
    settings = Settings(**SAFE)
    account = settings.mpesa
    assert account is not None
    assert (account.url, account.short_code, account.receiver) == ("https://api.safaricom.co.ke", "600000", "600000")
    assert account.security_credential == "hunter2"
    assert (settings.mpesa_patience.connect_within_s, settings.mpesa_patience.answer_within_s) == (3, 3)
    assert account.callbacks == f"https://pay.example.org/webhooks/{SECRET}"
    assert "hunter2" not in repr(account) + repr(settings)
    assert SECRET not in repr(account) + repr(settings)


def test_a_till(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("MPESA_TRANSACTION_TYPE", "CustomerBuyGoodsOnline")
    environment.setenv("MPESA_TILL", "54321")
    account = Settings().mpesa
    assert account is not None
    assert (account.transaction_type, account.receiver) == (TransactionType.BUY_GOODS, "54321")


@pytest.mark.parametrize("missing", [name for name in WHOLE if name != "MPESA_URL"])
def test_a_part_of_an_account_is_none(environment: pytest.MonkeyPatch, missing: str) -> None:
    environment.delenv(missing)
    with pytest.raises(ValidationError, match=missing):
        Settings()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MPESA_URL", "ftp://api.safaricom.co.ke"),
        ("MPESA_URL", "api.safaricom.co.ke"),
        ("MPESA_CALLBACK_URL", "https://pay.example.org/?a=1"),
        ("MPESA_CALLBACK_URL", "https://pay.example.org/webhooks/mpesa"),
        ("MPESA_CALLBACK_URL", "https://M-PESA.example.org/webhooks"),
        ("MPESA_WEBHOOK_SECRET", "too short"),
        ("MPESA_WEBHOOK_SECRET", "a/path/of/its/own/in/here"),
        ("MPESA_ALLOWED_ADDRESSES", "196.201.212.0/23, safaricom.co.ke"),
        ("MPESA_SHORT_CODE", "60000O"),
        ("MPESA_TILL", "1"),
        ("MPESA_INITIATOR", "operator"),
        ("MPESA_SECURITY_CREDENTIAL", "hunter2"),
        ("MPESA_TRANSACTION_TYPE", "Pay Bill"),
        ("MPESA_TIMEOUT_S", "0"),
    ],
)
def test_what_makes_no_sense(environment: pytest.MonkeyPatch, name: str, value: str) -> None:
    environment.setenv(name, value)
    with pytest.raises(ValidationError, match=name):
        Settings()


def test_production_does_not_believe_everybody(environment: pytest.MonkeyPatch) -> None:
    environment.delenv("MPESA_WEBHOOK_SECRET")
    with pytest.raises(ValidationError, match="anybody may say that a payment was made"):
        Settings(**SAFE)
    environment.setenv("MPESA_ALLOWED_ADDRESSES", " 196.201.212.0/23,2001:db8::/32, 10.0.0.7")
    assert [str(each) for each in Settings(**SAFE).mpesa_networks] == ["196.201.212.0/23", "2001:db8::/32", "10.0.0.7/32"]


@pytest.mark.parametrize("name", ["MPESA_URL", "MPESA_CALLBACK_URL"])
def test_production_pays_over_no_open_line(environment: pytest.MonkeyPatch, name: str) -> None:
    for elsewhere in ("http://pay.example.org", "http://10.0.0.1:8600", "http://127.0.0.1.example.org", "http://[fe80::1]"):
        environment.setenv(name, elsewhere)
        assert Settings().mpesa is not None, "elsewhere it is one's own affair"
        with pytest.raises(ValidationError, match="sends payments unencrypted"):
            Settings(**SAFE)
    for here in ("http://127.0.0.1:8600", "http://localhost:8600", "http://[::1]:8600"):
        environment.setenv(name, here)
        if name == "MPESA_URL":
            with pytest.raises(ValidationError, match="is a simulator on this machine"):
                Settings(**SAFE)
        else:
            assert Settings(**SAFE).mpesa is not None
    environment.setenv(name, "https://pay.example.org")
    assert Settings(**SAFE).mpesa is not None


def test_an_account_is_named_well() -> None:
    right: dict[str, Any] = {
        "url": "https://api.example",
        "consumer_key": "key",
        "consumer_secret": "hunter2",
        "short_code": "600000",
        "passkey": "hunter2",
        "callbacks": "https://pay.example.org",
    }
    assert not DarajaAccount(**right).talks_openly
    for wrong in ({"url": "https://api.example/"}, {"consumer_key": ""}, {"consumer_secret": ""}, {"passkey": ""}):
        with pytest.raises(ValueError, match=r"MPESA_URL|M-Pesa account"):
            DarajaAccount(**(right | wrong))
