"""Carriers: the mail server and the SMS provider that take what the house sends out."""

from api.carriers.mail import MailServer
from api.carriers.sms import SmsProvider

__all__ = ["MailServer", "SmsProvider"]
