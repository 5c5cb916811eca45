"""What clients send about the log of activities."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from domain.notifications.models import Priority
from domain.school.queries.activities import ActivityFilter
from schema.kit import ID, attribute, input_type, read_any_id, read_optional_id


@input_type("Which activities. What is left out does not narrow.")
class UserActivityFilter:
    actor_id: ID | None = attribute("Only what this user did.", default=None)
    activity: str | None = attribute("Only this, such as `fee_collected`.", default=None)
    subject_id: ID | None = attribute("Only what was done to this thing, of whatever type.", default=None)
    student_id: ID | None = attribute("Only what is about this student.", default=None)
    correlation_id: UUID | None = attribute("Only what came of one request, job or event.", default=None)
    since: datetime | None = attribute("Only at this instant or later.", default=None, name="from")
    until: datetime | None = attribute("Only before this instant.", default=None, name="to")
    archived: bool = attribute("What has left the log for the archive, instead of what is in the log.", default=False)

    def parse(self) -> ActivityFilter:
        subject = self.subject_id
        return ActivityFilter(
            actor_id=read_optional_id("User", self.actor_id, "filter", "actorId"),
            activity=self.activity,
            subject_id=None if subject is None else read_any_id(subject, "filter", "subjectId"),
            student_id=read_optional_id("Student", self.student_id, "filter", "studentId"),
            correlation_id=self.correlation_id,
            since=self.since,
            until=self.until,
            archived=self.archived,
        )


@input_type("Which of the viewer's notifications about the school. What is left out does not narrow.")
class SystemNotificationFilter:
    unread_only: bool = attribute("Only what the viewer has not read.", default=False)
    type: str | None = attribute("Only of this type, such as `ARREARS_ALERT_RAISED`.", default=None)
    priorities: list[Priority] | None = attribute("Only of these priorities.", default=None)


@input_type("How long activities stay in the log.")
class SetActivityArchivingInput:
    after_days: int = attribute("After so many days they leave it; 30 at least.")


@input_type("How old activities are that leave the log.")
class ArchiveActivityLogInput:
    older_than_days: int | None = attribute(
        "Older than so many days, which are 30 at least; as the school chose when left out.", default=None
    )
