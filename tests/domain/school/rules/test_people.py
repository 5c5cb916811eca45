"""Names, numbers and families."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.school.rules.people import (
    BadPerson,
    Guardian,
    admission_number,
    code,
    number,
    person_name,
    primary,
    require_born_on,
    title,
    with_guardian,
    without_guardian,
)
from domain.school.states import GuardianRelation
from tests.domain.school.rules.factory import FEW, ident

R = GuardianRelation


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Ama   Serwaa ", "Ama Serwaa"),
        ("Kofi\tMensah\n", "Kofi Mensah"),
        ("Nana-Yaa O'Brien", "Nana-Yaa O'Brien"),
        ("Akosua A. Boateng", "Akosua A. Boateng"),
        ("E\u0301si", "Ési"),
        ("Ɛfua Ɔdoi", "Ɛfua Ɔdoi"),
        ("अमा", "अमा"),
        ("ශ්‍රී", "ශ්‍රී"),
    ],
)
def test_names_are_kept_as_they_are_written(typed: str, kept: str) -> None:
    assert person_name(typed) == kept


@pytest.mark.parametrize("typed", ["", "   ", "...", "-'-", "Ama\x00", "Ama\u202eefuS", "A" * 121, "A " * 10_000])
def test_what_is_no_name(typed: str) -> None:
    with pytest.raises(BadPerson):
        person_name(typed)


def test_titles_are_shorter() -> None:
    assert title(" Primary  3 A ") == "Primary 3 A"
    assert title("B" * 80) == "B" * 80
    with pytest.raises(BadPerson, match="at most 80"):
        title("B" * 81)


@pytest.mark.parametrize(
    ("typed", "kept"), [("adm/2025/042", "ADM/2025/042"), (" 17-b ", "17-B"), ("7", "7"), ("ＡＤＭ．7", "ADM.7")]
)
def test_admission_numbers_are_in_upper_case(typed: str, kept: str) -> None:
    assert number(typed) == kept


@pytest.mark.parametrize("typed", ["", "-", "A//1", "/A", "A-", "A 1", "Á1", "A_1", "A" * 25, "A" * 100_000, "٣"])
def test_what_is_no_admission_number(typed: str) -> None:
    with pytest.raises(BadPerson):
        number(typed)


def test_the_school_gives_numbers_itself() -> None:
    assert admission_number(2025, 42) == "2025/0042"
    assert admission_number(2025, 123_456) == "2025/123456"
    assert number(admission_number(2025, 42)) == "2025/0042"


def test_codes_are_short() -> None:
    assert code("p3-a") == "P3-A"
    for typed in ("P3/A", "", "P3--A", "PRIMARY-SCHOOL-3A"):
        with pytest.raises(BadPerson):
            code(typed)


def test_days_of_birth() -> None:
    today = date(2026, 2, 1)
    assert require_born_on(today, today) == today
    for born_on in (date(2026, 2, 2), date(1925, 12, 31)):
        with pytest.raises(BadPerson):
            require_born_on(born_on, today)


MOTHER = Guardian(ident(1), R.MOTHER)
AUNT = Guardian(ident(2), R.RELATIVE)


def test_the_first_guardian_is_the_primary_one_until_another_is_named() -> None:
    family = with_guardian((), MOTHER)
    assert family == (Guardian(ident(1), R.MOTHER, is_primary=True),)
    family = with_guardian(family, AUNT)
    assert primary(family) == Guardian(ident(1), R.MOTHER, is_primary=True)
    family = with_guardian(family, Guardian(ident(2), R.LEGAL_GUARDIAN, is_primary=True))
    assert family == (MOTHER, Guardian(ident(2), R.LEGAL_GUARDIAN, is_primary=True))
    assert without_guardian(family, ident(2)) == (Guardian(ident(1), R.MOTHER, is_primary=True),)
    assert without_guardian((MOTHER,), ident(1)) == () and primary(()) is None


def test_families_have_bounds() -> None:
    with pytest.raises(BadPerson, match="no guardian"):
        without_guardian((MOTHER,), ident(9))
    eight = tuple(Guardian(ident(n), R.OTHER, is_primary=n == 1) for n in range(1, 9))
    with pytest.raises(BadPerson, match="at most 8"):
        with_guardian(eight, Guardian(ident(9), R.OTHER))
    changed = with_guardian(eight, Guardian(ident(8), R.SPONSOR))
    assert len(changed) == 8 and changed[-1].relation is R.SPONSOR


@FEW
@given(st.lists(st.tuples(st.integers(1, 5), st.sampled_from(R), st.booleans(), st.booleans()), max_size=12))
def test_a_family_has_one_primary_guardian_and_nobody_twice(
    changes: list[tuple[int, GuardianRelation, bool, bool]],
) -> None:
    family: tuple[Guardian, ...] = ()
    for who, relation, is_primary, leaves in changes:
        there = {guardian.user_id for guardian in family}
        if leaves and ident(who) in there:
            family = without_guardian(family, ident(who))
        else:
            family = with_guardian(family, Guardian(ident(who), relation, is_primary))
        assert sum(guardian.is_primary for guardian in family) == bool(family)
        assert len({guardian.user_id for guardian in family}) == len(family)


@FEW
@given(st.text(max_size=200))
def test_what_is_kept_is_kept_the_same_again(typed: str) -> None:
    for kept in (person_name, title, number, code):
        try:
            once = kept(typed)
        except BadPerson:
            continue
        assert kept(once) == once
