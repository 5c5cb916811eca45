"""Numbers in all the ways in which they are written, hidden and compared."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.payments.rules.phones import Agreement, BadPhone, PhoneForm, Sender, hashed, mask, normalise, scrubbed

numbers = st.from_regex(r"\A254[17][0-9]{8}\Z")


@pytest.mark.parametrize(
    "written",
    [
        "0712345678",
        "+254712345678",
        "254712345678",
        "0712 345 678",
        "+254 712-345-678",
        "712345678",
        "２５４７１２３４５６７８",
    ],
)
def test_a_number_however_it_is_written(written: str) -> None:
    assert normalise(written) == "254712345678"


def test_the_newer_numbers_begin_with_one() -> None:
    assert normalise("0110 345 678") == "254110345678"


@pytest.mark.parametrize(
    "written",
    ["12345678", "", " ", "0712", "+255712345678", "0201234567", "0712345678 x12", "0712ABCDEF", "٠٧١٢٣٤٥٦٧٨٩"],
)
def test_what_is_no_mobile_number_is_refused(written: str) -> None:
    with pytest.raises(BadPhone, match="is like 07XX"):
        normalise(written)


@pytest.mark.parametrize(
    "written", ["9" * 40, "0712345678;0712345679", "00712345678", "2547123456789", "-0712345678\x00", "0712345678" * 10_000]
)
def test_what_is_more_than_a_number_is_refused(written: str) -> None:
    with pytest.raises(BadPhone):
        normalise(written)


@given(numbers)
def test_all_ways_to_write_a_number_are_the_same(msisdn: str) -> None:
    ways = (msisdn, f"+{msisdn}", f"0{msisdn[3:]}", f" {msisdn[:3]} {msisdn[3:6]} {msisdn[6:]}")
    assert {normalise(each) for each in ways} == {msisdn}


@given(st.text())
def test_no_text_is_an_accident(text: str) -> None:
    try:
        sender = Sender.read(text)
    except BadPhone:
        return
    assert Sender.read(sender.stored) == sender


@pytest.mark.parametrize("hidden", ["0****678", "2547*****678", "254*****5678", "07xxxxxx78", "****678"])
def test_a_masked_number_fits_the_whole_one(hidden: str) -> None:
    masked, full = Sender.read(hidden), Sender.read("0712345678")
    assert masked.form is PhoneForm.MASKED and masked.msisdn is None
    assert full.agrees_with(masked) is masked.agrees_with(full) is Agreement.CONSISTENT


@pytest.mark.parametrize("hidden", ["0****393", "2541*****678", "2547*****679"])
def test_a_masked_number_of_somebody_else(hidden: str) -> None:
    assert Sender.read("0712345678").agrees_with(Sender.read(hidden)) is Agreement.DIFFERENT


def test_what_two_hidden_numbers_say_of_each_other() -> None:
    statement, confirmation = Sender.read("0****001"), Sender.read("2547*****001")
    assert statement.agrees_with(confirmation) is Agreement.CONSISTENT
    assert statement.agrees_with(Sender.read("2547*****002")) is Agreement.DIFFERENT
    assert Sender.read("2547****").agrees_with(statement) is Agreement.UNKNOWN
    assert Sender.read("a" * 64).agrees_with(statement) is Agreement.UNKNOWN


@given(numbers, numbers)
def test_a_hash_tells_numbers_apart(one: str, other: str) -> None:
    hidden = Sender.read(hashed(one).upper())
    assert hidden.form is PhoneForm.HASHED
    assert Sender.read(one).agrees_with(hidden) is Agreement.SAME
    assert Sender.read(other).agrees_with(hidden) is (Agreement.SAME if one == other else Agreement.DIFFERENT)
    assert hidden.agrees_with(Sender.read(hashed(other))) is (Agreement.SAME if one == other else Agreement.DIFFERENT)


@given(numbers)
def test_a_number_is_not_shown_by_accident(msisdn: str) -> None:
    sender = Sender.read(msisdn)
    shown = f"{sender} {sender!r} {sender.masked} {[sender]}"
    assert msisdn not in shown and msisdn[3:] not in shown
    assert sender.agrees_with(Sender.read(mask(msisdn))) is Agreement.CONSISTENT
    assert Sender.read(hashed(msisdn)).masked == "*****"


@given(numbers, st.sampled_from(["", "+"]), st.booleans())
def test_numbers_in_texts_are_masked(msisdn: str, plus: str, national: bool) -> None:
    written = f"0{msisdn[3:]}" if national else f"{plus}{msisdn}"
    text = scrubbed(f"received from {written}, JOHN")
    assert msisdn[3:] not in text and text.endswith(f"{msisdn[-3:]}, JOHN")


@pytest.mark.parametrize(
    "written",
    [
        "0712 345 678",
        "+254 712 345 678",
        "0712-345-678",
        "(0712) 345678",
        "07.12.34.56.78",
        "712345678",
        "FEE0712345678A",
        "０７１２３４５６７８",
    ],
)
def test_however_a_payer_types_a_number_it_is_masked(written: str) -> None:
    digits = "".join(each for each in scrubbed(f"account {written}, please") if each.isdigit())
    assert "12345678" not in digits and digits.endswith("678")


@pytest.mark.parametrize(
    "text",
    [
        "Pay Bill FEE-42 of TC51ABCD2E, 2500.00 KES at 20250305101544",
        "2026-01-17 10:15:44",
        "KES 1,712,345,678.00",
        "W71234567890",
        "LN-000712",
    ],
)
def test_other_figures_stay_in_texts(text: str) -> None:
    assert scrubbed(text) == text
