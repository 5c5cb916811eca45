"""What those who look after the house send about work in the background."""

from __future__ import annotations

from uuid import UUID

from domain.jobs.models import TaskState
from domain.jobs.queries import TaskFilter
from schema.kit import ID, attribute, input_type


@input_type("Which tasks to list; those that fit all that is said.")
class JobTaskFilter:
    name: str | None = attribute("Only tasks of this job or queue.", default=None)
    states: list[TaskState] | None = attribute("Only tasks in one of these states.", default=None)
    correlation_id: UUID | None = attribute("Only what came of one request, job or event.", default=None)

    def parse(self) -> TaskFilter:
        return TaskFilter(name=self.name, states=self.states, correlation_id=self.correlation_id)


@input_type("Which dead task to try again.")
class RetryJobTaskInput:
    task_id: ID = attribute("A task that has used up its attempts.")


@input_type("Which task to give up.")
class DiscardJobTaskInput:
    task_id: ID = attribute("A task that is not done yet.")


@input_type("Which job to run.")
class RunJobNowInput:
    name: str = attribute("The name of a scheduled job.")


@input_type("Which parked event to hear again.")
class RetryParkedEventInput:
    parked_event_id: ID = attribute("An event that a listener could not bear.")
