"""What messages say: nothing that people wrote becomes markup, and a text message fits into one."""

from __future__ import annotations

from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import UndefinedError
from jinja2.exceptions import SecurityError

from domain.notifications import gsm, writing
from domain.notifications.models import Channel, Priority
from domain.notifications.policy import POLICY
from domain.notifications.writing import Notice, every_template, write

NOON = datetime(2030, 3, 4, 12, tzinfo=UTC)


def a_notice(body: str = "INR 5.00 arrived in your wallet: Lunch", *, title: str = "You received money") -> Notice:
    return Notice("wallets.balance_changed", Priority.MEDIUM, title, body, NOON)


def written(channel: Channel, *notices: Notice, template: str = "notice", time_zone: str = "UTC") -> writing.Written:
    return write(channel, template, notices, name="Asha <Patel>", time_zone=time_zone)


def text_of(html: str) -> str:
    parts: list[str] = []
    parser = HTMLParser()
    parser.handle_data = parts.append  # type: ignore[method-assign]
    parser.feed(html)
    return "".join(parts)


def test_every_template_is_there_for_every_way() -> None:
    assert {rule.template for rule in POLICY} <= every_template()
    for template in every_template():
        mail = written(Channel.MAIL, a_notice(), template=template)
        assert mail.html is not None and "INR 5.00 arrived" in mail.html and "INR 5.00 arrived" in mail.text
        assert "04 March 2030, 12:00 UTC" in mail.html and "Dear Asha <Patel>," in mail.text
        short = written(Channel.SMS, a_notice(), template=template)
        assert short.html is None and short.text == "Daftari: You received money. INR 5.00 arrived in your wallet: Lunch"


@pytest.mark.attack("markup in messages", on="Mail")
def test_what_people_wrote_is_no_markup() -> None:
    hostile = '<img src=x onerror=alert(1)> {{ 7*7 }} {% raw %} "quoted" & more'
    mail = written(Channel.MAIL, a_notice(hostile, title="<b>Title</b>"))
    assert mail.html is not None
    assert "<img" not in mail.html and "<b>" not in mail.html and "49" not in mail.html
    assert hostile in text_of(mail.html) and hostile in mail.text
    digest = written(Channel.MAIL, *[a_notice(hostile)] * 3)
    assert digest.html is not None and "<img" not in digest.html


def test_a_name_that_is_not_there_is_a_mistake() -> None:
    with pytest.raises(UndefinedError):
        writing._TEMPLATES.from_string("{{ nobody }}").render({})
    with pytest.raises(SecurityError):
        writing._TEMPLATES.from_string("{{ ''.__class__.__mro__ }}").render({})


def test_a_digest_names_the_newest_and_lists_some() -> None:
    notices = [a_notice(f"Number {number}.") for number in range(25)]
    mail = written(Channel.MAIL, *notices)
    assert mail.subject == "You received money, 24 more"
    assert "Number 0." in mail.text and "Number 19." in mail.text and "Number 20." not in mail.text
    assert "And 5 more" in mail.text and mail.html is not None and "And 5 more" in mail.html
    assert written(Channel.SMS, *notices).text == "Daftari: You received money, 24 more. Number 0."


def test_times_are_of_the_readers_clock() -> None:
    assert "15:00 EAT" in written(Channel.MAIL, a_notice(), time_zone="Africa/Nairobi").text


@given(st.text(max_size=1000))
def test_whatever_was_written_fits_into_one_text_message(body: str) -> None:
    short = written(Channel.SMS, a_notice(body)).text
    assert gsm.length_of(short) <= 160
    assert all(character in gsm._BASIC or character in gsm._EXTENDED for character in short)


def test_letters_are_written_as_near_as_can_be() -> None:
    assert gsm.to_gsm("“Łódź” — 5 ₹ … Čapek’s café·") == '"Lodz" - 5 Rs ... Capek\'s café.'
    assert gsm.to_gsm("नमस्ते 🎉\u200d") == "???? ?"
    assert gsm.to_gsm("ÄÖÜ £ Ç éè") == "ÄÖÜ £ Ç éè"


def test_characters_of_the_extension_table_take_two_places() -> None:
    assert gsm.length_of("[€]") == 6
    assert gsm.fitted("a" * 160) == "a" * 160
    assert gsm.fitted("a" * 161) == "a" * 157 + "..."
    assert gsm.length_of(gsm.fitted("€" * 100)) <= 160
