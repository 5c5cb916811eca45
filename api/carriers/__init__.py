"""Carriers: the mail server and the SMS provider that take what the house sends out, and what posts its webhooks."""

from api.carriers.mail import MailServer
from api.carriers.sms import SmsProvider
from api.carriers.webhooks import WebhookCarrier

__all__ = ["MailServer", "SmsProvider", "WebhookCarrier"]
