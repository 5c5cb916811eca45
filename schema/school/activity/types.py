"""An activity at the school, in the log or in its archive."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from domain.identity.queries import people
from domain.school import models
from domain.school.queries.activities import activities_by_id
from schema.identity.types import User
from schema.kit import ID, Node, Parent, attribute, encode_id, field, global_id, node_type, relation
from schema.kit.nodes import type_name_of
from schema.kit.scalars import Json


@node_type(models.UserActivity, activities_by_id, "Something that somebody did at the school. It is written once.")
class UserActivity(Node):
    at: datetime = attribute("When.")
    actor_id: ID | None = global_id("User", "Who; null for what happens by the clock, or when money comes by itself.")
    activity: str = attribute("What was done, in a word that programs tell activities apart by, such as `fee_added`.")
    subject_kind: str = attribute("What kind of thing it was done to, such as `school_fee`.")
    student_id: ID | None = global_id("Student", "The student whom it is about, if it is about one.")
    branch_id: ID | None = global_id("Branch", "The campus where it was; null for the whole school.")
    title: str = attribute("What was done, in words, with the names of then.")
    data: Json = attribute("Figures of then: amounts, days, numbers and words.")
    correlation_id: UUID = attribute("What all that came of one request, job or event has in common.")

    @field(ID, "The id of what it was done to, for `node` where such a thing can be fetched, and for `filter`.", shared=True)
    def subject_id(self, activity: Parent[models.UserActivity]) -> ID:
        return ID(encode_id(type_name_of(activity.subject_kind), activity.subject_id))

    actor: User | None = relation(people, "actor_id", "Who did it.")
