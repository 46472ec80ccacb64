"""Many messages asked by one query: what is fast must be what is right."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsdebug.log.json_test import json_test
from wsdebug.payload.json_query import parse_json_query

QUERIES = [
    "$",
    "$.a",
    "$.b>4",
    "$.a==x",
    "$.a==1",
    "$.a.b==x",
    "$[0]",
    "$[-1].a",
    "$..b",
    "$.a!=1",
    "$.*.b",
]
VALUES = st.recursive(
    st.sampled_from([1, 1.5, 100.0, "x", " y", '"', "\\", "é", None, True]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("ab"), inner),
    max_leaves=6,
)


@given(st.sampled_from(QUERIES), VALUES, st.booleans(), st.sampled_from([None, 1]))
def test_json_is_matched_as_the_query_says(
    query: str, value: object, plain: bool, indent: int | None
) -> None:
    """In any spelling."""
    text = json.dumps(value, ensure_ascii=plain, indent=indent)
    parsed = parse_json_query(query)
    assert json_test(parsed)(text) is parsed.matches_payload(text)


@given(st.sampled_from(QUERIES), st.text(st.sampled_from('{}[]":,ab 1e.-\\x'), max_size=30))
def test_any_text_is_judged_alike(query: str, text: str) -> None:
    """Most of it is no JSON."""
    parsed = parse_json_query(query)
    assert json_test(parsed)(text) is parsed.matches_payload(text)


@pytest.mark.parametrize(
    ("query", "text", "matches"),
    [
        ("$.a==100", '{"a":1e2}', True),
        ("$.a==1", '{"a":1,"b":1e2}', True),
        ("$.a", '{"a":1e400}', False),
        ("$.a==1", '{"a":1,"b":1e400}', False),
        ("$.a", '{"a":1,"a":2}', False),
        ("$.a==1", '{"a":1,"b":2,"b":3}', False),
        ("$.a==1", '{"b" :2,"a":1,"b":3}', False),
        ("$.a", '{"a":' + "9" * 4301 + "}", False),
        ("$.a", '{"a":' + "[" * 300 + "]" * 300 + "}", False),
        ("$.a==x", '{"\\u0061":"\\u0078"}', True),
        ("$.a==0.30000000000000000001", '{"a":0.30000000000000000001}', True),
        ("$.a==0.3", '{"a":0.30000000000000000001}', False),
        ("$.a", '{"a":"\udcff"}', False),
        ("$['a\"b']", '{"a\\"b":1}', True),
        ("$['\\\\']==1", '{"\\\\":1}', True),
        ("$['\\n']", '{"n":1}', False),
        ("$.a", '{"a":"\\ud800"}', True),
        ("$.a", '{"a":"\\u0022:","b":1,"b":2}', False),
    ],
)
def test_what_the_fast_way_does_not_know_is_read_strictly(
    query: str, text: str, matches: bool
) -> None:
    """Names that stand twice, numbers without bounds, too deep a nesting, odd spellings."""
    assert json_test(parse_json_query(query))(text) is matches
