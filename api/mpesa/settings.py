"""What an installation chooses about M-Pesa. Without an account nothing is asked of it, and nobody can pay that way."""

from __future__ import annotations

from typing import Any

from pydantic import AliasChoices, Field, SecretStr
from pydantic_settings import BaseSettings

from api.mpesa.account import DarajaAccount, Patience, TransactionType


def _mpesa(name: str, default: Any, description: str, **limits: Any) -> Any:
    also = AliasChoices(f"DAFTARI_MPESA_{name}", f"MPESA_{name}")
    return Field(default, validation_alias=also, description=description, **limits)


class MpesaSettings(BaseSettings):
    """The names are those of Safaricom's portal, where an account gets them."""

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
        "Where M-Pesa finds our webhooks, as it sees them. Safaricom registers no address that contains its own names, "
        "so outside the simulator let a proxy lead there from a path without them.",
    )
    mpesa_initiator: str | None = _mpesa("INITIATOR", None, "The API operator who may reverse and look up by receipt.")
    mpesa_security_credential: SecretStr | None = _mpesa(
        "SECURITY_CREDENTIAL", None, "The operator's password, encrypted as the portal does it."
    )
    mpesa_timeout_s: float = _mpesa("TIMEOUT_S", 15.0, "How long one answer may take.", gt=0, le=60)

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
        credential = self.mpesa_security_credential
        return DarajaAccount(
            url=self.mpesa_url.rstrip("/"),
            consumer_key=key,
            consumer_secret=secret.get_secret_value(),
            short_code=short_code,
            passkey=passkey.get_secret_value(),
            callbacks=callbacks.rstrip("/"),
            transaction_type=self.mpesa_transaction_type,
            till=self.mpesa_till,
            initiator=self.mpesa_initiator,
            security_credential=None if credential is None else credential.get_secret_value(),
        )

    @property
    def mpesa_patience(self) -> Patience:
        return Patience(connect_within_s=min(5.0, self.mpesa_timeout_s), answer_within_s=self.mpesa_timeout_s)
