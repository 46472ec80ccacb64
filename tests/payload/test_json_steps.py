"""What a simple query selects without the library is what the library selects."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsdebug.payload.json_query import parse_json_path
from wsdebug.payload.json_steps import selected, steps_of

SEGMENTS = [".a", "['b']", "[0]", "[-1]", "[-3]", ".*", "[*]", "..a", "..[1]", "..*"]
VALUES = st.recursive(
    st.sampled_from([1, 2.5, "a", None, True]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("ab"), inner),
    max_leaves=9,
)


@given(st.lists(st.sampled_from(SEGMENTS), max_size=3).map("".join), VALUES)
def test_the_same_values_are_selected(path: str, value: Any) -> None:
    """As often as the library does."""
    query = parse_json_path(f"${path}")
    assert query._compiled is not None
    steps = steps_of(query._compiled)
    assert steps is not None
    wanted = query.values(value)
    assert Counter(map(repr, selected(value, steps))) == Counter(map(repr, wanted))
    assert query.matches(value) is bool(wanted)


@pytest.mark.parametrize("path", ["$[1:2]", "$.a['b','c']", "$[?@.a]", "$..[0,1]"])
def test_other_queries_are_the_library_s(path: str) -> None:
    """Slices, filters, and several selectors beside one another."""
    query = parse_json_path(path)
    assert query._compiled is not None
    assert steps_of(query._compiled) is None
    assert query.matches({"a": {"b": 1}}) is bool(query.values({"a": {"b": 1}}))
