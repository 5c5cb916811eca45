"""Personal data within documents: payloads of events, images of rows, results that idempotency keys keep.

A document is gone through key by key. What a declared key holds is erased where the document says that it is about the
person: where one of the key's owners, in the same object or in one around it, is an id of theirs. Everywhere else in it the
person's names, addresses and numbers are replaced where they stand.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from domain.events.event import adapter_of, event_named
from domain.privacy.people import Person, Words
from domain.privacy.register import Kind

ERASED: Final = "erased"
NUMBER: Final = "\x00"
"""Begins what is a number in a document, and no text."""

_WHOEVER: Final = (
    "user_id",
    "borrower_id",
    "student_id",
    "teacher_id",
    "customer_id",
    "supplier_id",
    "client_id",
    "author_id",
    "recipient_id",
)
_AT_HOME: Final = ("user_id", "customer_id", "supplier_id")

EVENT_FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    # Names, by whose they are. They become the pseudonym.
    "user_name": ("user_id",),
    "seller_name": ("seller_id",),
    "debtor_name": ("debtor_id",),
    "investor_name": ("investor_id",),
    "borrower_name": ("borrower_id",),
    "client_name": ("client_id",),
    "payee_name": ("payee_id",),
    "supplier_name": ("supplier_id",),
    "customer_name": ("customer_id",),
    "logged_by_name": ("logged_by_id",),
    "author_label": ("author_id",),
    "full_name": ("student_id", "teacher_id", "user_id", "id"),
    "client": ("client_id",),
    "payee": ("payee_id",),
    "student": ("student_id",),
    "teacher": ("teacher_id",),
    # Where somebody is reached, and from where they came.
    "address": _AT_HOME,
    "device": ("user_id",),
    "email": _AT_HOME,
    "phone": _AT_HOME,
    "masked_email": ("user_id",),
    "masked_phone": ("user_id",),
    "phone_masked": ("client_id",),
    "tax_number": _AT_HOME,
    "admission_number": ("student_id",),
    # What was said about somebody, or by them.
    "body": ("borrower_id", "author_id", "recipient_id"),
    "comment": _WHOEVER,
    "decision_comment": _WHOEVER,
    "note": _WHOEVER,
    "outcome": ("borrower_id", "debtor_id"),
    "purpose": ("borrower_id",),
    "pays_title": ("borrower_id",),
    "reason": _WHOEVER,
    "subject": ("borrower_id",),
    "file_name": ("borrower_id",),
    "expected": ("client_id",),
    "received": ("client_id",),
    "endpoint_name": ("owner_id",),
    "key_name": ("user_id",),
    "prefix": ("user_id",),
    "previous_prefix": ("user_id",),
}
"""The personal keys of payloads, each with the keys of those whom it is about."""

_NAME_KEYS: Final = frozenset(key for key in EVENT_FIELDS if key.endswith("_name") and key != "file_name") - {
    "endpoint_name",
    "key_name",
} | {"author_label", "full_name", "client", "payee", "student", "teacher"}

# fmt: off
MENTIONING: Final = frozenset({
    "cancel_reason", "description", "error", "error_text", "failure", "finance_note", "message", "name", "party",
    "problem", "reference", "refused_reason", "result_text", "status_reason", "title", "titles",
})
# fmt: on
"""Keys of texts in which somebody may be mentioned: names in them are replaced, as in all texts."""

# fmt: off
FREE: Final = frozenset({
    "base_unit", "bill_number", "branch_name", "category", "category_code", "class_code", "class_title", "code", "cron",
    "currency", "error_code", "gained_scopes", "income_code", "invoice_number", "item_name", "job", "kind", "listener",
    "number", "period_name", "product_name", "pseudonym", "queue", "quiet_from", "quiet_until", "receipt",
    "receipt_number", "reference_kind", "refused_code", "result_code", "roles", "run_number", "sale_number", "scopes",
    "source_address", "subject_kind", "subject_number", "time_zone", "transaction_id", "turned_off", "type", "unit",
    "warehouse_name", "year_name",
})
# fmt: on
"""Keys of codes, numbers of documents and names of things."""


@cache
def text_keys(name: str) -> frozenset[str]:
    """The keys under which an event of this name has plain text, wherever in it: no ids, times, decimals and words of the
    house."""
    try:
        schema = adapter_of(event_named(name)).json_schema()
    except KeyError:
        # An event of a version that is gone.
        return frozenset(EVENT_FIELDS)
    parts = [schema, *schema.get("$defs", {}).values()]
    properties = [(key, value) for part in parts for key, value in part.get("properties", {}).items()]
    return frozenset(key for key, value in properties if _holds_text(value))


def _holds_text(value: dict[str, Any]) -> bool:
    kinds = [value, *value.get("anyOf", [])]
    # What may be written as a number is one: a decimal.
    return any(map(_is_text, kinds)) and not any(each.get("type") == "number" for each in kinds)


def _is_text(value: dict[str, Any]) -> bool:
    if value.get("type") == "array":
        return _is_text(value.get("items", {}))
    return value.get("type") == "string" and not value.keys() & {"format", "enum", "const", "pattern"}


@dataclass(frozen=True)
class Redaction:
    """How a person's data are taken out of texts and documents. ``pseudonym`` and ``email`` take the places of theirs."""

    person: Person
    words: Words
    pseudonym: str
    email: str

    def of_them(self) -> Callable[[str], str]:
        """For texts that are of the person: every word that is theirs."""
        return _replacer(self.words, self.pseudonym, self.email)

    def of_anybody(self) -> Callable[[str], str]:
        """For texts of others: words that are nobody else's."""
        return _replacer(self.words.unmistakable(), self.pseudonym, self.email)

    def document(self, document: Any, erasable: frozenset[str] = frozenset()) -> Any:
        """A document without the person. ``erasable`` are the keys of it that hold plain text."""
        about_them = self._is_about_them(document)
        replaced = self.of_them() if about_them else self.of_anybody()
        return self._walk(document, frozenset(), replaced, erasable)

    def image(self, image: dict[str, Any], columns: Mapping[str, Kind]) -> dict[str, Any]:
        """The image of a row that is the person's, of whose columns some are personal."""
        replaced = {key: self.value(value, columns[key]) if key in columns else value for key, value in image.items()}
        return {key: self._walk(value, frozenset(), self.of_them(), frozenset()) for key, value in replaced.items()}

    def value(self, value: Any, kind: Kind) -> Any:
        if value is None or value == "" or kind is Kind.MENTION:
            return value
        return {Kind.NAME: self.pseudonym, Kind.EMAIL: self.email}.get(kind, ERASED)

    def _is_about_them(self, document: Any) -> bool:
        if isinstance(document, dict):
            return any(self._is_about_them(value) for value in document.values())
        if isinstance(document, list):
            return any(self._is_about_them(value) for value in document)
        return isinstance(document, str) and document in self.person.id_texts

    def _walk(self, document: Any, about: frozenset[str], replaced: Callable[[str], str], erasable: frozenset[str]) -> Any:
        """``about`` are the keys that name the person, in this object or in one around it."""
        if isinstance(document, str):
            return replaced(document)
        if isinstance(document, list):
            return [self._walk(each, about, replaced, erasable) for each in document]
        if not isinstance(document, dict):
            return document
        ids = {key for key, value in document.items() if isinstance(value, str) and key.endswith("id")}
        here = frozenset(key for key in ids if document[key] in self.person.id_texts)
        about = (about - ids) | here
        return {
            key: self._erased(key, value)
            if key in erasable and self._is_theirs(key, value, about)
            else self._walk(value, about, replaced, erasable)
            for key, value in document.items()
        }

    @staticmethod
    def _is_theirs(key: str, value: Any, about: frozenset[str]) -> bool:
        return isinstance(value, str) and value != "" and not about.isdisjoint(EVENT_FIELDS.get(key, ()))

    def _erased(self, key: str, value: str) -> str:
        return self.pseudonym if key in _NAME_KEYS else self.email if key == "email" else ERASED


def _replacer(words: Words, pseudonym: str, email: str) -> Callable[[str], str]:
    pattern = pattern_of(words)
    if pattern is None:
        return lambda text: text
    becomes = {each.lower(): pseudonym for each in words.names} | {each.lower(): email for each in words.emails}

    def replaced(text: str) -> str:
        if text.startswith(NUMBER):
            return text
        return pattern.sub(lambda match: becomes.get(match[0].lower(), ERASED), text)

    return replaced


def pattern_of(words: Words) -> re.Pattern[str] | None:
    """Any of the words, whole and in any case; the longest first, for one may begin another."""
    each = sorted(words.each(), key=len, reverse=True)
    if not each:
        return None
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, each))})(?!\w)", re.IGNORECASE)
