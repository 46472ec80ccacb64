"""JSON payloads as values: what is JSON here, and what is the same."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsdebug.payload.json_scan import JsonError
from wsdebug.payload.json_values import MAX_DEPTH, json_equal, parse_strict_json

ANY_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@pytest.mark.parametrize(
    ("payload", "value"),
    [
        ("0.1", Decimal("0.1")),
        ("1e2", Decimal(100)),
        ("-0", 0),
        ("9007199254740993", 9007199254740993),
        ('{"a":[1,true,null,"é"]}', {"a": [1, True, None, "é"]}),
        ("9" * 4300, int("9" * 4300)),
        ("[" * MAX_DEPTH + "]" * MAX_DEPTH, None),
        ('["' + "[" * 1000 + '"]', ["[" * 1000]),
        ("[" + "[]," * 1000 + "[]]", [[]] * 1001),
    ],
)
def test_numbers_are_exact(payload: str, value: Any) -> None:
    """Text or bytes."""
    parsed = parse_strict_json(payload)
    assert parse_strict_json(payload.encode()) == parsed
    assert value is None or parsed == value


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"\xff",
        b"\xef\xbb\xbf1",
        '"a"'.encode("utf-16"),
        b'{"a":1,"a":1}',
        b'[{"b":{"a":1,"a":2}}]',
        b"NaN",
        b"[-Infinity]",
        b"1e400",
        b"-1E+400",
        b"1e-99999999999999999999",
        b"9" * 4301,
        b"-" + b"9" * 4301,
        b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1),
        b"[" * 100_000,
        b"[" * 100_000 + b"]" * 100_000,
        b'{"a":' * 2000 + b"1" + b"}" * 2000,
        b'[{"a":' * MAX_DEPTH + b"1" + b"}]" * MAX_DEPTH,
        b"01",
        b"'a'",
        b"1 2",
        b"hello",
    ],
)
def test_what_is_not_json_is_refused(payload: bytes) -> None:
    """As the format says of comparing: then byte for byte."""
    with pytest.raises(JsonError):
        parse_strict_json(payload)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("1", "1.0", True),
        ("1.10", "1.1", True),
        ("0.1", "0.10000000000000001", False),
        ("1", "true", False),
        ("[0]", "[false]", False),
        ("true", "true", True),
        ("null", "false", False),
        ('{"a":1,"b":2}', '{"b":2,"a":1}', True),
        ('{"a":1}', '{"a":1,"b":2}', False),
        ("[1,2]", "[2,1]", False),
        ('"1"', "1", False),
        ("9007199254740993", "9007199254740992", False),
    ],
)
def test_values_are_compared_as_json(one: str, other: str, same: bool) -> None:
    """Not as Python does."""
    assert json_equal(parse_strict_json(one), parse_strict_json(other)) is same


@given(ANY_JSON)
def test_a_value_is_the_same_as_what_it_is_spelled(value: Any) -> None:
    """Floats that were read elsewhere included."""
    assert json_equal(parse_strict_json(json.dumps(value)), value)
