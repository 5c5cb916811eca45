"""M-Pesa: the adapter for Daraja, Safaricom's HTTP interface, and a simulator of it for those who have no contract yet."""

from api.mpesa.account import DarajaAccount, Patience
from api.mpesa.daraja import Daraja

__all__ = ["Daraja", "DarajaAccount", "Patience"]
