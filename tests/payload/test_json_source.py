"""The text of one value, exactly as it stands in the document."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsdebug.payload.json_layout import layout
from wsdebug.payload.json_source import source_at

TEXT = '{"a": {"b": "zw\\u0065i"}, "c": 1.50, "d": [1, [2,3], {}], "x y": null, "a": 0}'
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4)
    ),
    max_leaves=20,
)


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("$", TEXT),
        ("$.a", '{"b": "zw\\u0065i"}'),
        ("$.a.b", '"zw\\u0065i"'),
        ("$.c", "1.50"),
        ("$.d[1]", "[2,3]"),
        ("$.d[1][0]", "2"),
        ("$.d[2]", "{}"),
        ("$['x y']", "null"),
        ("$.d[3]", None),
        ("$.nothing", None),
    ],
)
def test_a_value_is_given_as_it_is_spelled(path: str, source: str | None) -> None:
    """Numbers, escapes and spaces included; the first of two members with one name."""
    assert source_at(TEXT, path) == source


def test_a_text_that_breaks_off_has_the_values_before() -> None:
    """And none of what was not finished."""
    assert source_at('{"a": 1, "b": [2, ', "$.a") == "1"
    assert source_at('{"a": 1, "b": [2, ', "$.b") is None


@given(VALUES)
def test_every_path_of_the_layout_leads_to_its_value(value: object) -> None:
    """Whatever the names are."""
    text = json.dumps(value)
    for line in layout(text, width=80):
        source = source_at(text, line.path)
        assert source is not None
        json.loads(source)
    assert json.loads(source_at(text, "$") or "") == value
