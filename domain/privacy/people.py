"""Who a person is: the ids by which they are known in the rooms, and the words by which they can be found in texts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final
from uuid import UUID

import phonenumbers

from domain.kit.unit_of_work import Work
from domain.privacy.errors import PersonNotFound
from domain.privacy.models import PersonKind
from domain.privacy.register import ROOMS, Kind

SHORTEST_NAME: Final = 4
"""A shorter name is in too many other words to be looked for in texts that are not of the person."""

_TABLES: Final = {
    PersonKind.USER: "app_user",
    PersonKind.STUDENT: "student",
    PersonKind.TEACHER: "teacher",
    PersonKind.CUSTOMER: "mill_customer",
    PersonKind.SUPPLIER: "mill_supplier",
}

# The same person in several rooms: as a user, and as what the user is there.
_SAME_PERSON: Final = """
with users as (
    select id from app_user where id = $1
    union select user_id from student where id = $1 and user_id is not null
    union select user_id from teacher where id = $1 and user_id is not null
    union select user_id from mill_customer where id = $1 and user_id is not null
)
select id, true as is_user from users
union select id, false from student where user_id in (select id from users) or id = $1
union select id, false from teacher where user_id in (select id from users) or id = $1
union select id, false from mill_customer where user_id in (select id from users) or id = $1
union select id, false from mill_supplier where id = $1
"""

_NAMES: Final = """
select name from app_user where id = any ($1::uuid[])
union select full_name from student where id = any ($1::uuid[])
union select full_name from teacher where id = any ($1::uuid[])
union select name from mill_customer where id = any ($1::uuid[])
union select name from mill_supplier where id = any ($1::uuid[])
"""
_REACHED_AT: Final = """
select email, phone from app_user where id = any ($1::uuid[])
union select email, phone from mill_customer where id = any ($1::uuid[])
union select email, phone from mill_supplier where id = any ($1::uuid[])
"""
# What they were called and where they were reached before, as the activity log remembers it.
_FORMERLY: Final = """
select image ->> 'name' as name, image ->> 'full_name' as full_name, image ->> 'email' as email, image ->> 'phone' as phone
from row_change, lateral (values (before), (after)) as images (image)
where object_id = any ($1::uuid[]) and image is not null
"""
# Words that are somebody else's as well: these are replaced only where the rest says who is meant.
_SHARED: Final = """
select distinct lower(word) as word from unnest($2::text[]) as word where
    exists (select from app_user where lower(word) in (lower(name), lower(email), phone) and id <> all ($1::uuid[]))
    or exists (select from student where lower(full_name) = lower(word) and id <> all ($1::uuid[]))
    or exists (select from teacher where lower(full_name) = lower(word) and id <> all ($1::uuid[]))
    or exists (select from mill_customer where lower(word) in (lower(name), lower(email), phone) and id <> all ($1::uuid[]))
    or exists (select from mill_supplier where lower(word) in (lower(name), lower(email), phone) and id <> all ($1::uuid[]))
"""


@dataclass(frozen=True)
class Person:
    """``ids`` are of all rows that are this person, ``users`` those of them that can sign in."""

    kind: PersonKind
    id: UUID
    ids: list[UUID]
    users: list[UUID]

    @cached_property
    def id_texts(self) -> frozenset[str]:
        return frozenset(str(each) for each in self.ids)


@dataclass(frozen=True)
class Words:
    """By which words a person is found in texts. ``shared`` ones, in lower case, are others' too."""

    names: frozenset[str]
    emails: frozenset[str]
    phones: frozenset[str]
    shared: frozenset[str]

    def unmistakable(self) -> Words:
        """Those that are nobody else's."""

        def own(words: Iterable[str]) -> frozenset[str]:
            return frozenset(word for word in words if word.lower() not in self.shared)

        names = frozenset(name for name in own(self.names) if len(name) >= SHORTEST_NAME)
        return Words(names, own(self.emails), own(self.phones), frozenset())

    def each(self) -> Iterator[str]:
        yield from self.names
        yield from self.emails
        yield from self.phones


async def person_of(work: Work, kind: PersonKind, person_id: UUID) -> Person:
    """A person by one of their ids; refuses with PERSON_NOT_FOUND."""
    if not await work.fetchval(f"select exists (select from {_TABLES[kind]} where id = $1)", person_id):
        raise PersonNotFound("there is no such person")
    rows = await work.fetch(_SAME_PERSON, person_id)
    ids = sorted({row["id"] for row in rows})
    return Person(kind, person_id, ids, sorted({row["id"] for row in rows if row["is_user"]}))


async def words_of(work: Work, person: Person) -> Words:
    """Every name, address and number of the person that is known, of now and of before."""
    names = {row["name"] for row in await work.fetch(_NAMES, person.ids)}
    emails: set[str | None] = set()
    phones: set[str | None] = set()
    for row in await work.fetch(_REACHED_AT, person.ids):
        emails.add(row["email"])
        phones.add(row["phone"])
    for row in await work.fetch(_FORMERLY, person.ids):
        names |= {row["name"], row["full_name"]}
        emails.add(row["email"])
        phones.add(row["phone"])
    for table, column, condition in _name_columns():
        rows = await work.fetch(f"select distinct {column} as name from {table} where {condition}", person.ids)
        names |= {row["name"] for row in rows}
    found_names = frozenset(name for name in names if name)
    found_emails = frozenset(email for email in emails if email)
    found_phones = frozenset(form for phone in phones if phone for form in forms_of(phone))
    words = [*found_names, *found_emails, *found_phones]
    shared = frozenset(row["word"] for row in await work.fetch(_SHARED, person.ids, words))
    # A shared number is shared in all its forms.
    if shared & found_phones:
        shared |= found_phones
    return Words(found_names, found_emails, found_phones, shared)


def forms_of(phone: str) -> set[str]:
    """A telephone number as people write it: with the country, with and without +, and as it is dialled within it."""
    forms = {phone, phone.lstrip("+")}
    try:
        number = phonenumbers.parse(phone if phone.startswith("+") else f"+{phone}")
    except phonenumbers.NumberParseException:
        return forms
    within = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
    abroad = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    return forms | {within, abroad, re.sub(r"\D", "", within)}


def _name_columns() -> Iterator[tuple[str, str, str]]:
    for room in ROOMS:
        for holding in room.holdings:
            for column, kind in holding.columns.items():
                if kind is Kind.NAME and holding.of is not None:
                    yield holding.table, column, holding.of
