"""What clients send about the books, the audit trail and notifications."""

from __future__ import annotations

from schema.kit import ID, attribute, input_type


@input_type("Which notification was read.")
class MarkNotificationReadInput:
    notification_id: ID = attribute("The notification.")
