"""Suggestions for money that nobody knows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.kit.money import Money
from domain.payments.rules.orphans import FULL_SCORE, LEAST_SCORE, MAX_SUGGESTIONS, Known, Suggestion, Why, suggest
from domain.payments.rules.phones import Sender

NOON = datetime(2025, 3, 5, 12, tzinfo=UTC)


def known(
    key: str, amount: int = 2_500, reference: str = "", phone: str | None = None, hours: int = 0, name: str = ""
) -> Known:
    return Known(
        key=key,
        amount=Money(amount * 100, "KES"),
        at=NOON + timedelta(hours=hours),
        reference=reference,
        sender=Sender.read(phone) if phone else None,
        name=name,
    )


ORPHAN = known("row", reference="FEE-24", phone="2547*****001")


def test_a_mistyped_account_number_is_found() -> None:
    """Two figures were exchanged; amount, telephone and hour are right."""
    (found,) = suggest(ORPHAN, [known("fee", reference="FEE-124", phone="0700000001")])
    assert found.reasons == (Why.SAME_AMOUNT, Why.LIKE_REFERENCE, Why.CONSISTENT_PHONE, Why.SAME_HOUR)
    assert found.score == 40 + 29 + 10 + 10


def test_all_that_fits_is_the_full_score() -> None:
    payer = known("row", reference="FEE-24", phone="0700000001")
    assert suggest(payer, [known("fee", reference="fee 24", phone="+254700000001")]) == [
        Suggestion("fee", FULL_SCORE, (Why.SAME_AMOUNT, Why.SAME_REFERENCE, Why.SAME_PHONE, Why.SAME_HOUR))
    ]


def test_the_likeliest_is_the_first() -> None:
    found = suggest(
        ORPHAN,
        [
            known("amount", hours=10),
            known("reference", 9_999, reference="FEE-24", hours=50),
            known("both", reference="FEE-24", hours=50),
            known("near", 2_480, reference="FEE-24", hours=50),
            known("nothing", 1, hours=50),
            known("another telephone", phone="0700000009", hours=50),
        ],
    )
    assert [each.key for each in found] == ["both", "near", "amount", "reference"]
    assert [each.score for each in found] == [75, 55, 45, 35]


def test_of_two_that_are_equally_likely_the_nearer_in_time_is_first() -> None:
    found = suggest(ORPHAN, [known("a", hours=20), known("b", hours=-3), known("c", hours=20)])
    assert [each.key for each in found] == ["b", "a", "c"]


@pytest.mark.parametrize(
    ("payer", "client", "points", "why"),
    [
        ("JOHN KAMAU DOE", "Doe John Kamau", 10, Why.SAME_NAME),
        ("Adjoa  Mensah", "ADJOA MÉNSAH", 10, Why.SAME_NAME),
        ("ANNE-MARIE NG'ANG'A", "Anne Marie Nganga", 10, Why.SAME_NAME),
        ("JOHN KAMAU DOE", "John Doe", 5, Why.LIKE_NAME),
        ("JOHN KAMAU DOE", "Kamau Doe Traders", 5, Why.LIKE_NAME),
        ("JOHN", "John Doe", 5, Why.LIKE_NAME),
        ("JOHN", "John", 5, Why.LIKE_NAME),
        ("JOHN KAMAU", "John Doe", 0, None),
        ("ASHA PATEL", "John Doe", 0, None),
        ("J*** D**", "J*** D**", 0, None),
        ("J D", "J D", 0, None),
        ("", "", 0, None),
    ],
)
def test_a_name_speaks_for_a_payment_and_never_against_it(payer: str, client: str, points: int, why: Why | None) -> None:
    (found,) = suggest(known("row", name=payer), [known("fee", hours=50, name=client)])
    assert (found.score, found.reasons) == (40 + points, (Why.SAME_AMOUNT, *([why] if why else [])))


def test_of_two_that_are_alike_the_namesake_is_first_and_nothing_is_more_than_all() -> None:
    payer = known("row", reference="FEE-24", phone="0700000001", name="ASHA PATEL")
    found = suggest(payer, [known("other"), known("hers", hours=1, name="Asha Patel")])
    assert [(each.key, each.score) for each in found] == [("hers", 60), ("other", 50)]
    (found_all,) = suggest(payer, [known("fee", reference="FEE-24", phone="0700000001", name="Asha Patel")])
    assert found_all.score == FULL_SCORE


def test_another_currency_is_never_suggested() -> None:
    foreign = Known(key="x", amount=Money(250_000, "TZS"), at=NOON, reference="FEE-24")
    assert suggest(ORPHAN, [foreign]) == []


waiting = st.builds(
    known,
    st.uuids().map(str),
    st.sampled_from([1, 2_499, 2_500]),
    st.sampled_from(["", "FEE-24", "FEE-42", "X"]),
    st.sampled_from([None, "0700000001", "0711111111", "0****001"]),
    st.integers(-48, 48),
    st.sampled_from(["", "ASHA PATEL", "Asha", "J*** D**"]),
)


@given(waiting, st.lists(waiting, max_size=12), st.randoms())
def test_suggestions_are_few_ranked_and_always_the_same(orphan: Known, payments: list[Known], chance: Random) -> None:
    found = suggest(orphan, payments)
    assert len(found) <= MAX_SUGGESTIONS
    scores = [each.score for each in found]
    assert scores == sorted(scores, reverse=True)
    assert all(LEAST_SCORE <= score <= FULL_SCORE for score in scores)
    assert all(each.reasons for each in found)
    assert suggest(orphan, chance.sample(payments, len(payments))) == found
