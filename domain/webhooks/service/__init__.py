"""The acts of webhooks."""

from domain.webhooks.service.managing import (
    CreatedEndpoint,
    create_webhook_endpoint,
    delete_webhook_endpoint,
    pause_webhook_endpoint,
    resume_webhook_endpoint,
    rotate_webhook_secret,
    test_webhook_endpoint,
    update_webhook_endpoint,
)
from domain.webhooks.service.sending import send_due

__all__ = [
    "CreatedEndpoint",
    "create_webhook_endpoint",
    "delete_webhook_endpoint",
    "pause_webhook_endpoint",
    "resume_webhook_endpoint",
    "rotate_webhook_secret",
    "send_due",
    "test_webhook_endpoint",
    "update_webhook_endpoint",
]
