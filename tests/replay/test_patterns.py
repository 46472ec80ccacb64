"""JSON held against values and patterns: what is taken, and where it differs."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsdebug.errors import QueryInvalid
from wsdebug.payload.json_text import json_text
from wsdebug.payload.json_values import parse_strict_json
from wsdebug.replay.patterns import (
    LIMIT,
    Kept,
    check_pattern,
    compare_json,
    compile_template,
    expand_pattern,
    literal,
    merge,
)
from wsdebug.replay.results import ABSENT

UUID = "0d1f5b0e-6f1c-4a5e-9a0e-0c1f5b0e6f1c"
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.decimals(allow_nan=False, allow_infinity=False, places=3)
    | st.text()
    | st.sampled_from(["#", "#string", "#=x", "##", "#regex ("]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def paths(expected: Any, got: Any, **options: Any) -> list[str]:
    """Where they differ."""
    return [difference.path for difference in compare_json(expected, got, **options)]


@pytest.mark.parametrize(
    ("pattern", "taken", "refused"),
    [
        ("#string", ["", "a"], [1, None, ["a"]]),
        ("#number", [0, -1, Decimal("1.5")], [True, "1", None]),
        ("#boolean", [True, False], [0, "true"]),
        ("#null", [None], [0, "", False]),
        ("#array", [[], [1]], [{}, "[]"]),
        ("#object", [{}, {"a": 1}], [[], None]),
        ("#any", [None, 0, {}], []),
        ("#ignore", [None, 0, {}], []),
        ("#uuid", [UUID, UUID.upper()], [UUID[1:], UUID + "0", 1]),
        (
            "#time",
            ["2026-08-03T12:00:00Z", "2026-08-03T12:00:00.123456789+02:00", "2026-08-03 12:00"],
            ["2026-13-03T12:00:00Z", "12:00:00", "2026-08-03", 1754222400],
        ),
        ("#regex ^ord-\\d+$", ["ord-7"], ["ord-", "xord-7", 7]),
        ("#=x", ["#x"], ["#=x", "x"]),
        ("#=#x", ["##x"], ["#x"]),
        ("x", ["x"], ["#x", None]),
    ],
)
def test_a_placeholder_takes_what_it_says(
    pattern: str, taken: list[Any], refused: list[Any]
) -> None:
    """At the root and inside."""
    check_pattern(pattern)
    for value in taken:
        assert paths(pattern, value, is_pattern=True) == []
        assert paths({"a": [pattern]}, {"a": [value]}, is_pattern=True) == []
    for value in refused:
        assert paths({"a": [pattern]}, {"a": [value]}, is_pattern=True) == ["$.a[0]"]


@pytest.mark.parametrize("pattern", ["#strin", "#", "#regex (", "#REGEX a", {"a": ["#x"]}])
def test_a_placeholder_that_is_none_is_said(pattern: Any) -> None:
    """A typing mistake must not be a test that always fails, or never."""
    with pytest.raises(QueryInvalid):
        check_pattern(pattern)


@pytest.mark.parametrize(
    ("expected", "got", "differing"),
    [
        ('{"a":1,"b":2}', '{"b":2,"a":1}', []),
        ("1", "1.0", []),
        ("0.1", "0.10", []),
        ("1", "true", ["$"]),
        ("0.1", "0.1000000000000000055", ["$"]),
        ('{"a":1}', '{"a":1,"b":2}', ["$.b"]),
        ('{"a":1,"b":2}', '{"a":1}', ["$.b"]),
        ("[1,2]", "[2,1]", ["$[0]", "$[1]"]),
        ("[1]", "[1,2]", ["$[1]"]),
        ('{"a":null}', "{}", ["$.a"]),
        ('{"two words":{"é":1}}', '{"two words":{"é":2}}', ["$['two words'].é"]),
    ],
)
def test_values_are_compared_by_structure(expected: str, got: str, differing: list[str]) -> None:
    """Numbers as decimals; true is not 1; members in any order, items in theirs."""
    assert paths(parse_strict_json(expected), parse_strict_json(got)) == differing


def test_a_subset_may_have_more_members_but_not_more_items() -> None:
    """At every depth."""
    pattern = {"a": {"b": 1}, "c": [{"d": 1}]}
    more = {"a": {"b": 1, "x": 0}, "c": [{"d": 1, "x": 0}], "x": 0}
    assert paths(pattern, more, is_subset=True) == []
    assert paths(pattern, more) == ["$.a.x", "$.c[0].x", "$.x"]
    assert paths(pattern, {"a": {"b": 1}, "c": [{"d": 1}, 2]}, is_subset=True) == ["$.c[1]"]


def test_ignore_may_lack_and_any_may_not() -> None:
    """The one says nothing about its member, the other that it is there."""
    assert paths({"a": "#ignore"}, {}, is_pattern=True) == []
    assert paths({"a": "#any"}, {}, is_pattern=True) == ["$.a"]


def test_ignored_places_are_not_looked_at() -> None:
    """On either side."""
    expected, got = {"a": 1, "b": [1, 2]}, {"a": 2, "b": [1, 3], "c": 4}
    assert paths(expected, got, ignored=[("a",), ("b", 1), ("c",)]) == []


def test_a_difference_says_what_was_expected() -> None:
    """The value, or the rule in words."""
    one, other = compare_json({"a": "#number", "b": 1}, {"a": "x"}, is_pattern=True)
    assert (one.rule, one.got) == ("a number", "x")
    assert (other.rule, other.expected, other.got) == ("", 1, ABSENT)


def test_differences_are_bounded() -> None:
    """A large answer that is all wrong is not listed whole."""
    assert len(compare_json([0] * 1000, [1] * 1000)) == LIMIT


@given(values)
def test_a_literal_pattern_takes_its_value(value: Any) -> None:
    """Whatever strings are in it."""
    pattern = literal(value)
    check_pattern(pattern)
    assert compare_json(pattern, value, is_pattern=True) == []
    assert compare_json(value, value) == []
    again = parse_strict_json(json_text(value))
    assert compare_json(value, again) == []


@given(values, values, st.booleans())
def test_a_merged_pattern_takes_what_came(pattern: Any, got: Any, is_subset: bool) -> None:
    """And is itself again where it took it before."""
    written = literal(pattern)
    merged = merge(written, got, Kept({}, is_subset=is_subset))
    assert compare_json(merged, got, is_pattern=True, is_subset=is_subset) == []
    assert merge(merged, got, Kept({}, is_subset=is_subset)) == merged


def test_merging_changes_only_what_differs() -> None:
    """Placeholders, variables and ignored places that take the value stay."""
    pattern = {"id": "#number", "who": "{{who}}", "ok": True, "at": 1, "gone": 1, "n": "#ignore"}
    got = {"id": 7, "who": "ann", "ok": "#no", "at": 2, "new": 1}
    kept = Kept({"who": "ann"}, frozenset([("at",)]))
    assert merge(pattern, got, kept) == {
        "id": "#number",
        "who": "{{who}}",
        "ok": "#=no",
        "at": 1,
        "n": "#ignore",
    }


def test_no_value_makes_an_expression_take_forever() -> None:
    """Though it has as many ways to match as there are numbers of 60 bits."""
    wanted = {"a": "#regex ^(a+)+$"}
    assert compare_json(wanted, {"a": "a" * 60 + "b"}, is_pattern=True)
    assert not compare_json(wanted, {"a": "a" * 60}, is_pattern=True)


def test_variables_in_a_pattern_are_literal() -> None:
    """A value that looks like a placeholder or an expression is none."""
    variables = {"a": "#string", "b": "x.y", "c": [1, "#any"], "d": 5}
    pattern = ["{{a}}", "{{a}}!", "#regex ^{{b}}$", "{{c}}", "{{d}}", "{{e}}", {"{{b}}": 1}]
    assert expand_pattern(pattern, variables) == [
        "#=string",
        "#=string!",
        "#regex ^x\\.y$",
        [1, "#=any"],
        5,
        "{{e}}",
        {"x.y": 1},
    ]
    assert compile_template("^{{b}}$", variables).pattern == "^x\\.y$"
