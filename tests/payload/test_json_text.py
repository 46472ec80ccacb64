"""JSON values as text and places as paths."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsdebug.payload.json_text import json_path, json_text
from wsdebug.payload.json_values import parse_strict_json

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(codec=None)),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("1.10"), "1.10"),
        (Decimal("0.000001"), "0.000001"),
        (1.5, "1.5"),
        ({"é": [True, None, -0]}, '{"é":[true,null,0]}'),
        ("\ud800\n", '"\\ud800\\n"'),
        ((1, 2), "[1,2]"),
    ],
)
def test_values_are_compact_and_exact(value: Any, text: str) -> None:
    """Numbers keep their digits."""
    assert json_text(value) == text


@given(values)
def test_the_text_is_json_again(value: Any) -> None:
    """And can be written as UTF-8."""
    text = json_text(value)
    assert json.loads(text) == value
    assert parse_strict_json(text.encode()) == value


@pytest.mark.parametrize(
    ("location", "path"),
    [
        ((), "$"),
        (("a", 0, "b_1"), "$.a[0].b_1"),
        (("two words", "it's", 'a"b', ""), "$['two words']['it\\'s']['a\"b']['']"),
        (("é", "1"), "$.é['1']"),
    ],
)
def test_a_place_is_a_path(location: tuple[str | int, ...], path: str) -> None:
    """Of RFC 9535."""
    assert json_path(location) == path
