"""What can be paid for of nobody's business in particular: a person's wallet, and a session that somebody booked."""

from domain.payments.purposes import service_sessions, top_ups

__all__ = ["service_sessions", "top_ups"]
