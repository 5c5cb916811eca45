"""Mail reaches a real SMTP server, and what the server says is understood."""

from __future__ import annotations

import re
from uuid import UUID

import pytest

from api.carriers import MailServer
from domain.kit.ids import new_id
from domain.notifications.transports import CarrierAway, Mail, MessageRefused
from tests.support.carriers import MailCatcher, mail_catcher

SENDER = "books@daftari.example"


def a_letter(*, to: str = "asha@daftari.example", subject: str = "Sign-in from a new place", id: UUID | None = None) -> Mail:
    return Mail(id or new_id(), to, subject, "Dear Åsha,\n\n₹ 5 arrived.\n", "<p>₹&nbsp;5 arrived.</p>")


def server_at(catcher: MailCatcher, credentials: str = "") -> MailServer:
    return MailServer.at(catcher.url.replace("//", f"//{credentials}"), sender=SENDER)


async def test_a_letter_arrives_whole() -> None:
    async with mail_catcher() as catcher:
        letter = a_letter(subject="Überweisung, 3 more")
        answer = await server_at(catcher).send(letter)
        [arrived] = catcher.letters
    assert answer is not None and "queued as 1" in answer
    assert catcher.recipients == ["asha@daftari.example"]
    assert (arrived["From"], arrived["To"]) == (f"Daftari <{SENDER}>", "asha@daftari.example")
    assert (arrived["Subject"], arrived["Auto-Submitted"]) == ("Überweisung, 3 more", "auto-generated")
    assert arrived["Message-ID"] == f"<{letter.id}@daftari.example>"
    text, html = arrived.get_body(("plain",)), arrived.get_body(("html",))
    assert text is not None and text.get_content().splitlines() == letter.text.splitlines()
    assert html is not None and html.get_content().strip() == letter.html


async def test_a_letter_given_in_twice_is_the_same_letter() -> None:
    async with mail_catcher() as catcher:
        letter = a_letter()
        for _ in range(2):
            await server_at(catcher).send(letter)
        first, second = catcher.letters
    assert first["Message-ID"] == second["Message-ID"]


@pytest.mark.attack("markup in messages", on="Mail")
async def test_nothing_in_a_letter_adds_a_header_or_a_recipient() -> None:
    async with mail_catcher() as catcher:
        for letter in (
            a_letter(subject="Hello\r\nBcc: eve@evil.example"),
            a_letter(to="asha@daftari.example, eve@evil.example"),
        ):
            with pytest.raises((ValueError, MessageRefused)):
                await server_at(catcher).send(letter)
        assert catcher.letters == []


async def test_a_server_that_is_away_is_not_the_letters_fault() -> None:
    async with mail_catcher() as catcher:
        server = server_at(catcher)
        await catcher.go_away()
        with pytest.raises(CarrierAway, match="mail server"):
            await server.send(a_letter())
        await catcher.come()
        await server.send(a_letter())
        assert len(catcher.letters) == 1


@pytest.mark.parametrize(
    ("answer", "for_good"), [("451 try later", False), ("452 no room", False), ("550 spam", True), ("554 never", True)]
)
async def test_a_no_to_the_letter_is_told_from_not_now(answer: str, for_good: bool) -> None:
    async with mail_catcher() as catcher:
        catcher.answers = [answer]
        with pytest.raises(MessageRefused, match=answer) as refused:
            await server_at(catcher).send(a_letter())
        assert refused.value.for_good is for_good


async def test_a_server_that_closes_is_away() -> None:
    async with mail_catcher() as catcher:
        catcher.answers = ["421 closing for the night"]
        with pytest.raises(CarrierAway):
            await server_at(catcher).send(a_letter())


async def test_an_unknown_recipient_is_refused_for_good() -> None:
    async with mail_catcher() as catcher:
        catcher.unknown = {"asha@daftari.example"}
        with pytest.raises(MessageRefused, match="550") as refused:
            await server_at(catcher).send(a_letter())
        assert refused.value.for_good


async def test_whoever_has_no_key_waits_at_the_door() -> None:
    async with mail_catcher(password="s3cret/@") as catcher:
        await server_at(catcher, "books:s3cret%2F%40@").send(a_letter())
        for credentials in ("", "books:wrong@"):
            with pytest.raises(CarrierAway):
                await server_at(catcher, credentials).send(a_letter())
        assert len(catcher.letters) == 1


async def test_encryption_that_was_asked_for_is_not_done_without() -> None:
    async with mail_catcher() as catcher:
        server = MailServer.at(f"{catcher.url}?starttls", sender=SENDER)
        with pytest.raises(CarrierAway):
            await server.send(a_letter())
        assert catcher.letters == []


def test_a_server_is_named_by_a_url() -> None:
    named = MailServer.at("smtp://us%40er:pa%3Ass@mail.example:2525?starttls", sender=SENDER)
    assert (named.host, named.port, named.user, named.password) == ("mail.example", 2525, "us@er", "pa:ss")
    assert named.starttls and not named.tls and not named.tells_password_openly
    assert MailServer.at("smtps://mail.example", sender=SENDER).port == 465
    assert MailServer.at("smtp://u:p@mail.example", sender=SENDER).tells_password_openly
    assert "pa:ss" not in repr(named)


@pytest.mark.parametrize(
    ("url", "sender"),
    [
        ("http://mail.example", SENDER),
        ("smtp://", SENDER),
        ("smtp://mail.example/path", SENDER),
        ("smtp://mail.example?tls=maybe", SENDER),
        ("smtp://mail.example", "nobody"),
    ],
)
def test_what_is_no_server_is_refused_in_a_sentence(url: str, sender: str) -> None:
    with pytest.raises(ValueError, match=re.compile("mail", re.IGNORECASE)):
        MailServer.at(url, sender=sender)
