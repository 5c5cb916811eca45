"""What clients send about notifications."""

from __future__ import annotations

from datetime import datetime

import strawberry

from domain.notifications import service
from domain.notifications.models import Category, Channel, DeliveryState
from domain.notifications.queries import DeliveryFilter
from schema.kit import ID, attribute, input_type, read_id


@input_type("Which notification was read.")
class MarkNotificationReadInput:
    notification_id: ID = attribute("The notification.")


@input_type("Which messages of the outbox to list; those that fit all that is said.")
class NotificationDeliveryFilter:
    channel: Channel | None = attribute("Only those by this way.", default=None)
    state: DeliveryState | None = attribute("Only those that stand so, such as `FAILED`.", default=None)
    recipient_id: ID | None = attribute("Only those to this user.", default=None)
    since: datetime | None = attribute("Only those planned at this instant or later.", default=None)
    until: datetime | None = attribute("Only those planned before this instant.", default=None)

    def parse(self) -> DeliveryFilter:
        whose = self.recipient_id
        return DeliveryFilter(
            channel=self.channel,
            state=self.state,
            recipient_id=None if whose is None else read_id("User", whose, "filter", "recipientId"),
            since=self.since,
            until=self.until,
        )


@input_type("Which message to send again.")
class RetryNotificationDeliveryInput:
    delivery_id: ID = attribute("A message that has failed.")


@input_type("Whether notifications of a business shall come by a way out of the house.")
class NotificationChoiceInput:
    category: Category = attribute("The business.")
    channel: Channel = attribute("The way: `MAIL` or `SMS`.")
    enabled: bool = attribute("Whether they shall come.")

    def parse(self) -> service.Choice:
        return service.Choice(self.category, self.channel, self.enabled)


@input_type("From one time of day until another; over midnight when the second is earlier.")
class QuietHoursInput:
    begins: str = attribute("When they begin, such as `22:00`.")
    ends: str = attribute("When they end, such as `07:00`.")

    def parse(self) -> service.QuietHours:
        return service.QuietHours(self.begins, self.ends)


@input_type("What to change. What is left out stays.")
class UpdateNotificationPreferencesInput:
    choices: list[NotificationChoiceInput] = attribute("Businesses and ways, each once.", default=())
    quiet_hours: QuietHoursInput | None = attribute("The quiet hours; null for none.", default=strawberry.UNSET)
    time_zone: str | None = attribute("The time zone of one's clock, such as `Africa/Nairobi`.", default=None)
