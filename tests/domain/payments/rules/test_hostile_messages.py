"""Whatever somebody sends, it is a message or it is malformed, and it is never an accident."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.payments.rules.messages import Malformed, parse_c2b, parse_result, parse_stk_callback
from domain.payments.rules.wire import MAX_BODY, Reason
from tests.domain.payments.rules.test_messages import CONFIRMED, PAID, REVERSED

PARSERS: list[tuple[Callable[[bytes], object], bytes]] = [
    (parse_stk_callback, PAID),
    (parse_c2b, CONFIRMED),
    (parse_result, json.dumps(REVERSED).encode()),
]
every_parser = pytest.mark.parametrize(("parse", "genuine"), PARSERS)


@every_parser
@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", Reason.NOT_JSON),
        (b" ", Reason.NOT_JSON),
        (b"null", Reason.WRONG_SHAPE),
        (b"[]", Reason.WRONG_SHAPE),
        (b"0", Reason.WRONG_SHAPE),
        (b'"text"', Reason.WRONG_SHAPE),
        (b"{}", Reason.MISSING_FIELD),
        (b"{", Reason.NOT_JSON),
        (b"<xml/>", Reason.NOT_JSON),
        (b"a=1&b=2", Reason.NOT_JSON),
        (b"\xff\xfe\x00", Reason.NOT_UTF8),
        (b'{"a": NaN}', Reason.NOT_JSON),
        (b'{"a": -Infinity}', Reason.NOT_JSON),
        (b'{"a": ' + b"9" * 5_000 + b"}", Reason.NOT_JSON),
        (b'{"a": 1e99999999999999999999}', Reason.NOT_JSON),
        (b'{"a": "\x00"}', Reason.NOT_JSON),
        (b'{"a": ' + b"[" * 30_000 + b"]" * 30_000 + b"}", Reason.NOT_JSON),
        (b'{"a":' * 6_000 + b"1" + b"}" * 6_000, Reason.NOT_JSON),
        (b" " * (MAX_BODY + 1), Reason.TOO_LARGE),
        (b'{"a": "' + b"x" * 1_000_000 + b'"}', Reason.TOO_LARGE),
    ],
)
def test_bodies_that_are_no_message(parse: Callable[[bytes], object], genuine: bytes, body: bytes, reason: Reason) -> None:
    said = parse(body)
    assert isinstance(said, Malformed) and said.reason is reason
    assert str(said).startswith(reason.value)


@every_parser
def test_a_byte_order_mark_is_nothing(parse: Callable[[bytes], object], genuine: bytes) -> None:
    assert parse(b"\xef\xbb\xbf" + genuine) == parse(genuine)
    assert not isinstance(parse(genuine), Malformed)


@every_parser
@given(body=st.binary(max_size=200))
@settings(max_examples=30)
def test_no_bytes_are_an_accident(parse: Callable[[bytes], object], genuine: bytes, body: bytes) -> None:
    assert isinstance(parse(body), Malformed)


WRONG = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from([10**50, 1e308, "\ud800"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


def _places(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    children: list[tuple[str | int, Any]] = []
    if isinstance(value, dict):
        children = list(value.items())
    elif isinstance(value, list):
        children = list(enumerate(value))
    return [path, *(place for key, child in children for place in _places(child, (*path, key)))]


def _with(value: Any, path: tuple[str | int, ...], wrong: Any) -> Any:
    if not path:
        return wrong
    copied = value.copy()
    copied[path[0]] = _with(value[path[0]], path[1:], wrong)
    return copied


@every_parser
@given(data=st.data(), wrong=WRONG)
@settings(max_examples=60)
def test_a_field_of_any_type_is_no_accident(
    parse: Callable[[bytes], object], genuine: bytes, data: st.DataObject, wrong: Any
) -> None:
    body = json.loads(genuine)
    place = data.draw(st.sampled_from(_places(body)))
    said = parse(json.dumps(_with(body, place, wrong)).encode())
    assert said is not None


@pytest.mark.parametrize("items", [True, 7, 2.5, "Amount", ["Amount"], [None]])
def test_items_that_are_no_list_are_malformed(items: Any) -> None:
    body = json.loads(PAID)
    body["Body"]["stkCallback"]["CallbackMetadata"]["Item"] = items
    assert isinstance(parse_stk_callback(json.dumps(body).encode()), Malformed)
