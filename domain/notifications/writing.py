"""Writing messages: what a letter or a text message says of one notification, or of several in a digest.

Templates are files beside this one, ``<template>.html``, ``.txt`` and ``.sms``. They run in a sandbox, a name that is not
there is a mistake, and whatever people wrote is escaped where HTML would take it for markup.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from jinja2 import FileSystemLoader, StrictUndefined, select_autoescape
from jinja2.sandbox import ImmutableSandboxedEnvironment

from domain.notifications.gsm import fitted, to_gsm
from domain.notifications.models import Channel, Priority, category_of

DIGEST: Final = "digest"
MAX_LISTED: Final = 20
MAX_TEXT_LENGTH: Final = 10_000
MAX_SUBJECT_LENGTH: Final = 200

_TEMPLATES: Final = ImmutableSandboxedEnvironment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    keep_trailing_newline=True,
    auto_reload=False,
)


@dataclass(frozen=True, slots=True)
class Notice:
    """What a message says of one notification."""

    kind: str
    priority: Priority
    title: str
    body: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Written:
    """A message in words. ``html`` is of mail alone."""

    subject: str
    text: str
    html: str | None


def every_template() -> set[str]:
    """The names that a rule may give."""
    return {name.partition(".")[0] for name in _TEMPLATES.list_templates()} - {"layout", DIGEST}


def write(
    channel: Channel,
    template: str,
    notices: Sequence[Notice],
    *,
    name: str,
    time_zone: str,
    to_house: bool = False,
) -> Written:
    """The message about ``notices``, the newest first. Several make a digest, whatever the template of each."""
    newest, more = notices[0], len(notices) - 1
    listed = [_in_words(notice, time_zone) for notice in notices[:MAX_LISTED]]
    subject = newest.title if not more else f"{newest.title}, {more} more"
    words = {
        "name": name,
        "subject": subject,
        "notice": listed[0],
        "notices": listed,
        "more": more,
        "unlisted": len(notices) - len(listed),
        "urgent": newest.priority is Priority.CRITICAL,
        "to_house": to_house,
        "business": category_of(newest.kind).value.replace("_", " ").lower(),
    }
    chosen = template if not more else DIGEST
    if channel is Channel.SMS:
        written = " ".join(_TEMPLATES.get_template(f"{chosen}.sms").render(words).split())
        return Written(subject[:MAX_SUBJECT_LENGTH], fitted(to_gsm(written)), None)
    text = _TEMPLATES.get_template(f"{chosen}.txt").render(words)
    html = _TEMPLATES.get_template(f"{chosen}.html").render(words)
    return Written(subject[:MAX_SUBJECT_LENGTH], text[:MAX_TEXT_LENGTH], html)


def _in_words(notice: Notice, time_zone: str) -> dict[str, str]:
    at = notice.created_at.astimezone(ZoneInfo(time_zone))
    return {"title": notice.title, "body": notice.body, "at": f"{at:%d %B %Y, %H:%M} {at.tzname()}"}
