"""Many messages asked at once: each is answered as if it were asked alone."""

import json
from random import Random
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsdebug.log.json_many import json_tests
from wsdebug.payload.json_query import parse_json_query

VALUES = ["1", "2.5", "x", "null", "true", "[1]", "0.0", "1e2", "9007199254740993"]
QUERIES = [
    *("$.a", "$.a.b", "$['a'][0]", "$..b", "$[0]", "$.a=~^x", "$.a==1.0", "$.a!=2.50"),
    *("$.a[*]==1", "$..b>0", "$.*", "$..[0]", "$.*.b=~x", "$[?@.a]", "$[*]!=1", "$..a==x"),
    *("$['a\"']", "$['\\\\']==1", "$.a>=9007199254740993.5", "$.a<1e400"),
    *(f"$.a{operator}{value}" for operator in ("==", "!=", "<", ">=") for value in VALUES),
    *(f"$.a.b{operator}1" for operator in ("==", "!=", "<=", ">")),
]
MEMBERS = [
    *("1", "2.5", "2.50", "100.0", "1e2", "0.0", "-0.0", "1e-99999999999999999999", "1e400"),
    *('"x"', '"xy"', '"\\\\u0022:"', '":"', "null", "true", "[1]", "[0.0]", '{"b":1}', '{"b":"x"}'),
    *("9007199254740993", "9007199254740992.0", "9007199254740993.0", "0.30000000000000000001"),
]
OBJECTS = st.lists(
    st.tuples(st.sampled_from(["a", "b", "\\\\u0061"]), st.sampled_from(MEMBERS)), max_size=3
).map(lambda members: "{" + ",".join(f'"{name}":{value}' for name, value in members) + "}")
ODD = st.sampled_from(
    [
        *("", "a", "[1]", '{"a":1}\\n', ' {"a" :1}', '{"a":\\t1}', '{"a":1,"x":', '{"b":2}}{}'),
        *('{"a":1}{"a":1}', '{"a":1}\\n{"a":1}', '{"a":"\udcff"}', '{"a":"}\\n{"}', '{"a":"é"}'),
    ]
)


@given(st.sampled_from(QUERIES), st.lists(OBJECTS | ODD, max_size=12))
def test_each_is_judged_as_the_query_says(query: str, texts: list[str]) -> None:
    """Whatever stands beside it."""
    parsed = parse_json_query(query)
    assert json_tests(parsed)(texts) == [
        parsed.matches_payload(text.encode("utf-8", "surrogateescape")) for text in texts
    ]


@given(st.sampled_from(QUERIES), st.lists(OBJECTS, max_size=6), st.sampled_from([2, 3, 1024]))
def test_so_are_many_objects(query: str, texts: list[str], many: int) -> None:
    """However many are read together."""
    parsed = parse_json_query(query)
    with patch("wsdebug.log.json_many.MANY", many):
        assert json_tests(parsed)(texts) == [parsed.matches_payload(text) for text in texts]


@given(
    st.sampled_from(QUERIES),
    st.lists(st.tuples(*[st.sampled_from(MEMBERS)] * 2), min_size=4, max_size=12),
    st.lists(OBJECTS | ODD, max_size=2),
    st.randoms(),
)
def test_so_are_those_that_are_made_alike(
    query: str, alike: list[tuple[str, str]], others: list[str], chance: Random
) -> None:
    """What was learnt from some makes no difference to the next, which may be made otherwise."""
    parsed = parse_json_query(query)
    texts = [f'{{"b":{one},"a":{other}}}' for one, other in alike] + others
    chance.shuffle(texts)
    with patch("wsdebug.log.json_many.MANY", 3):
        assert json_tests(parsed)(texts) == [
            parsed.matches_payload(text.encode("utf-8", "surrogateescape")) for text in texts
        ]


@pytest.mark.parametrize("many", [8, 1024])
@pytest.mark.parametrize(
    "odd",
    [
        '{"a":1,"x":1e400}',
        '{"a":1,"x":1e-99999999999999999999}',
        '{"a":1,"x":0e99999999999999999999}',
        '{"a":1,"x":2,"x":3}',
        '{"a":1,"x" :2,"x":3}',
        '{"a":1,"x":{"y":2,"y":3}}',
        '{"a":1,"x":"\\u0022:","y":2,"y":3}',
        '{"a":1,"x":' + "9" * 400 + ".5}",
        '{"a":1,"x":' + "9" * 4301 + "}",
        '{"a":1,"x":' + "[" * 300 + "]" * 300 + "}",
        '{"a":1,"x":"\udcff"}',
        '{"a":1,"x":\n',
    ],
)
@pytest.mark.parametrize("query", ["$.a==1", "$.*==1"])
def test_what_is_no_json_is_not_taken_among_what_is(query: str, odd: str, many: int) -> None:
    """Names that stand twice, numbers without bounds, too deep a nesting, bytes not UTF-8."""
    right = [json.dumps({"a": 1, "x": number / 4}) for number in range(40)]
    texts = [*right, odd, *right]
    with patch("wsdebug.log.json_many.MANY", many):
        assert json_tests(parse_json_query(query))(texts) == [text != odd for text in texts]
