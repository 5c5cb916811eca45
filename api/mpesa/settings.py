"""What an installation chooses about M-Pesa. Without an account nothing is asked of it, and nobody can pay that way."""

from __future__ import annotations

import ipaddress
import re
from typing import Any, Final, Self

from pydantic import AliasChoices, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings

from api.mpesa.account import DarajaAccount, Patience, TransactionType
from domain.payments.settings import MOST_AT_ONCE

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_SECRET: Final = re.compile(r"[A-Za-z0-9_\-]{16,128}", re.ASCII)


def _mpesa(name: str, default: Any, description: str, **limits: Any) -> Any:
    also = AliasChoices(f"DAFTARI_MPESA_{name}", f"MPESA_{name}")
    return Field(default, validation_alias=also, description=description, **limits)


class MpesaSettings(BaseSettings):
    """M-Pesa: the names are those of Safaricom's portal, where an account gets them."""

    mpesa_url: str | None = _mpesa(
        "URL", None, "Where Daraja is: https://api.safaricom.co.ke, its sandbox, or the simulator. Unset: no M-Pesa."
    )
    mpesa_consumer_key: str | None = _mpesa("CONSUMER_KEY", None, "The key of our app at the portal.")
    mpesa_consumer_secret: SecretStr | None = _mpesa("CONSUMER_SECRET", None, "The secret of our app at the portal.")
    mpesa_short_code: str | None = _mpesa("SHORT_CODE", None, "Our Paybill; for Buy Goods, the store's number.")
    mpesa_passkey: SecretStr | None = _mpesa("PASSKEY", None, "What signs prompts of that short code.")
    mpesa_transaction_type: TransactionType = _mpesa(
        "TRANSACTION_TYPE", TransactionType.PAY_BILL, "CustomerPayBillOnline or CustomerBuyGoodsOnline."
    )
    mpesa_till: str | None = _mpesa("TILL", None, "Who receives the money where that is not the short code: a till.")
    mpesa_callback_url: str | None = _mpesa(
        "CALLBACK_URL",
        None,
        "Where M-Pesa finds our webhooks, as it sees them. Safaricom registers no address that contains its own names: "
        "https://pay.example.org/webhooks/mobile-money will do, and so will any other path.",
    )
    mpesa_webhook_secret: SecretStr | None = _mpesa(
        "WEBHOOK_SECRET",
        None,
        "A part of the path that only M-Pesa is told: 16 to 128 letters, digits, dashes and underscores. Messages that come "
        "without it are refused.",
    )
    mpesa_allowed_addresses: str = _mpesa(
        "ALLOWED_ADDRESSES",
        "",
        "From where messages are taken, as addresses and networks with commas between them: 196.201.212.0/23. "
        "Empty: from everywhere. Behind proxies it is what DAFTARI_TRUSTED_PROXIES makes of it.",
    )
    mpesa_strict_accounts: bool = _mpesa(
        "STRICT_ACCOUNTS",
        False,
        "Whether customers who pay by Paybill on their own are turned away when the account number they typed is unknown. "
        "Otherwise their money waits until somebody says what it is for.",
    )
    mpesa_most: int = _mpesa(
        "MOST",
        int(MOST_AT_ONCE.amount),
        "The most shillings of one payment, asked for or made by a customer on their own; M-Pesa itself moves no more than "
        "these at once.",
        ge=1,
    )
    mpesa_simulator_port: int = _mpesa(
        "SIMULATOR_PORT", 8600, "Where `daftari dev` simulates M-Pesa; when it is taken, any free one.", ge=0, le=65535
    )
    mpesa_initiator: str | None = _mpesa("INITIATOR", None, "The API operator who may reverse and look up by receipt.")
    mpesa_security_credential: SecretStr | None = _mpesa(
        "SECURITY_CREDENTIAL", None, "The operator's password, encrypted as the portal does it."
    )
    mpesa_timeout_s: float = _mpesa("TIMEOUT_S", 15.0, "How long one answer may take.", gt=0, le=60)

    @model_validator(mode="after")
    def _check_webhooks(self) -> Self:
        secret = self.mpesa_webhook_secret
        if secret is not None and not _SECRET.fullmatch(secret.get_secret_value()):
            raise ValueError("MPESA_WEBHOOK_SECRET has 16 to 128 letters, digits, dashes and underscores")
        _ = self.mpesa_networks
        return self

    @property
    def mpesa_secret_path(self) -> str | None:
        return None if self.mpesa_webhook_secret is None else self.mpesa_webhook_secret.get_secret_value()

    @property
    def mpesa_networks(self) -> tuple[Network, ...]:
        """From where messages are taken; none when from everywhere."""
        written = [each.strip() for each in self.mpesa_allowed_addresses.split(",") if each.strip()]
        try:
            return tuple(ipaddress.ip_network(each, strict=False) for each in written)
        except ValueError as error:
            raise ValueError(f"MPESA_ALLOWED_ADDRESSES: {error}") from None

    @property
    def mpesa(self) -> DarajaAccount | None:
        """The account; raises ValueError with a sentence when only a part of it is there."""
        if self.mpesa_url is None:
            return None
        key, secret, passkey = self.mpesa_consumer_key, self.mpesa_consumer_secret, self.mpesa_passkey
        short_code, callbacks = self.mpesa_short_code, self.mpesa_callback_url
        if key is None or secret is None or passkey is None or short_code is None or callbacks is None:
            raise ValueError(
                "MPESA_URL needs MPESA_CONSUMER_KEY, MPESA_CONSUMER_SECRET, MPESA_SHORT_CODE, MPESA_PASSKEY and "
                "MPESA_CALLBACK_URL"
            )
        credential, secret_path = self.mpesa_security_credential, self.mpesa_secret_path
        return DarajaAccount(
            url=self.mpesa_url.rstrip("/"),
            consumer_key=key,
            consumer_secret=secret.get_secret_value(),
            short_code=short_code,
            passkey=passkey.get_secret_value(),
            callbacks=callbacks.rstrip("/") + (f"/{secret_path}" if secret_path else ""),
            transaction_type=self.mpesa_transaction_type,
            till=self.mpesa_till,
            initiator=self.mpesa_initiator,
            security_credential=None if credential is None else credential.get_secret_value(),
        )

    @property
    def mpesa_patience(self) -> Patience:
        return Patience(connect_within_s=min(5.0, self.mpesa_timeout_s), answer_within_s=self.mpesa_timeout_s)
