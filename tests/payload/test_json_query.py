"""Queries into JSON: RFC 9535, and a comparison behind it."""

import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsdebug.errors import QueryInvalid, UsageError
from wsdebug.payload import pattern
from wsdebug.payload.json_query import parse_json_path, parse_json_query
from wsdebug.payload.json_values import MAX_DEPTH, parse_strict_json

TRADE = parse_strict_json(
    '{"type":"trade","px":101.5,"qty":100,"id":9007199254740993,"live":true,"gone":null,'
    '"big":1e2,"tags":["a b","ok"],"legs":[{"px":0.1,"side":"buy"},{"px":2,"side":"sell"}],'
    '"says":"x==y","":"empty","a]b":1}'
)


@pytest.mark.parametrize(
    ("query", "matches"),
    [
        ("$.type", True),
        ("$.nothing", False),
        ("$.gone", True),
        ("$.type==trade", True),
        ("$.type == trade", True),
        ('$.type=="trade"', True),
        ("$.type==quote", False),
        ("$.type!=quote", True),
        ("$.nothing!=quote", False),
        ("$.px==101.5", True),
        ("$.px==101.50", True),
        ("$.px>101.49999999999999999999", True),
        ("$.px>=101.5", True),
        ("$.px<101.5", False),
        ("$.qty==1e2", True),
        ("$.qty==$.big", False),
        ("$.id==9007199254740993", True),
        ("$.id==9007199254740992", False),
        ("$.live==true", True),
        ("$.live==1", False),
        ('$.live=="true"', False),
        ("$.live>=true", True),
        ("$.live>true", False),
        ("$.gone==null", True),
        ("$.qty==100", True),
        ('$.qty=="100"', False),
        ("$.type<z", True),
        ("$.type<1", False),
        ("$.tags[*]==ok", True),
        ("$.tags[*]==a b", True),
        ('$.tags==["a b","ok"]', True),
        ('$.tags==["ok","a b"]', False),
        ('$.legs[0]=={"side":"buy","px":0.10}', True),
        ("$..px>101", True),
        ("$..px>1000", False),
        ("$.type=~^tr", True),
        ("$.type=~TR", False),
        ("$.type=~(?i)TR", True),
        ('$.type=~"^t.*e$"', True),
        ("$.qty=~^10+$", True),
        ("$.tags=~a", False),
        ("$.live=~.", False),
        ("$.says==x==y", True),
        ("$['says']==x==y", True),
        ("$['a]b']==1", True),
        ("$['']==empty", True),
        ("$.legs[?@.px>1].side==sell", True),
        ("$.legs[?@.px==0.1].side==buy", True),
        ("$.legs[?@.px < 2 && @.side=='buy']", True),
        ("$.legs[?(@.px>2)]", False),
        ("$[?match(@, 'tr.*')]", True),
        ("$.legs[-1].px==2", True),
        ("$==1", False),
    ],
)
def test_a_query_matches_when_any_node_does(query: str, matches: bool) -> None:
    """Each operator, with JSON values and bare strings."""
    assert parse_json_query(query).matches(TRADE) is matches


@pytest.mark.parametrize(
    ("query", "position", "why"),
    [
        ("type==ok", 0, "begins with \\$"),
        ("", 0, "begins with \\$"),
        ("$.type=ok", 6, "write =="),
        ("$.type==", 8, "missing after =="),
        ("$.type>= ", 9, "missing after >="),
        ("$.", 2, "unexpected end"),
        ("$.a[", 4, "bracket"),
        ("$.a[?@.b==ok]", 10, "."),
        ("$ .a b==1", 5, "expected"),
        ("$[01]==1", 2, "leading zero"),
        ("$[99999999999999999999]", 2, "out of range"),
        ("$[?foo(@)]", 3, "not defined"),
        ("$[?length(@.*)>1]", 3, "argument"),
        ("$[?@==1e999]", 0, "too large"),
        ("$.a=~ab(", 7, "regular expression"),
        ('$.a=~"ab("', 5, "regular expression"),
        ("$[?" + "(" * 10_000 + "@.a" + ")" * 10_000 + "]", 0, "too large"),
    ],
)
def test_a_mistake_is_named_with_its_place(query: str, position: int, why: str) -> None:
    """In characters from 0, and in words from 1."""
    with pytest.raises(QueryInvalid, match=why) as caught:
        parse_json_query(query)
    assert caught.value.position == position
    assert f"at character {position + 1} of " in str(caught.value)
    assert isinstance(caught.value, UsageError)


def test_values_and_locations_of_what_matches() -> None:
    """In the order of the RFC, decimals kept through filters."""
    query = parse_json_path("$.legs[?@.px>0].px")
    assert query.values(TRADE) == [Decimal("0.1"), 2]
    assert query.locations(TRADE) == [("legs", 0, "px"), ("legs", 1, "px")]
    assert parse_json_query("$..px>1").locations(TRADE) == [("px",), ("legs", 1, "px")]


def test_a_path_alone_takes_no_comparison() -> None:
    """`--ignore` names places."""
    with pytest.raises(QueryInvalid):
        parse_json_path("$.type==ok")


@pytest.mark.parametrize(
    ("payload", "matches"),
    [
        (b'{"a":1}', True),
        (b'{"a":1,"a":1}', False),
        (b"\xff", False),
        (b"a", False),
        ("[1]", False),
    ],
)
def test_a_payload_that_is_not_json_matches_nothing(payload: Any, matches: bool) -> None:
    """Whatever it is."""
    assert parse_json_query("$.a").matches_payload(payload) is matches


def test_a_regular_expression_without_an_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a peer sends cannot hold everything up."""
    monkeypatch.setattr(pattern, "PATIENCE", 0.05)
    query = parse_json_query("$.a=~(a|aa)+$")
    assert not query.matches({"a": "a" * 5000 + "!"})
    assert query.matches({"a": "aaa"})


def test_the_deepest_json_is_searched() -> None:
    """To its last value."""
    deep = parse_strict_json('{"a":' * MAX_DEPTH + "7" + "}" * MAX_DEPTH)
    assert parse_json_query("$..a==7").matches(deep)
    assert parse_json_query("$..[?@.a==7]").matches(deep)


@pytest.mark.parametrize(
    ("query", "literals"),
    [
        ("$.type==trade", ("type", "trade")),
        ("$['a b'][0].c>1", ("a b", "c")),
        ("$.a!=b", ("a",)),
        ("$.a==1", ("a",)),
        ("$..a==b", ("b",)),
        ("$.*", ()),
    ],
)
def test_what_must_stand_in_a_payload_is_known(query: str, literals: tuple[str, ...]) -> None:
    """So that most need not be parsed."""
    assert parse_json_query(query).literals == literals


KEYS = st.lists(st.sampled_from([".a", "['b']", "[0]", "[1]", "[-1]", "[-2]", ".c"]), max_size=4)
TREES = st.recursive(
    st.integers(0, 3) | st.sampled_from(["x", None, True]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3)
    ),
)


@given(KEYS, st.sampled_from(["", "==1", "!=x", ">0"]), TREES)
def test_a_query_that_names_one_place_is_what_the_library_says(
    keys: list[str], comparison: str, tree: Any
) -> None:
    """Though it goes a shorter way."""
    text = "$" + "".join(keys) + comparison
    query = parse_json_query(text)
    slow = replace(query, _keys=None)
    assert query.locations(tree) == slow.locations(tree)
    assert query.values(tree) == slow.values(tree)


def test_the_library_is_loaded_with_the_first_query() -> None:
    """A command that does not use it does not wait for it."""
    code = (
        "import sys; from wsdebug.payload.json_query import parse_json_query as parse; "
        "before = 'jsonpath_rfc9535' in sys.modules; parse('$.a'); "
        "print(before, 'jsonpath_rfc9535' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30)
    assert done.stdout.split() == ["False", "True"]
